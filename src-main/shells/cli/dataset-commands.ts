import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import { RECIPE_IDS, type RecipeId } from '#shared/contract/evaluation.ts'
import { type Purpose, PURPOSES } from '#shared/contract/rights.ts'
import { type Run, TOKENIZERS } from '#shared/contract/run.ts'
import { GLOSS_CLEANUPS, type GlossCleanup } from '#shared/domain/gloss-cleanup.ts'
import { assertGlossTier, assertSplit, findRun } from './find-run.ts'
import { corpusCommand, listOf } from './options.ts'
import { counted, printJson, printTable, tellIssues } from './output.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'
import { writeSpamoFiles } from './spamo-export.ts'

const DATASET_FORMATS = ['jsonl', 'csv', 'parquet'] as const
const EXPORT_FORMATS = [...DATASET_FORMATS, 'spamo'] as const
type ExportFormat = (typeof EXPORT_FORMATS)[number]
const ANNOTATIONS = ['eaf', 'srt', 'vtt'] as const
const TASKS = ['wmt', 'pearmut', 'appraise'] as const

export function addDatasetCommands(program: Command): void {
  corpusCommand(program, 'evaluate', 'Score a run against the references as they are now')
    .requiredOption('--run <run>', 'name or number of the run')
    .option('--against <run>', 'a second run, scored on the same clips')
    .option('--split <split>', 'only clips of this split')
    .addOption(new Option('--tokenize <name>').choices(TOKENIZERS).default('auto'))
    .option('--metrics <list>', 'e.g. bleu,chrf,ter,rouge; of a run that writes glosses wer, wer-sclite')
    .option(
      '--gloss-tier <name>',
      'runs that write glosses: the tier to compare with, else the clips’ own glosses',
    )
    .addOption(
      new Option(
        '--gloss-cleanup <name>',
        'runs that write glosses: what published code does to both sides before WER',
      )
        .choices(GLOSS_CLEANUPS)
        .default('none'),
    )
    .addOption(
      new Option(
        '--recipe <name>',
        'a published way of scoring, in place of --tokenize and --metrics',
      ).choices(RECIPE_IDS),
    )
    .action(evaluate)

  corpusCommand(program, 'export', 'Write the evaluated dataset, or the annotation files of SpaMo')
    .requiredOption('--out <dir>', 'folder to write')
    .addOption(
      new Option('--format <list>', EXPORT_FORMATS.join(','))
        .argParser(listOf(EXPORT_FORMATS))
        .default([...DATASET_FORMATS], DATASET_FORMATS.join(',')),
    )
    .addOption(
      new Option('--annotations <list>', `${ANNOTATIONS.join(',')}: files for annotation programs`)
        .argParser(listOf(ANNOTATIONS))
        .default([], 'none'),
    )
    .addOption(
      new Option('--tasks <list>', `${TASKS.join(',')}: outputs for shared tasks and rating tools`)
        .argParser(listOf(TASKS))
        .default([], 'none'),
    )
    .option('--with-video', 'the clips as videos too (VideoFolder)')
    .option('--split <split>', 'only clips of this split')
    .option('--run <list>', 'only these runs')
    .option('--baseline <run>', 'the run that the others are tested against; the first one unless stated')
    .option('--without-flagged', 'leave flagged clips out')
    .addOption(
      new Option('--for <purpose>', 'what the release is for; consents and licences have to cover it')
        .choices(PURPOSES)
        .default('research'),
    )
    .addOption(new Option('--territory <codes>', 'where it goes, e.g. "DE AT"').default('', 'everywhere'))
    .option('--name <text>', 'name of the release; the name of the corpus unless stated')
    .option('--release <version>', 'MAJOR.MINOR.PATCH of the release', versionOf, '1.0.0')
    .action(exportDataset)
}

function versionOf(text: string): string {
  if (/^\d+\.\d+\.\d+$/.test(text)) return text
  throw new InvalidArgumentError('It is three numbers such as 1.0.0.')
}

interface EvaluateOptions extends CommonOptions {
  run: string
  against?: string
  split?: string
  tokenize: (typeof TOKENIZERS)[number]
  metrics?: string
  glossTier?: string
  glossCleanup: GlossCleanup
  recipe?: RecipeId
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const run = await findRun(api, options.run)
    await assertSplit(api, options.split)
    await assertGlossTier(api, options.glossTier)
    if (options.recipe) return evaluateByRecipe(api, run, options.recipe, options)
    const scope = {
      split: options.split ?? null,
      tokenize: options.tokenize,
      glossTier: options.glossTier ?? null,
      cleanup: options.glossCleanup,
    }
    if (options.against) {
      const other = await findRun(api, options.against)
      const { runs, leftOut } = await api.run.compare({ runIds: [run.id, other.id], ...scope })
      if (options.json) return printJson({ runs, leftOut })
      for (const scores of runs) printScores(scores.run, scores.scores)
      return undefined
    }
    const scored = await api.run.score({
      runId: run.id,
      ...scope,
      ...(options.metrics ? { metrics: options.metrics.split(',').map(name => name.trim()) } : {}),
    })
    if (scored.clips === 0) throw nothingToScore(run, options)
    if (run.warning) process.stderr.write(`Warning: ${run.warning}\n`)
    if (options.json)
      return printJson({
        run: scored.run,
        task: scored.task,
        clips: scored.clips,
        scores: scored.scores,
        ...(run.warning ? { warning: run.warning } : {}),
      })
    printScores(`${scored.run} (${scored.clips} clips)`, scored.scores)
    return undefined
  })
}

