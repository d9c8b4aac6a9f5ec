import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import { ModelId } from '#shared/contract/ids.ts'
import { convertFromFolders } from '../../engine/bundle/convert-folders.ts'
import { createProgressLine, printJson } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

export function addModelCommands(program: Command): void {
  const models = program.command('models').description('Installed models')

  models
    .command('list')
    .option('--json', 'print the result as JSON')
    .action((options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const list = await api.model.list()
        if (options.json) return printJson({ models: list })
        for (const model of list)
          process.stdout.write(`${model.id}\t${model.name} ${model.version}\t${model.kind}\t${(model.bytes / 1e6).toFixed(1)} MB${model.problem ? `\t${model.problem}` : ''}\n`)
        return undefined
      }),
    )

  models
    .command('verify <model>')
    .description('Compare every file with its checksum; a name of an installed model, or a folder')
    .option('--json', 'print the result as JSON')
    .action((model: string, options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const known = (await api.model.list()).some(({ id }) => id === model)
        const id = known ? ModelId.parse(model) : (await api.model.add({ dir: resolve(model) })).id
        const result = await api.model.verify({ modelId: id })
        if (options.json) printJson(result)
        else for (const { file, problem } of result.files) process.stdout.write(`${file}\t${problem ?? 'sound'}\n`)
        const bad = result.files.find(file => !file.isSound)
        if (bad) throw new AppError('corrupt-file', `${bad.file} ${bad.problem}. Copy the model again from its source, or convert it again.`)
      }),
    )

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
    .description('Make a bundle from Hugging Face folders (CLIP, VideoMAE, T5) and a SpaMo checkpoint, given in any order')
    .requiredOption('--out <dir>', 'folder of the new bundle')
    .addOption(new Option('--precision <precision>').choices(['fp32', 'fp16', 'int8']).default('fp16'))
    .option('--card <file>', 'JSON with name, licences, domain, warning … of the model')
    .option('--json', 'print the result as JSON')
    .action(convert)
}

interface ConvertOptions extends CommonOptions {
  out: string
  precision: 'fp32' | 'fp16' | 'int8'
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
    onProgress: (done, total, part) => line.show(`${part}: ${(done / 1e6).toFixed(1)}/${(total / 1e6).toFixed(1)} MB`),
  })
  if (options.json) return printJson(manifest)
  process.stdout.write(`${resolve(options.out)}: ${manifest.name} ${manifest.version}, ${manifest.parameters} parameters, ${options.precision}\n`)
  return undefined
}
