import { resolve } from 'node:path'
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import {
  type LintReport,
  NORMALISERS,
  type Normaliser,
  RECIPE_IDS,
  type RecipeId,
  type ScoreGap,
  type SignificanceTable,
  TESTS,
} from '#shared/contract/evaluation.ts'
import { ModelId, type RunId } from '#shared/contract/ids.ts'
import { TOKENIZERS } from '#shared/contract/run.ts'
import { listRecipes } from '../../metrics/recipes/registry.ts'
import {
  explainFiles,
  lintFiles,
  type RecipeFiles,
  scoreByRecipe,
} from '../../core/evaluation/score-by-recipe.ts'
import { type FileScores, scoreFiles } from '../../core/evaluation/score-files.ts'
import { assertSplit, findRun, findRuns } from './find-run.ts'
import { corpusCommand, listOf, wholeNumber } from './options.ts'
import { counted, clock, createProgressLine, EXIT, oneLine, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

const MOST_SAMPLES = 100_000
const recipeOption = (flags: string, text: string) => new Option(flags, text).choices(RECIPE_IDS)

/** Numbers, their differences and what is wrong with the text that they are made of. */
export function addScoreCommands(program: Command): void {
  addScore(program)
  addLint(program)
  corpusCommand(program, 'significance', 'Test every pair of runs, with Holm’s correction')
    .requiredOption('--runs <list>', 'names or numbers of two to eight runs')
    .option('--split <split>', 'only clips of this split')
    .addOption(recipeOption('--recipe <name>', 'way of scoring; that of the corpus unless stated'))
    .addOption(
      new Option('--test <name>', 'ar: approximate randomization; bs: paired bootstrap')
        .choices(TESTS)
        .default('ar'),
    )
    .option('--samples <n>', '10000 trials or 1000 resamples unless stated', wholeNumber(100, MOST_SAMPLES))
    .option('--seed <n>', 'of the random numbers', wholeNumber(0, 2 ** 32 - 1), 12_345)
    .action(significance)
}

function addScore(program: Command): void {
  program
    .command('score [hyp] [refs...]')
    .description('Score plain files, one sentence a line, as sacreBLEU or as published code does')
    .addOption(new Option('--tokenize <name>').choices(TOKENIZERS).default('13a'))
    .option('--metrics <list>', 'e.g. bleu,chrf,ter', 'bleu,chrf,ter')
    .option('--baseline <hyp0>', 'another system over the same references')
    .addOption(
      recipeOption('--recipe <name>', 'a published way of scoring, in place of --tokenize and --metrics'),
    )
    .option('--list-recipes', 'the ways of scoring by name')
    .option('--language <tag>', 'of the text, e.g. de; a recipe may depend on it')
    .option('--normalise <list>', `repairs before scoring: ${NORMALISERS.join(', ')}`, listOf(NORMALISERS))
    .option('--prepared', 'with --recipe: the lines are as it prepares them already (folders of plain/)')
    .addOption(recipeOption('--why <name>', 'split the difference to this recipe into steps'))
    .option('--metric <name>', 'with --why', 'bleu')
    .option('--published <score>', 'with --why: a number somebody published by that recipe', finite)
    .addOption(new Option('--test <name>', 'with --baseline and --recipe').choices(TESTS).default('ar'))
    .option('--seed <n>', 'of the test', wholeNumber(0, 2 ** 32 - 1), 12_345)
    .option('--json', 'print the result as JSON')
    .action(score)
}

function addLint(program: Command): void {
  program
    .command('lint [hyp] [refs...]')
    .description('Check text before it is scored: fourteen defects, and what each is worth in points')
    .option('--corpus <dir>', 'check runs of a corpus in place of files')
    .option('--runs <list>', 'with --corpus: names or numbers of runs')
    .option('--split <split>', 'with --corpus: only clips of this split')
    .addOption(recipeOption('--recipe <name>', 'way of scoring whose points are told').default('sacrebleu'))
    .option('--train <file>', 'reference sentences of the training data, to find leaks')
    .option('--language <tag>', 'of the text, e.g. de')
    .option(
      '--tokenizer <model>',
      'with --corpus: the installed model whose tokenizer the references are put through',
    )
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .action(lint)
}

function finite(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) return number
  throw new InvalidArgumentError('It is a number.')
}