async function evaluateByRecipe(
  api: Api,
  run: Run,
  recipe: RecipeId,
  { against, split, json }: EvaluateOptions,
): Promise<void> {
  const runs = against ? [run, await findRun(api, against)] : [run]
  const choice = { recipe, normalisers: [] }
  const sheet = await api.evaluation.scores({
    runIds: runs.map(({ id }) => id),
    split: split ?? null,
    choice,
  })
  if (json) return printJson(sheet)
  printTable([
    [recipe, ...sheet.runs.map(each => each.run), `${sheet.clips} clips`, ''],
    ...sheet.lines.map(({ metric, scores, signature, slt }) => [
      metric,
      ...scores.map(score => score.toFixed(2)),
      signature,
      slt,
    ]),
  ])
}

function nothingToScore(run: Run, { split }: EvaluateOptions): AppError {
  const where = split ? ` in the split "${split}"` : ''
  return new AppError(
    'invalid-input',
    `The run "${run.name}" has no translated clip with a reference${where}: there is nothing to score.`,
  )
}

function printScores(
  title: string,
  scores: readonly { metric: string; score: number; signature: string }[],
): void {
  process.stdout.write(`${title}\n`)
  for (const { metric, score, signature } of scores)
    process.stdout.write(`  ${metric.padEnd(10)} ${score.toFixed(2).padStart(6)}  ${signature}\n`)
}

interface ExportOptions extends CommonOptions {
  out: string
  format: ExportFormat[]
  split?: string
  annotations: (typeof ANNOTATIONS)[number][]
  tasks: (typeof TASKS)[number][]
  withVideo?: boolean
  run?: string
  baseline?: string
  withoutFlagged?: boolean
  for: Purpose
  territory: string
  name?: string
  release: string
}

async function exportDataset(options: ExportOptions): Promise<void> {
  const formats = options.format.filter(format => format !== 'spamo')
  if (formats.length < options.format.length) {
    if (formats.length > 0)
      throw new AppError(
        'invalid-input',
        'SpaMo’s files go into a folder of their own: give --format spamo alone.',
      )
    return exportSpamo(options)
  }
  await withCore(options, async ({ api, follow }) => {
    await assertSplit(api, options.split)
    const runIds = options.run
      ? await Promise.all(options.run.split(',').map(async name => (await findRun(api, name)).id))
      : undefined
    const request = {
      outDir: resolve(options.out),
      formats,
      split: options.split ?? null,
      withFlagged: options.withoutFlagged !== true,
      purpose: options.for,
      territory: options.territory,
      metadata: { name: options.name ?? '', version: options.release },
      annotations: options.annotations,
      tasks: options.tasks,
      withVideo: options.withVideo === true,
      ...(runIds ? { runIds } : {}),
      ...(options.baseline === undefined ? {} : { baselineRunId: (await findRun(api, options.baseline)).id }),
    }
    const preview = await api.exporting.preview(request)
    tellIssues(preview.issues)
    for (const { reason, clips } of preview.excluded)
      process.stderr.write(`${counted(clips, 'clip')} left out: ${reason}\n`)
    const job = await follow(await api.exporting.start(request))
    if (options.json)
      return printJson({
        out: job.output,
        clips: preview.clips,
        excluded: preview.excluded,
        runs: preview.runs,
        files: preview.files,
      })
    process.stdout.write(
      `${job.output}: ${counted(preview.clips, 'clip')}, ${counted(preview.runs.length, 'run')}, ${counted(preview.fileCount, 'file')}.\n`,
    )
    return undefined
  })
}

async function exportSpamo({ out, split, ...options }: ExportOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    await assertSplit(api, split)
    const selection = split === undefined ? ({ kind: 'all' } as const) : ({ kind: 'split', split } as const)
    const { files, clips } = await writeSpamoFiles(api, out, selection)
    if (options.json) return printJson({ out: resolve(out), clips, files })
    for (const file of files) process.stdout.write(`${file}\n`)
    process.stderr.write(
      `Annotations of ${counted(clips, 'clip')}. Their features: signwright extract --out ${out}\n`,
    )
    return undefined
  })
}
