import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import { type Precision, PRECISIONS, type SourcePart } from '#shared/contract/model.ts'
import { languageStorage, towerFacts } from '../../engine/bundle/manifest.ts'
import { clock, counted, createProgressLine, oneLine, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

export function addModelCommands(program: Command): void {
  const models = program.command('models').description('Installed models')

  models
    .command('list')
    .description('The models of this machine')
    .option('--json', 'print the result as JSON')
    .action((options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const list = await api.model.list()
        if (options.json) return printJson({ models: list })
        printTable(
          list.map(({ id, name, version, kind, bytes, problem }) => [
            id,
            `${name} ${version}`,
            kind,
            `${(bytes / 1e6).toFixed(1)} MB`,
            problem ?? '',
          ]),
        )
        return undefined
      }),
    )

  models
    .command('verify <model>')
    .description('Compare every file with its checksum; a name of an installed model, or a folder')
    .option('--json', 'print the result as JSON')
    .action(verify)

  models
    .command('add <dir>')
    .description('Use a model where it lies')
    .option('--json', 'print the result as JSON')
    .action((dir: string, options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const model = await api.model.add({ dir: resolve(dir) })
        if (options.json) return printJson(model)
        process.stdout.write(`${model.id}: ${model.name} ${model.version}\n`)
        return undefined
      }),
    )

  models
    .command('convert <sources...>')
    .description(
      'Make a bundle from Hugging Face folders (CLIP, VideoMAE, T5) and a SpaMo checkpoint, given in any order',
    )
    .requiredOption('--out <dir>', 'folder of the new bundle')
    .addOption(
      new Option('--precision <precision>', 'auto: the fastest that is exact enough')
        .choices(PRECISIONS)
        .default('auto'),
    )
    .option('--card <file>', 'JSON with name, licences, domain, warning … of the model')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .action(convert)
}

async function verify(model: string, options: CommonOptions): Promise<void> {
  await withCore(options, async ({ api, core }) => {
    const known = (await api.model.list()).find(({ id, dir }) => id === model || dir === resolve(model))
    const dir = known?.dir ?? resolve(model)
    const { isSound, files } = await core.verifyModel(dir)
    if (!isSound) throw unsound(dir, files)
    if (options.json) return printJson({ isSound, files })
    printTable(files.map(({ file }) => [file, 'sound']))
    return undefined
  })
}

function unsound(
  dir: string,
  files: readonly { file: string; isSound: boolean; problem: string | null }[],
): AppError {
  const bad = files.filter(file => !file.isSound)
  const what = bad.map(({ file, problem }) => `${file} ${problem}`).join('; ')
  return new AppError('corrupt-file', `${what}. Copy the model again from its source, or convert it again.`, {
    details: { file: join(dir, bad[0]?.file ?? '') },
  })
}

interface ConvertOptions extends CommonOptions {
  out: string
  precision: Precision
  card?: string
}

async function convert(sources: string[], options: ConvertOptions): Promise<void> {
  await withCore(options, async ({ core, interruptible }) => {
    const paths = sources.map(source => resolve(source))
    const outDir = resolve(options.out)
    const { parts, licences, problem } = core.inspectSources({ sources: paths, outDir })
    if (problem === null) tellLicences(parts)
    const line = createProgressLine(options.quiet === true)
    const { manifest, peakMemoryBytes } = await interruptible(signal =>
      core.convert(
        {
          sources: paths,
          outDir,
          precision: options.precision,
          acknowledgedLicences: licences,
          ...(options.card ? { cardFile: resolve(options.card) } : {}),
        },
        { signal, onProgress: byteProgress(line) },
      ),
    )
    line.end(
      `${counted(manifest.files.length, 'file')} written, at most ${(peakMemoryBytes / 1e6).toFixed(0)} MB of memory in use`,
    )
    if (options.json) return printJson(manifest)
    const { name, version, parameters } = manifest
    const towers = Object.entries(towerFacts(manifest)).map(
      ([tower, { storage, storageCosine }]) =>
        `${tower} ${storage} (cosine to 32 bits ${storageCosine?.toFixed(6)})`,
    )
    const language = languageStorage(manifest)
    const stored = [...towers, ...(language === null ? [] : [`language model ${language}`])]
    process.stdout.write(`${outDir}: ${name} ${version}, ${parameters} parameters\n${stored.join(', ')}\n`)
    return undefined
  })
}

/** Before anything runs: whoever converts has to keep to them. */
function tellLicences(parts: readonly SourcePart[]): void {
  process.stderr.write('Converting means that you keep to the licences of the parts:\n')
  for (const { name, licence, source } of parts.filter(({ path }) => path !== null))
    process.stderr.write(`${oneLine(`  ${name}: ${licence} (${source})`)}\n`)
}

/** Bytes, rate and time left on one line. */
function byteProgress(line: ReturnType<typeof createProgressLine>) {
  const start = Date.now()
  let first: number | undefined
  return ({ done, total }: { done: number; total: number }) => {
    first ??= done
    const rate = (done - first) / Math.max(1, Date.now() - start)
    const left = rate > 0 ? ` · ${clock((total - done) / rate / 1000)} left` : ''
    const share = Math.floor((100 * done) / Math.max(1, total))
    line.show(
      `Converting: ${(done / 1e6).toFixed(0)}/${(total / 1e6).toFixed(0)} MB (${share} %) · ${(rate / 1e3).toFixed(1)} MB/s${left}`,
    )
  }
}
