import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import { convertFromFolders } from '../../engine/bundle/convert-folders.ts'
import { counted, createProgressLine, printJson, printTable } from './output.ts'
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
      new Option('--precision <precision>').choices(['fp32', 'fp16', 'int8', 'int4']).default('fp16'),
    )
    .option('--card <file>', 'JSON with name, licences, domain, warning … of the model')
    .option('--json', 'print the result as JSON')
    .action(convert)
}

async function verify(model: string, options: CommonOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const known = (await api.model.list()).find(({ id, dir }) => id === model || dir === resolve(model))
    const id = known?.id ?? (await api.model.add({ dir: resolve(model) })).id
    try {
      const { files } = await api.model.verify({ modelId: id })
      const bad = files.find(file => !file.isSound)
      if (bad) throw unsound(known?.dir ?? resolve(model), files)
      if (options.json) return printJson({ isSound: true, files })
      printTable(files.map(({ file }) => [file, 'sound']))
      return undefined
    } finally {
      if (!known) await api.model.remove({ modelId: id })
    }
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
  precision: 'fp32' | 'fp16' | 'int8' | 'int4'
  card?: string
}

async function convert(sources: string[], options: ConvertOptions): Promise<void> {
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort())
  const line = createProgressLine(options.quiet === true)
  const manifest = await convertFromFolders({
    sources: sources.map(source => resolve(source)),
    outDir: resolve(options.out),
    precision: options.precision,
    cardFile: options.card ? resolve(options.card) : undefined,
    signal: abort.signal,
    onProgress: (done, total, part) =>
      line.show(`${part}: ${(done / 1e6).toFixed(1)}/${(total / 1e6).toFixed(1)} MB`),
  })
  line.end(`${counted(manifest.files.length, 'file')} written`)
  if (options.json) return printJson(manifest)
  process.stdout.write(
    `${resolve(options.out)}: ${manifest.name} ${manifest.version}, ${manifest.parameters} parameters, ${options.precision}\n`,
  )
  return undefined
}
