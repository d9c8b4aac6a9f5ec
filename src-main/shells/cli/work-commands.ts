import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import { ClipId, ModelId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { type Run, TOKENIZERS } from '#shared/contract/run.ts'
import { IMPORT_FORMATS } from '#shared/contract/transfer.ts'
import { printJson } from './output.ts'
import { type Api, type CommonOptions, requireCorpus, withCore } from './session.ts'

const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const

export function addWorkCommands(program: Command): void {
  corpusCommand(program, 'import <source>', 'Read videos and their references into the corpus')
    .addOption(new Option('--format <format>').choices(IMPORT_FORMATS).default('auto'))
    .option('--split <split>', 'put all clips into this split')
    .option('--table <file>', 'the table of references')
    .option('--columns <roles>', 'meaning of each column, comma separated: id,file,text,gloss,signer,split,start,end,ignore')
    .option('--language <code>', 'language of the references, e.g. de')
    .option('--encoding <name>', 'encoding of the table, if it is not UTF-8')
    .option('--licence <text>', 'licence of the media')
    .option('--preview', 'only say what would be read and what is wrong')
    .action(importSource)

  corpusCommand(program, 'extract', 'Compute the visual features that a model needs')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--model <model>', 'installed model', 'demo')
    .addOption(new Option('--device <device>').choices(DEVICES).default('auto'))
    .action(extract)

  corpusCommand(program, 'translate', 'Translate clips into text, as a new run')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--model <model>', 'installed model', 'demo')
    .option('--beam <n>', 'beam width', Number, 5)
    .option('--name <run>', 'name of the run')
    .addOption(new Option('--device <device>').choices(DEVICES).default('auto'))
    .action(translate)

  corpusCommand(program, 'evaluate', 'Score a run against the references as they are now')
    .requiredOption('--run <run>', 'name or number of the run')
    .option('--against <run>', 'a second run, scored on the same clips')
    .option('--split <split>', 'only clips of this split')
    .addOption(new Option('--tokenize <name>').choices(TOKENIZERS).default('auto'))
    .option('--metrics <list>', 'e.g. bleu,chrf,ter,rouge')
    .action(evaluate)

  corpusCommand(program, 'export', 'Write the evaluated dataset')
    .requiredOption('--out <dir>', 'folder to write')
    .option('--format <list>', 'jsonl,csv', 'jsonl,csv')
    .option('--split <split>', 'only clips of this split')
    .option('--run <list>', 'only these runs')
    .action(exportDataset)

  corpusCommand(program, 'jobs', 'List the jobs of the corpus').action((options: CommonOptions) =>
    withCore(options, async ({ api }) => {
      const jobs = await api.job.list()
      if (options.json) return printJson({ jobs })
      for (const job of jobs) process.stdout.write(`${job.id}\t${job.state}\t${job.title}\t${job.problem ?? ''}\n`)
    }),
  )
}

function corpusCommand(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .requiredOption('--corpus <dir>', 'the corpus folder')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
}

interface ImportOptions extends CommonOptions {
  format: (typeof IMPORT_FORMATS)[number]
  split?: string
  table?: string
  columns?: string
  language?: string
  encoding?: string
  licence?: string
  preview?: boolean
}

async function importSource(source: string, options: ImportOptions): Promise<void> {
  requireCorpus(options)
  await withCore(options, async ({ api, follow }) => {
    const request = {
      source: resolve(source),
      format: options.format,
      licence: options.licence ?? '',
      ...(options.split ? { split: options.split } : {}),
      ...(options.table ? { table: resolve(options.table) } : {}),
      ...(options.language ? { language: options.language } : {}),
      ...(options.columns ? { columns: options.columns.split(',') as never } : {}),
      ...(options.encoding ? { encoding: options.encoding as never } : {}),
    }
    const preview = await api.importing.preview(request)
    for (const issue of preview.issues)
      process.stderr.write(`${issue.severity}: ${issue.file}${issue.line === null ? '' : `:${issue.line}`}: ${issue.message}\n`)
    if (options.preview) return printJson(preview)
    const job = await follow(await api.importing.start(request))
    const summary = await api.corpus.current()
    if (options.json) return printJson({ counts: preview.counts, clips: summary?.clips, issues: preview.issues, warning: job.warning })
    process.stdout.write(`${preview.format}: ${preview.counts.new} new, ${preview.counts.changed} changed, ${preview.counts.known} known, ${preview.counts.broken} broken. The corpus holds ${summary?.clips} clips.\n`)
  })
}

/** `all`, a split of the corpus, or clip names. */
async function selectionOf(api: Api, text: string): Promise<ClipSelection> {
  if (text === 'all') return { kind: 'all' }
  const splits = (await api.corpus.current())?.splits ?? []
  if (splits.some(({ split }) => split === text)) return { kind: 'split', split: text }
  return { kind: 'names', names: text.split(',').map(name => name.trim()) }
}

interface ExtractOptions extends CommonOptions {
  clips: string
  model: string
  device: (typeof DEVICES)[number]
}

async function extract(options: ExtractOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const selection = await selectionOf(api, options.clips)
    const job = await follow(await api.job.extract({ selection, modelId: ModelId.parse(options.model), device: options.device }))
    finishWork(job, options, { done: job.itemsDone, failed: job.itemsFailed, device: job.device })
    if (!options.json) process.stdout.write(`Features of ${job.itemsDone} clips are ready.\n`)
  })
}