interface ScoreOptions extends CommonOptions {
  tokenize: (typeof TOKENIZERS)[number]
  metrics: string
  baseline?: string
  recipe?: RecipeId
  listRecipes?: boolean
  language?: string
  normalise?: Normaliser[]
  prepared?: boolean
  why?: RecipeId
  metric: string
  published?: number
  test: (typeof TESTS)[number]
  seed: number
}

function filesOf(
  hyp: string | undefined,
  refs: readonly string[],
  options: Pick<ScoreOptions, 'baseline' | 'recipe' | 'normalise' | 'language' | 'prepared'>,
): RecipeFiles {
  if (hyp === undefined || refs.length === 0) {
    process.stderr.write('error: name a file of hypotheses and at least one of references\n')
    throw new CommanderError(EXIT.usage, 'signwright.missingFiles', 'missing files')
  }
  return {
    hyp: resolve(hyp),
    refs: refs.map(file => resolve(file)),
    others: options.baseline ? [resolve(options.baseline)] : [],
    recipe: options.recipe ?? 'sacrebleu',
    normalisers: options.normalise ?? [],
    language: options.language,
    isPrepared: options.prepared,
  }
}

async function score(hyp: string | undefined, refs: string[], options: ScoreOptions): Promise<void> {
  if (options.listRecipes) return tellRecipes(options)
  const files = filesOf(hyp, refs, options)
  if (options.why) {
    const { metric, why: to, published } = options
    const gap = explainFiles(files, { metric, to, published })
    return options.json ? printJson(gap) : tellGap(gap)
  }
  if (options.recipe || options.normalise) return scoreWithRecipe(files, options)
  const { tokenize, metrics } = options
  const [baseline] = files.others
  const result = scoreFiles({
    ...files,
    metrics: metrics.split(','),
    tokenize,
    ...(baseline ? { baseline } : {}),
  })
  for (const warning of result.warnings) process.stderr.write(`Warning: ${warning}\n`)
  if (options.json) return printJson(result)
  for (const { metric, score: value, signature } of result.scores)
    process.stdout.write(`${metric.padEnd(8)} ${value.toFixed(2).padStart(6)}  ${signature}\n`)
  if (result.baseline) tellBaseline(result.baseline)
}

function tellBaseline({ file, tests }: NonNullable<FileScores['baseline']>): void {
  process.stdout.write(`against ${oneLine(file)}\n`)
  for (const { metric, baselineScore, difference, p, signature } of tests) {
    const tested = p === null ? 'identical score, no test' : `p = ${p.toFixed(4)}`
    process.stdout.write(
      `${metric.padEnd(8)} ${two(baselineScore).padStart(6)}  ${signed(difference)}  ${tested}  ${signature}\n`,
    )
  }
}

function tellRecipes({ json, language = 'en' }: ScoreOptions): void {
  const recipes = listRecipes(language)
  if (json) return printJson({ language, recipes })
  printTable(recipes.map(({ id, name, metrics, source }) => [id, name, metrics.join(','), source]))
}

async function scoreWithRecipe(files: RecipeFiles, { json, test, seed }: ScoreOptions): Promise<void> {
  const result = await scoreByRecipe(files, { kind: test, seed })
  if (json) return printJson(result)
  process.stderr.write(`${result.recipe}, language ${result.language}\n`)
  printTable(
    result.scores.map(({ metric, scores, signature, slt }) => [metric, ...scores.map(two), signature, slt]),
  )
  if (result.tests) tellTests(result.tests, result.systems)
}

const two = (value: number) => value.toFixed(2)
const signed = (value: number) => `${value < 0 ? '' : '+'}${two(value)}`

function tellGap({ metric, from, to, steps, gap }: ScoreGap): void {
  printTable([
    [`${metric} by ${from.recipe}`, '', two(from.score), ''],
    ...steps.map(({ key, from: was, to: is, score: after, points }) => [
      key === 'system' ? 'another system or other data' : `${key}: ${was} → ${is}`,
      signed(points),
      two(after),
      '',
    ]),
    [`by ${to.recipe}`, signed(gap), two(to.score), ''],
  ])
  for (const { signature, slt } of [from, to]) process.stderr.write(`${signature} ${slt}\n`)
}

