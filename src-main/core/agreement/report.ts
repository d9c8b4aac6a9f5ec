import type {
  AgreementInput,
  AgreementPart,
  AgreementReport,
  AgreementValue,
} from '#shared/contract/agreement.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import { fleissOf, nominalAlphaOf, NOTHING, Ratings } from '../../metrics/confusion.ts'
import { addTimeline } from '../../metrics/segmentation.ts'
import type { LoadedUnit } from './agreement.service.ts'
import {
  addTally,
  countPair,
  emptyTally,
  f1Of,
  figuresOf,
  OVERLAPS,
  type PairTally,
  segmentationOf,
  textFigures,
  valueOf,
} from './pair-tally.ts'
import { pairsOf } from './rated-units.ts'

const MOST_LABELS = 24

interface PartName {
  name: string
  raters: [string, string] | null
  recordingId: RecordingId | null
}

interface Part extends PartName {
  tally: PairTally
}

/** Numbers for the texts of annotations, above 0. */
function createLabels() {
  const texts: string[] = ['']
  const numbers = new Map<string, number>()
  function labelOf(value: string): number {
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, texts.length)
    return texts.push(value) - 1
  }
  return { labelOf, textOf: (label: number) => texts[label] ?? '' }
}

function createParts() {
  const parts = new Map<string, Part>()
  function tallyOf(key: string, called: Partial<PartName> & { name: string }): PairTally {
    const part = parts.get(key) ?? { raters: null, recordingId: null, ...called, tally: emptyTally() }
    parts.set(key, part)
    return part.tally
  }
  function list(): AgreementPart[] {
    return [...parts.values()].map(({ tally, ...called }) => ({
      ...called,
      values: figuresOf(tally),
      disagreements: tally.disagreements,
    }))
  }
  return { tallyOf, list }
}

/** Collects units and says what they come to. */
export function createReport(options: AgreementInput) {
  const { labelOf, textOf } = createLabels()
  const raters = new Map<string, { tiers: number; annotations: number }>()
  const recordings = new Set<RecordingId>()
  const [pairs, groups, byRecording] = [createParts(), createParts(), createParts()]
  const everyone = new Map<number, Ratings>()
  const whole = emptyTally()

  function add(unit: LoadedUnit): void {
    recordings.add(unit.recordingId)
    const tiers = unit.tiers.map(tier => ({
      ...tier,
      spans: tier.annotations.map(({ startMs, endMs, value }) => ({ startMs, endMs, label: labelOf(value) })),
    }))
    for (const { rater, spans } of tiers) {
      const known = raters.get(rater) ?? { tiers: 0, annotations: 0 }
      raters.set(rater, { tiers: known.tiers + 1, annotations: known.annotations + spans.length })
    }
    const together = everyone.get(tiers.length) ?? new Ratings()
    everyone.set(tiers.length, together)
    const spans = tiers.map(tier => tier.spans)
    if (spans.some(({ length }) => length > 0)) addTimeline(spans, unit.untilMs, together)
    for (const [a, b] of pairsOf(tiers)) {
      const tally = emptyTally()
      countPair(tally, { first: a.spans, second: b.spans, untilMs: unit.untilMs }, options)
      if (a.language !== '') tally.languages.add(a.language)
      addTally(whole, tally)
      const { group, recordingId, recording } = unit
      const names: [string, string] = [a.rater, b.rater]
      addTally(pairs.tallyOf(JSON.stringify(names), { name: names.join(' – '), raters: names }), tally)
      addTally(groups.tallyOf(group, { name: group }), tally)
      addTally(byRecording.tallyOf(String(recordingId), { name: recording, recordingId }), tally)
    }
  }

  /** `rest` is awaited between the random segmentations of the test against chance. */
  async function finish(rest: () => Promise<void>): Promise<AgreementReport> {
    const [first, ...others] = figuresOf(whole)
    const tested = await segmentationOf(whole, { ...options, rest })
    return {
      raters: [...raters].map(([name, counts]) => ({ name, ...counts })),
      recordings: recordings.size,
      comparisons: whole.pairs.length,
      values: [first!, ...ofEveryone(everyone), ...others, tested, ...textFigures(whole, textOf)],
      disagreements: whole.disagreements,
      pairs: pairs.list(),
      groups: groups.list(),
      byRecording: byRecording.list(),
      curve: OVERLAPS.map((leastOverlap, at) => ({
        leastOverlap,
        f1: f1Of(whole.overlapHits[at]!, whole.annotations),
        labelledF1: f1Of(whole.labelHits[at]!, whole.annotations),
      })),
      confusion: confusionOf(whole.labels, textOf),
    }
  }

  return { add, finish }
}

/** Fleiss' κ needs as many raters for every unit: it is of the units that have the most of them; α takes all. */
function ofEveryone(byRaters: ReadonlyMap<number, Ratings>): AgreementValue[] {
  const most = Math.max(...byRaters.keys())
  const fullest = byRaters.get(most) ?? new Ratings()
  const all = new Ratings()
  for (const ratings of byRaters.values()) all.addAll(ratings)
  const reason = (ratings: Ratings) => (ratings.total === 0 ? 'no-annotations' : 'no-variation')
  return [
    valueOf('fleiss-time', fleissOf(fullest), fullest.total, reason(fullest)),
    valueOf('alpha-time', nominalAlphaOf(all), all.total, reason(all)),
  ]
}

function confusionOf(labels: Ratings, textOf: (label: number) => string): AgreementReport['confusion'] {
  const totals = new Map<number, number>()
  for (const { categories, weight } of labels.rows())
    for (const label of categories) totals.set(label, (totals.get(label) ?? 0) + weight)
  const kept = [...totals]
    .filter(([label]) => label !== NOTHING)
    .toSorted(([a, n], [b, m]) => m - n || a - b)
    .slice(0, MOST_LABELS)
    .map(([label]) => label)
  const rows = totals.has(NOTHING) ? [...kept, NOTHING] : kept
  const at = new Map(rows.map((label, row) => [label, row]))
  const counts = rows.map(() => rows.map(() => 0))
  let others = 0
  for (const { categories, weight } of labels.rows()) {
    const [row, column] = categories.map(label => at.get(label))
    if (row === undefined || column === undefined) others += weight
    else counts[row]![column]! += weight
  }
  return { labels: rows.map(label => (label === NOTHING ? null : textOf(label))), counts, others }
}
