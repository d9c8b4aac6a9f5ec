import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import { ClipId, ModelId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { type Run, TOKENIZERS } from '#shared/contract/run.ts'
import { COLUMN_ROLES, type ColumnRole, IMPORT_FORMATS, type ImportPreview } from '#shared/contract/transfer.ts'
import { counted, oneLine, printJson, printTable } from './output.ts'
import { type Api, clipProblems, type CommonOptions, withCore } from './session.ts'

const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const
const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'gb18030'] as const
const EXPORT_FORMATS = ['jsonl', 'csv'] as const
const MAX_BEAMS = 20

export function addWorkCommands(program: Command): void {
  corpusCommand(program, 'import <source>', 'Read videos and their references into the corpus')
    .addOption(new Option('--format <format>').choices(IMPORT_FORMATS).default('auto'))
    .option('--split <split>', 'put all clips into this split')
    .option('--table <file>', 'the table of references')
    .option('--columns <roles>', `meaning of each column, comma separated: ${COLUMN_ROLES.join(',')}`, listOf(COLUMN_ROLES))
    .option('--language <code>', 'language of the references, e.g. de')
    .addOption(new Option('--encoding <name>', 'encoding of the table, if it is not UTF-8').choices(ENCODINGS))
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
    .option('--beam <n>', 'beam width', beamOf, 5)
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
    .option('--format <list>', EXPORT_FORMATS.join(','), listOf(EXPORT_FORMATS), [...EXPORT_FORMATS])
    .option('--split <split>', 'only clips of this split')
    .option('--run <list>', 'only these runs')
    .option('--without-flagged', 'leave flagged clips out')
    .action(exportDataset)

  corpusCommand(program, 'jobs', 'List the jobs of the corpus').action((options: CommonOptions) =>
    withCore(options, async ({ api }) => {
      const jobs = await api.job.list()
      if (options.json) return printJson({ jobs })
      printTable(jobs.map(job => [String(job.id), job.state, job.title, job.problem ?? '']))
      return undefined
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

function listOf<Name extends string>(known: readonly Name[]): (text: string) => Name[] {
  return text =>
    text.split(',').map(part => {
      const name = known.find(candidate => candidate === part.trim())
      if (name) return name
      throw new InvalidArgumentError(`There is no "${part.trim()}". Known: ${known.join(', ')}.`)
    })
}

function beamOf(text: string): number {
  const beams = Number(text)
  if (Number.isInteger(beams) && beams >= 1 && beams <= MAX_BEAMS) return beams
  throw new InvalidArgumentError(`A beam is a whole number from 1 to ${MAX_BEAMS}.`)
}

interface ImportOptions extends CommonOptions {
  format: (typeof IMPORT_FORMATS)[number]
  split?: string
  table?: string
  columns?: ColumnRole[]
  language?: string
  encoding?: (typeof ENCODINGS)[number]
  licence?: string
  preview?: boolean
}

async function importSource(source: string, options: ImportOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const request = {
      source: resolve(source),
      format: options.format,
      licence: options.licence ?? '',
      ...(options.split ? { split: options.split } : {}),
      ...(options.table ? { table: resolve(options.table) } : {}),
      ...(options.language ? { language: options.language } : {}),
      ...(options.columns ? { columns: options.columns } : {}),
      ...(options.encoding ? { encoding: options.encoding } : {}),
    }
    const preview = await api.importing.preview(request)
    for (const issue of preview.issues) tellIssue(issue)
    if (options.preview) return printPreview(preview, options)
    const before = await clipsOf(api)
    const job = await follow(await api.importing.start(request))
    for (const line of await furtherProblems(api, job, preview)) process.stderr.write(`${oneLine(line)}\n`)
    const clips = await clipsOf(api)
    // What looked whole may turn out broken once it is read.
    const counts = { ...preview.counts, new: clips - before, broken: preview.counts.broken + preview.counts.new - (clips - before) }
    if (options.json) return printJson({ counts, clips, issues: preview.issues, warning: job.warning })
    process.stdout.write(`${preview.format}: ${countsOf(counts)}. The corpus holds ${counted(clips, 'clip')}.\n`)
    return undefined
  })
}

function tellIssue({ severity, file, line, message }: ImportPreview['issues'][number]): void {
  const place = file === '' ? '' : `${file}${line === null ? '' : `:${line}`}: `
  process.stderr.write(`${oneLine(`${severity}: ${place}${message}`)}\n`)
}

function printPreview(preview: ImportPreview, options: CommonOptions): void {
  if (options.json) return printJson(preview)
  process.stdout.write(`${preview.format}: ${countsOf(preview.counts)}. Nothing was imported.\n`)
  printTable(preview.clips.map(({ name, status, split, text, file }) => [name, status, split, text, file]))
}

function countsOf(counts: ImportPreview['counts']): string {
  return `${counts.new} new, ${counts.changed} changed, ${counts.known} known, ${counts.broken} broken`
}

async function clipsOf(api: Api): Promise<number> {
  return (await api.corpus.current())?.clips ?? 0
}

/** What the import found that its preview had not looked into. */
async function furtherProblems(api: Api, job: Job, { issues }: ImportPreview): Promise<string[]> {
  const log = await api.job.log({ jobId: job.id })
  const isTold = (text: string) => issues.some(({ message }) => text.endsWith(message))
  return log
    .toReversed()
    .filter(({ level, message }) => level !== 'info' && !isTold(message))
    .map(({ level, message }) => `${level}: ${message}`)
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
    await finishWork(api, job, options, { done: job.itemsDone, failed: job.itemsFailed, device: job.device })
    if (!options.json) process.stdout.write(`The features of ${counted(job.itemsDone, 'clip')} are ready.\n`)
  })
}

