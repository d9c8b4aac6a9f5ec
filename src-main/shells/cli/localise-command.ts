import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { ModelId } from '#shared/contract/ids.ts'
import {
  type AgainstTier,
  LOCALISATION_MEASURES,
  type LocatedSegment,
  type LocalisationMeasure,
  type SweepPoint,
  type WordSource,
} from '#shared/contract/localisation.ts'
import { tsv, writeSegmentFiles } from './localise-files.ts'
import { corpusCommand, realNumber, wholeNumber } from './options.ts'
import { counted, createProgressLine, printJson, printTable } from './output.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'
import { selectionOf } from './work-commands.ts'

const TOLERANCE_MS = 60_000
const NAMED_AT_MOST = 10

export function addLocaliseCommand(program: Command): void {
  corpusCommand(program, 'localise', 'Find pseudo-glosses in clips, with a model that has prototypes')
    .requiredOption('--model <model>', 'installed model that localises')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--words <words>', 'words to look for, separated by commas; default: the likeliest of each clip')
    .option('--tier <name>', 'compare with this manual tier; its values are the words')
    .addOption(new Option('--measure <name>').choices(LOCALISATION_MEASURES).default('E'))
    .option('--threshold <t>', 'what a cell has to reach', realNumber(0, 1), 0.2)
    .option('--tolerance <ms>', 'of the point hit rate', wholeNumber(0, TOLERANCE_MS), 0)
    .option('--propose <tier>', 'put the segments on this tier as suggestions')
    .option('--out <dir>', 'write segments.tsv, an EAF for each recording and, with --tier, sweep.tsv')
    .action(localise)
}

interface LocaliseOptions extends CommonOptions {
  model: string
  clips: string
  words?: string
  tier?: string
  measure: LocalisationMeasure
  threshold: number
  tolerance: number
  propose?: string
  out?: string
}

async function localise(options: LocaliseOptions): Promise<void> {
  await withCore(options, async ({ api, interruptible }) => {
    const search = {
      selection: await selectionOf(api, options.clips),
      modelId: ModelId.parse(options.model),
      words: await wordsOf(api, options),
      measure: options.measure,
      threshold: options.threshold,
    }
    const { tier, tolerance, propose } = options
    const located = await interruptible(async signal =>
      last(
        await api.localisation.segments(
          {
            ...search,
            ...(tier !== undefined && { against: { tier, toleranceMs: tolerance } }),
            ...(propose !== undefined && { propose: { tier: propose } }),
          },
          { signal },
        ),
        options,
      ),
    )
    const { against, proposed } = located
    const files = options.out === undefined ? [] : await write(api, options.out, located.segments, against)
    tellLeftOut(located)
    if (options.json) return printJson({ ...located, kind: undefined, files })
    if (against) printAgreement(against)
    else printTable(located.segments.map(rowOf))
    if (proposed) process.stderr.write(`${counted(proposed.proposed, 'suggestion')} on ${options.propose}.\n`)
    return undefined
  })
}

/** Inflected words stand for their lemmas; what was taken for what is told. */
async function wordsOf(api: Api, { words, tier, model }: LocaliseOptions): Promise<WordSource> {
  if (words !== undefined) {
    const typed = words.split(',').map(word => word.trim())
    const matched = await api.localisation.match({
      modelId: ModelId.parse(model),
      words: typed.filter(word => word !== ''),
    })
    const lemmas = matched.filter(({ by }) => by === 'lemma')
    if (lemmas.length > 0)
      process.stderr.write(`Taken for: ${lemmas.map(each => `${each.typed} = ${each.word}`).join(', ')}.\n`)
    return { kind: 'words', words: matched.map(each => each.word ?? each.typed) }
  }
  return tier === undefined ? { kind: 'likeliest' } : { kind: 'tier', tier }
}

/** Shows progress until the outcome, which is the last event. */
async function last<Event extends { kind: string }>(
  events: AsyncIterable<Event>,
  { quiet }: CommonOptions,
): Promise<Extract<Event, { kind: 'done' }>> {
  const line = createProgressLine(quiet === true)
  for await (const event of events) {
    if (event.kind === 'done') return event as Extract<Event, { kind: 'done' }>
    if ('done' in event && 'total' in event) line.show(`Localise: ${event.done}/${event.total} clips`)
  }
  throw new Error('ended without an outcome')
}

const rowOf = ({ clip, word, startMs, endMs, score, mass }: LocatedSegment) => [
  clip,
  word,
  String(startMs),
  String(endMs),
  score.toFixed(4),
  mass.toFixed(4),
]

const shown = (value: number | null) => (value === null ? 'undefined' : value.toFixed(4))
const SWEEP_HEAD = ['threshold', 'precision', 'recall', 'f1', 'overlap', 'both', 'extra', 'missed']
const sweepRow = ({ threshold, precision, recall, f1, overlap, both, extra, missed }: SweepPoint) => [
  threshold.toFixed(2),
  ...[precision, recall, f1, overlap].map(shown),
  ...[both, extra, missed].map(String),
]

function printAgreement({ at, sweep, points, clips, spelled }: AgainstTier): void {
  printTable([SWEEP_HEAD, sweepRow(at)])
  process.stdout.write(`\npoint hit rate\t${shown(points.rate)}\t${points.hits} of ${points.words}\n\n`)
  printTable([SWEEP_HEAD, ...sweep.map(sweepRow)])
  process.stderr.write(`${counted(clips, 'clip')} with annotations.\n`)
  if (spelled.length > 0)
    process.stderr.write(
      `Taken for one word: ${spelled.map(({ value, word }) => `${value} = ${word}`).join(', ')}.\n`,
    )
}

function tellLeftOut({ withoutFeatures, unknown }: { withoutFeatures: string[]; unknown: string[] }): void {
  const some = (names: readonly string[]) =>
    names.slice(0, NAMED_AT_MOST).join(', ') + (names.length > NAMED_AT_MOST ? ' …' : '')
  if (withoutFeatures.length > 0)
    process.stderr.write(
      `Without features, left out: ${some(withoutFeatures)} (${withoutFeatures.length}). Extract them first.\n`,
    )
  if (unknown.length > 0)
    process.stderr.write(
      `The model has no prototype for: ${some(unknown)} (${counted(unknown.length, 'word')}).\n`,
    )
}

async function write(
  api: Api,
  out: string,
  segments: readonly LocatedSegment[],
  against: AgainstTier | null,
): Promise<string[]> {
  const dir = resolve(out)
  mkdirSync(dir, { recursive: true })
  const files = await writeSegmentFiles(api, dir, segments)
  if (!against) return files
  const sweep = join(dir, 'sweep.tsv')
  writeFileSync(sweep, tsv([SWEEP_HEAD, ...against.sweep.map(sweepRow)]))
  return [...files, sweep]
}