function tellTests(tables: readonly SignificanceTable[], systems: readonly string[]): void {
  for (const { metric, pairs, scores, signature } of tables) {
    process.stdout.write(`\n${metric}  ${signature}\n`)
    printTable(
      scores.map(({ score: value, mean, half }, i) => [
        systems[i] ?? '',
        two(value),
        `${two(mean)} ± ${two(half)}`,
      ]),
    )
    printTable(
      pairs.map(({ first, second, difference, p, pHolm, detectable }) => [
        `${systems[second]} − ${systems[first]}`,
        signed(difference),
        p === null ? 'identical score, no test' : `p = ${p.toFixed(4)}`,
        pHolm === null ? '' : `Holm ${pHolm.toFixed(4)}`,
        detectable === null ? '' : `detectable ≈ ${two(detectable)}`,
      ]),
    )
  }
}

interface LintOptions extends CommonOptions {
  runs?: string
  split?: string
  recipe: RecipeId
  train?: string
  language?: string
  tokenizer?: string
}

async function lint(hyp: string | undefined, refs: string[], options: LintOptions): Promise<void> {
  const report = options.corpus
    ? await lintCorpus(options)
    : await lintFiles(filesOf(hyp, refs, options), options.train)
  if (options.json) return printJson(report)
  tellFindings(report)
}

function lintCorpus(options: LintOptions): Promise<LintReport> {
  return withCore(options, async ({ api, interruptible }) => {
    await assertSplit(api, options.split)
    const runIds: RunId[] = []
    for (const name of (options.runs ?? '').split(',').filter(text => text !== ''))
      runIds.push((await findRun(api, name)).id)
    if (runIds.length === 0) throw new AppError('invalid-input', 'Name the runs to check: --runs A,B.')
    const choice = { recipe: options.recipe, normalisers: [] }
    return interruptible(signal =>
      api.evaluation.lint(
        {
          runIds,
          split: options.split ?? null,
          choice,
          ...(options.tokenizer && { tokenizerOf: ModelId.parse(options.tokenizer) }),
        },
        { signal },
      ),
    )
  })
}

function tellFindings({ findings, skipped, segments }: LintReport): void {
  printTable(
    findings.map(({ check, count, effect, normaliser, examples }) => [
      check,
      String(count),
      (effect ?? []).map(({ bleu, chrf }) => `BLEU ${signed(bleu)} chrF ${signed(chrf)}`).join('; '),
      normaliser ? `--normalise ${normaliser}` : 'left out',
      examples
        .slice(0, 3)
        .map(({ name }) => name)
        .join(', '),
    ]),
  )
  for (const { check, needs } of skipped) process.stderr.write(`Not checked: ${check} (${needs}).\n`)
  process.stderr.write(`${counted(findings.length, 'finding')} in ${counted(segments, 'segment')}.\n`)
}

interface SignificanceOptions extends CommonOptions {
  runs: string
  split?: string
  recipe?: RecipeId
  test: (typeof TESTS)[number]
  samples?: number
  seed: number
}

async function significance(options: SignificanceOptions): Promise<void> {
  await withCore(options, async ({ api, interruptible }) => {
    await assertSplit(api, options.split)
    const runIds = (await findRuns(api, options.runs)).map(({ id }) => id)
    const { split = null, test, samples, seed, recipe } = options
    const line = createProgressLine(options.quiet === true)
    const choice = recipe ? { choice: { recipe, normalisers: [] } } : {}
    const report = await interruptible(async signal => {
      const events = await api.evaluation.significance(
        { runIds, split, test, samples, seed, ...choice },
        { signal },
      )
      for await (const event of events) {
        if (event.kind === 'report') return event.report
        const share = Math.floor((100 * event.done) / event.total)
        line.show(
          `Testing: ${share} %${event.secondsLeft === null ? '' : ` · ${clock(event.secondsLeft)} left`}`,
        )
      }
      throw new AppError('cancelled', 'Stopped.')
    })
    line.end(`Tested ${counted(report.clips, 'clip')} by ${report.recipe}.`)
    if (options.json) return printJson(report)
    if (test === 'bs')
      process.stderr.write(
        'Warning: the paired bootstrap finds differences that are none in one of ten pairs.\n',
      )
    return tellTests(
      report.tables,
      report.runs.map(({ run }) => run),
    )
  })
}