/** Warnings and failed clips are told in words, whatever the output format. */
async function finishWork(api: Api, job: Job, options: CommonOptions, result: Record<string, unknown>): Promise<void> {
  if (job.warning) process.stderr.write(`Warning: ${job.warning}\n`)
  for (const line of await clipProblems(api, job)) process.stderr.write(`${line}\n`)
  if (job.itemsFailed > 0) process.stderr.write(`${counted(job.itemsFailed, 'clip')} failed; the others are done.\n`)
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
    await finishWork(api, job, options, { run: run?.name, hypotheses })
    if (!options.json) printTable(hypotheses.map(({ clip, text }) => [clip, text]))
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
    await assertSplit(api, options.split)
    const scope = { split: options.split ?? null, tokenize: options.tokenize }
    if (options.against) {
      const other = await findRun(api, options.against)
      const { runs, leftOut } = await api.run.compare({ runIds: [run.id, other.id], ...scope })
      if (options.json) return printJson({ runs, leftOut })
      for (const scores of runs) printScores(scores.run, scores.scores)
      return undefined
    }
    const scored = await api.run.score({ runId: run.id, ...scope, ...(options.metrics ? { metrics: options.metrics.split(',').map(name => name.trim()) } : {}) })
    if (scored.clips === 0) throw nothingToScore(run, options)
    if (run.warning) process.stderr.write(`Warning: ${run.warning}\n`)
    if (options.json) return printJson({ run: scored.run, clips: scored.clips, scores: scored.scores, ...(run.warning ? { warning: run.warning } : {}) })
    printScores(`${scored.run} (${scored.clips} clips)`, scored.scores)
    return undefined
  })
}

function nothingToScore(run: Run, { split }: EvaluateOptions): AppError {
  const where = split ? ` in the split "${split}"` : ''
  return new AppError('invalid-input', `The run "${run.name}" has no translated clip with a reference${where}: there is nothing to score.`)
}

async function assertSplit(api: Api, split: string | undefined): Promise<void> {
  const splits = ((await api.corpus.current())?.splits ?? []).map(known => known.split)
  if (split === undefined || splits.includes(split)) return
  throw new AppError('not-found', `There is no split "${split}". Known splits: ${splits.filter(Boolean).join(', ') || 'none'}`)
}

function printScores(title: string, scores: readonly { metric: string; score: number; signature: string }[]): void {
  process.stdout.write(`${title}\n`)
  for (const { metric, score, signature } of scores) process.stdout.write(`  ${metric.padEnd(8)} ${score.toFixed(2).padStart(6)}  ${signature}\n`)
}

interface ExportOptions extends CommonOptions {
  out: string
  format: (typeof EXPORT_FORMATS)[number][]
  split?: string
  run?: string
  withoutFlagged?: boolean
}

async function exportDataset(options: ExportOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    await assertSplit(api, options.split)
    const runIds = options.run ? await Promise.all(options.run.split(',').map(async name => (await findRun(api, name)).id)) : undefined
    const request = {
      outDir: resolve(options.out),
      formats: options.format,
      split: options.split ?? null,
      withFlagged: options.withoutFlagged !== true,
      ...(runIds ? { runIds } : {}),
    }
    const preview = await api.exporting.preview(request)
    for (const issue of preview.issues) tellIssue(issue)
    const job = await follow(await api.exporting.start(request))
    if (options.json) return printJson({ out: job.output, clips: preview.clips, runs: preview.runs, files: preview.files })
    process.stdout.write(`${job.output}: ${counted(preview.clips, 'clip')}, ${counted(preview.runs.length, 'run')}, ${counted(preview.files.length, 'file')}.\n`)
    return undefined
  })
}