/** Warnings and failed clips are told in words, whatever the output format. */
function finishWork(job: Job, options: CommonOptions, result: Record<string, unknown>): void {
  if (job.warning) process.stderr.write(`Warning: ${job.warning}\n`)
  if (job.itemsFailed > 0) process.stderr.write(`${job.itemsFailed} clips failed; "signwright jobs" and the Jobs screen name the reasons.\n`)
  if (options.json) printJson(job.warning ? { ...result, warning: job.warning } : result)
}

interface TranslateOptions extends ExtractOptions {
  beam: number
  name?: string
}

async function translate(options: TranslateOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const selection = await selectionOf(api, options.clips)
    const job = await follow(
      await api.job.translate({
        selection,
        modelId: ModelId.parse(options.model),
        beams: options.beam,
        device: options.device,
        ...(options.name ? { name: options.name } : {}),
      }),
    )
    const run = (await api.run.list()).find(({ id }) => id === job.runId)
    const hypotheses = []
    for (const id of await api.clip.ids({ sort: 'name' })) {
      const detail = await api.clip.get({ clipId: ClipId.parse(id) })
      const best = detail.hypotheses.find(hypothesis => hypothesis.runId === job.runId && hypothesis.rank === 0)
      if (best) hypotheses.push({ clip: detail.name, text: best.text, score: best.score })
    }
    finishWork(job, options, { run: run?.name, hypotheses })
    if (!options.json) for (const { clip, text } of hypotheses) process.stdout.write(`${clip}\t${text}\n`)
  })
}

interface EvaluateOptions extends CommonOptions {
  run: string
  against?: string
  split?: string
  tokenize: (typeof TOKENIZERS)[number]
  metrics?: string
}

async function findRun(api: Api, text: string): Promise<Run> {
  const runs = await api.run.list()
  const run = runs.find(({ name }) => name === text) ?? runs.find(({ id }) => String(id) === text)
  if (run) return run
  throw new AppError('not-found', `There is no run "${text}". Known runs: ${runs.map(({ name }) => name).join(', ') || 'none yet'}`)
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const run = await findRun(api, options.run)
    const scope = { split: options.split ?? null, tokenize: options.tokenize }
    if (options.against) {
      const other = await findRun(api, options.against)
      const { runs, leftOut } = await api.run.compare({ runIds: [run.id, other.id], ...scope })
      if (options.json) return printJson({ runs, leftOut })
      for (const scores of runs) printScores(scores.run, scores.scores)
      return undefined
    }
    const scored = await api.run.score({ runId: run.id, ...scope, ...(options.metrics ? { metrics: options.metrics.split(',') } : {}) })
    if (run.warning) process.stderr.write(`Warning: ${run.warning}\n`)
    if (options.json) return printJson({ run: scored.run, clips: scored.clips, scores: scored.scores, ...(run.warning ? { warning: run.warning } : {}) })
    printScores(`${scored.run} (${scored.clips} clips)`, scored.scores)
    return undefined
  })
}

function printScores(title: string, scores: readonly { metric: string; score: number; signature: string }[]): void {
  process.stdout.write(`${title}\n`)
  for (const { metric, score, signature } of scores) process.stdout.write(`  ${metric.padEnd(8)} ${score.toFixed(2).padStart(6)}  ${signature}\n`)
}

interface ExportOptions extends CommonOptions {
  out: string
  format: string
  split?: string
  run?: string
}

async function exportDataset(options: ExportOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const runIds = options.run ? await Promise.all(options.run.split(',').map(async name => (await findRun(api, name)).id)) : undefined
    const request = {
      outDir: resolve(options.out),
      formats: options.format.split(',') as ('jsonl' | 'csv')[],
      split: options.split ?? null,
      ...(runIds ? { runIds } : {}),
    }
    const preview = await api.exporting.preview(request)
    for (const issue of preview.issues) process.stderr.write(`${issue.severity}: ${issue.message}\n`)
    const job = await follow(await api.exporting.start(request))
    if (options.json) return printJson({ out: job.output, clips: preview.clips, runs: preview.runs, files: preview.files })
    process.stdout.write(`${job.output}: ${preview.clips} clips, ${preview.runs.length} runs, ${preview.files.length} files.\n`)
    return undefined
  })
}
