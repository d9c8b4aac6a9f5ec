import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { ModelId } from '#shared/contract/ids.ts'
import { DECODINGS, EXAMPLE_SOURCES, type Job } from '#shared/contract/job.ts'
import { corpusCommand, realNumber, wholeNumber } from './options.ts'
import { counted, printJson, printTable } from './output.ts'
import { type Api, clipProblems, type CommonOptions, withCore } from './session.ts'
import { writeSpamoFiles } from './spamo-export.ts'

const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const
const MAX_BEAMS = 20
const MAX_SEED = 2 ** 31 - 1

export function addWorkCommands(program: Command): void {
  corpusCommand(program, 'extract', 'Compute the visual features that a model needs')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--model <model>', 'installed model', 'demo')
    .addOption(new Option('--device <device>').choices(DEVICES).default('auto'))
    .addOption(
      new Option('--fallback <device>', 'what may go on where the device fails; default: nothing').choices([
        'cpu',
      ]),
    )
    .option('--out <dir>', 'also copy them there with their annotation files, named as SpaMo names them')
    .action(extract)

  corpusCommand(program, 'translate', 'Translate clips into text, as a new run')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--model <model>', 'installed model', 'demo')
    .option('--beam <n>', 'beam width; default: what the model was published with', wholeNumber(1, MAX_BEAMS))
    .addOption(
      new Option('--decoding <kind>', 'sample draws as the release of SpaMo does')
        .choices(DECODINGS)
        .default('beam'),
    )
    .option('--seed <n>', 'of sampling and of the choice of examples', wholeNumber(0, MAX_SEED), 1)
    .option('--temperature <t>', 'of sampling', realNumber(0.05, 5), 1)
    .option('--top-k <n>', 'of sampling; 0 = all of the vocabulary', wholeNumber(0, 1000), 50)
    .option('--top-p <p>', 'of sampling', realNumber(0.01, 1), 0.9)
    .option('--length-penalty <p>', 'above 1 favours long sentences', realNumber(-5, 5), 1)
    .option('--n-best <n>', 'sentences kept for each clip', wholeNumber(1, MAX_BEAMS), 1)
    .addOption(
      new Option('--examples <source>', 'example sentences in the prompt; as-released leaks references')
        .choices(EXAMPLE_SOURCES)
        .default('none'),
    )
    .option('--name <run>', 'name of the run')
    .addOption(new Option('--device <device>').choices(DEVICES).default('auto'))
    .addOption(
      new Option('--fallback <device>', 'what may go on where the device fails; default: nothing').choices([
        'cpu',
      ]),
    )
    .action(translate)

  program
    .command('jobs')
    .description('List the downloads and conversions of this computer, and the jobs of a corpus')
    .option('--corpus <dir>', 'the corpus folder')
    .option('--json', 'print the result as JSON')
    .action((options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const jobs = await api.job.list()
        if (options.json) return printJson({ jobs })
        if (jobs.length === 0) process.stderr.write('There are no jobs.\n')
        printTable(jobs.map(job => [String(job.id), job.scope, job.state, job.title, job.problem ?? '']))
        return undefined
      }),
    )
}

/** The clips that an option means: all, a split, or names. */
export async function selectionOf(api: Api, text: string): Promise<ClipSelection> {
  if (text === 'all') return { kind: 'all' }
  const splits = (await api.corpus.current())?.splits ?? []
  if (splits.some(({ split }) => split === text)) return { kind: 'split', split: text }
  return { kind: 'names', names: text.split(',').map(name => name.trim()) }
}

interface ExtractOptions extends CommonOptions {
  clips: string
  model: string
  device: (typeof DEVICES)[number]
  fallback?: 'cpu'
  out?: string
}

async function extract(options: ExtractOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const selection = await selectionOf(api, options.clips)
    const job = await follow(
      await api.job.extract({
        selection,
        modelId: ModelId.parse(options.model),
        device: options.device,
        ...(options.out ? { outDir: resolve(options.out) } : {}),
      }),
      { fallback: options.fallback },
    )
    const upstream = options.out ? await writeSpamoFiles(api, options.out, selection) : null
    await finishWork(api, job, options, {
      done: job.itemsDone,
      failed: job.itemsFailed,
      device: job.device,
      ...(upstream ? { files: upstream.files } : {}),
    })
    if (!options.json) process.stdout.write(`The features of ${counted(job.itemsDone, 'clip')} are ready.\n`)
  })
}

/** Warnings and failed clips are told in words, whatever the output format. */
export async function finishWork(
  api: Api,
  job: Job,
  options: CommonOptions,
  result: Record<string, unknown>,
): Promise<void> {
  if (job.warning) process.stderr.write(`Warning: ${job.warning}\n`)
  for (const line of await clipProblems(api, job)) process.stderr.write(`${line}\n`)
  if (job.itemsFailed > 0)
    process.stderr.write(`${counted(job.itemsFailed, 'clip')} failed; the others are done.\n`)
  if (options.json) printJson(job.warning ? { ...result, warning: job.warning } : result)
}

interface TranslateOptions extends ExtractOptions {
  beam?: number
  decoding: (typeof DECODINGS)[number]
  seed: number
  temperature: number
  topK: number
  topP: number
  lengthPenalty: number
  nBest: number
  examples: (typeof EXAMPLE_SOURCES)[number]
  name?: string
}

async function translate(options: TranslateOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const selection = await selectionOf(api, options.clips)
    const job = await follow(
      await api.job.translate({
        selection,
        modelId: ModelId.parse(options.model),
        ...(options.beam !== undefined && { beams: options.beam }),
        decoding: options.decoding,
        seed: options.seed,
        temperature: options.temperature,
        topK: options.topK,
        topP: options.topP,
        lengthPenalty: options.lengthPenalty,
        nBest: options.nBest,
        examples: options.examples,
        device: options.device,
        ...(options.name ? { name: options.name } : {}),
      }),
      { fallback: options.fallback },
    )
    const { run, hypotheses } = await outputsOf(api, job)
    await finishWork(api, job, options, { run, hypotheses })
    if (!options.json) printTable(hypotheses.map(({ clip, text }) => [clip, text]))
  })
}

/** The best outputs of the run that a job has made, by clip. */
export async function outputsOf(api: Api, { runId }: Job) {
  const run = (await api.run.list()).find(({ id }) => id === runId)
  const hypotheses = run ? await api.run.outputs({ runId: run.id }) : []
  return { run: run?.name, hypotheses }
}
