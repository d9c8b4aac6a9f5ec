import type { CorrelationLevel, RatingReport, RatingSet } from '#shared/contract/rating.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type Command, Option } from 'commander'
import { corpusCommand, wholeNumber } from './options.ts'
import { counted, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

export function addRatingsCommand(program: Command): void {
  corpusCommand(
    program,
    'ratings',
    'What people think of the systems, how far they agree, and which metric sees the same',
  )
    .option(
      '--campaign <name>',
      'of this rating campaign; without it, ratings of the Review screen and of files',
    )
    .option('--runs <names>', 'only these runs, separated by commas')
    .addOption(
      new Option('--of <what>', 'judgements of clips, of documents, or both')
        .choices(['both', 'clips', 'documents'])
        .default('both'),
    )
    .option('--metrics', 'compare automatic metrics with the judgements, too; takes seconds to minutes')
    .option(
      '--resamples <n>',
      'bootstrap samples behind the intervals of --metrics',
      wholeNumber(50, 5000),
      200,
    )
    .action(ratings)
}

interface RatingsOptions extends CommonOptions {
  campaign?: string
  runs?: string
  of: 'both' | 'clips' | 'documents'
  metrics?: true
  resamples: number
}

async function ratings(options: RatingsOptions): Promise<void> {
  await withCore(options, async ({ api, interruptible }) => {
    const chosen = chooseSet(await api.rating.sources(), options.campaign)
    const runIds = options.runs === undefined ? undefined : idsOf(await api.run.list(), options.runs)
    const scope = { source: chosen.source, of: options.of, ...(runIds && { runIds }) }
    const report = await api.rating.results(scope)
    const against = options.metrics
      ? await interruptible(signal =>
          api.rating.metrics({ ...scope, resamples: options.resamples }, { signal }),
        )
      : null
    if (options.json) return printJson({ ...report, ...(against && { metrics: against }) })
    printReport(report)
    if (!against) return undefined
    process.stdout.write('\n')
    printTable([
      ['metric', 'level', 'n', 'Pearson', 'Spearman', 'Kendall', 'accuracy'],
      ...against.metrics.flatMap(({ metric, segment, system }) => [
        [metric, 'segment', ...figuresOf(segment)],
        [metric, 'system', ...figuresOf(system)],
      ]),
    ])
    return undefined
  })
}

function chooseSet(sets: readonly RatingSet[], campaign: string | undefined): RatingSet {
  const found = sets.find(({ source, name }) =>
    campaign === undefined ? source.kind === 'ratings' : source.kind === 'campaign' && name === campaign,
  )
  if (found) return found
  const names = sets.filter(({ source }) => source.kind === 'campaign').map(({ name }) => name)
  const known = names.length > 0 ? ` Campaigns: ${names.join(', ')}.` : ''
  if (campaign !== undefined) throw new AppError('not-found', `There is no campaign "${campaign}".${known}`)
  throw new AppError(
    'not-found',
    `Nobody has rated anything outside a campaign.${known} Rate outputs on the Review screen, or import scores beside predictions.`,
  )
}

function idsOf<Id>(runs: readonly { id: Id; name: string }[], names: string): Id[] {
  return names
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
    .map(name => {
      const found = runs.find(run => run.name === name)
      if (!found) throw new AppError('not-found', `There is no run "${name}".`)
      return found.id
    })
}

function printReport({ systems, agreement, raters, units, judgements }: RatingReport): void {
  printTable([
    ['rank', 'system', 'mean', '95 %', 'z', 'units', 'values by tenth of the scale'],
    ...systems.map(system => [
      system.rankFrom === system.rankTo ? String(system.rankFrom) : `${system.rankFrom}-${system.rankTo}`,
      system.run,
      system.mean.toFixed(2),
      system.interval ? `${system.interval.low.toFixed(2)}–${system.interval.high.toFixed(2)}` : '',
      shown(system.z),
      String(system.units),
      system.bins.join(' '),
    ]),
  ])
  process.stdout.write('\n')
  printTable([
    ['agreement', 'units', 'α nominal', 'α ordinal', 'α interval', '95 %', 'ICC(2,1)'],
    ...agreement.map(({ part, run, units: n, alpha, interval, icc }) => [
      run === null ? part : `${part} ${run}`,
      String(n),
      shown(alpha.nominal),
      shown(alpha.ordinal),
      shown(alpha.interval),
      interval ? `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}` : '',
      shown(icc),
    ]),
  ])
  process.stdout.write('\n')
  printTable([
    ['annotator', 'judgements', 'mean', 'sd', 'above others', 'repeats', 'κ of repeats', 'checks passed'],
    ...raters.map(rater => [
      rater.annotator,
      String(rater.judgements),
      rater.mean.toFixed(2),
      shown(rater.deviation, 2),
      shown(rater.bias, 2),
      String(rater.repeats),
      shown(rater.repeatKappa),
      rater.checks > 0 ? `${rater.checksPassed}/${rater.checks}` : '',
    ]),
  ])
  process.stderr.write(`${counted(judgements, 'judgement')} of ${counted(units, 'unit')}.\n`)
}

function shown(value: number | null, digits = 3): string {
  return value === null ? 'undefined' : value.toFixed(digits)
}

function figuresOf({ units, pearson, spearman, kendall, accuracy }: CorrelationLevel): string[] {
  const figures = [pearson, spearman, kendall, accuracy].map(({ value, interval }) => {
    const range = interval ? ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]` : ''
    return shown(value) + range
  })
  return [String(units), ...figures]
}
