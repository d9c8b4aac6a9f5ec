import type { AnalysisView, BucketChart, BucketKind } from '#shared/contract/analysis.ts'
import type { Membership } from './buckets.ts'
import type { CrossFilter } from './cross-filter.ts'
import { bitOf, DELTA_BIT, deltaOf, type Filtered, type PairPlaces, scoreBitOf } from './filtering.ts'
import { GroupSums } from './group-sums.ts'
import { wordF1 } from './word-buckets.ts'

export const BIN_WIDTH = 5
const BINS = 20
const CELL_WIDTH = 2.5
const CELLS = 40
const DELTA_WIDTH = 10
const DELTA_BINS = 21
/** The middle bin is around 0. */
const DELTA_FROM = -(DELTA_BINS * DELTA_WIDTH) / 2
/** Closer than this, a sentence counts as equally good in both runs. */
const SAME = 0.05
const MOST_SHOWN = 16

/** What the charts show of the segments that a filter lets through. */
export function viewOf(
  data: Filtered,
  cross: CrossFilter,
  pair: PairPlaces,
  kinds: readonly BucketKind[],
): AnalysisView {
  const { set, scores, words } = data
  const charts = data.memberships
    .filter(({ kind }) => kinds.includes(kind))
    .map(membership => openChart(membership, data))
  const overall = new GroupSums(1, set.runIds.length * scores.columns)
  sumSegments(data, cross.failed, charts, overall)
  const ofRun = metricOfRun(data)
  const overallScores = overall.scores(0, ofRun)
  return {
    total: set.size,
    matching: overall.counts[0]!,
    leftOut: set.leftOut,
    trainingSentences: words.trainingSentences,
    metric: scores.name,
    signature: scores.signature,
    lowerIsBetter: scores.lowerIsBetter,
    runs: set.runIds.map((runId, run) => ({
      runId,
      run: set.runNames[run] ?? '',
      overall: overallScores[run] ?? null,
    })),
    charts: kinds.flatMap(kind => charts.filter(chart => chart.membership.kind === kind).map(closeChart)),
    ...distributions(data, cross.failed, pair),
    binWidth: BIN_WIDTH,
    cellWidth: CELL_WIDTH,
  }
}

interface OpenChart {
  membership: Membership
  others: number
  sums: GroupSums
  evaluate: ((total: Float64Array) => number)[]
}

/** From sums over all runs to the score of each. */
function metricOfRun({ set, scores }: Filtered): ((total: Float64Array) => number)[] {
  const { columns } = scores
  return set.runIds.map(
    (_, run) => total => scores.evaluate(total.subarray(run * columns, (run + 1) * columns)),
  )
}

function openChart(membership: Membership, data: Filtered): OpenChart {
  const runs = data.set.runIds.length
  const isWords = membership.words !== null
  const width = isWords ? 1 + 2 * runs : runs * data.scores.columns
  return {
    membership,
    others: ~(1 << bitOf(membership.kind)),
    sums: new GroupSums(membership.names.length, width),
    evaluate: isWords ? data.set.runIds.map((_, run) => total => wordF1(total, run)) : metricOfRun(data),
  }
}

/** One pass over the segments: each is added to every chart whose other filters it passes. */
function sumSegments(
  { set, scores }: Filtered,
  failed: Uint32Array,
  charts: readonly OpenChart[],
  overall: GroupSums,
): void {
  const width = set.runIds.length * scores.columns
  const wordWidth = 1 + 2 * set.runIds.length
  for (let row = 0; row < set.size; row++) {
    const failures = failed[row]!
    if (failures === 0) overall.add(0, scores.statistics, row * width)
    // Two failed filters: whatever chart is drawn, one of them is another's.
    else if ((failures & (failures - 1)) !== 0) continue
    for (const { membership, others, sums } of charts) {
      if ((failures & others) !== 0) continue
      const { starts, values, words } = membership
      for (let at = starts[row]!; at < starts[row + 1]!; at++)
        if (words === null) sums.add(values[at]!, scores.statistics, row * width)
        else sums.add(values[at]!, words, at * wordWidth)
    }
  }
}

function closeChart({ membership, sums, evaluate }: OpenChart): BucketChart {
  const { kind, names, hidden, words } = membership
  const buckets = names.map((name, at) => ({ ...name, segments: sums.counts[at]!, at }))
  const isRange = names.some(({ to }) => to !== null)
  const shown = isRange
    ? buckets
    : buckets.toSorted((a, b) => b.segments - a.segments || a.at - b.at).slice(0, MOST_SHOWN)
  return {
    kind,
    measure: words === null ? 'metric' : 'word-f1',
    buckets: shown.map(({ at, ...bucket }) => ({ ...bucket, scores: sums.scores(at, evaluate) })),
    hidden: hidden + buckets.length - shown.length,
  }
}

type Distributions = Pick<AnalysisView, 'histograms' | 'deltas' | 'cells' | 'outcomes'>

function distributions(data: Filtered, failed: Uint32Array, pair: PairPlaces): Distributions {
  const { set, scores } = data
  const runs = set.runIds.length
  const histograms = set.runIds.map(() => new Uint32Array(BINS))
  const others = set.runIds.map((_, run) => ~(1 << scoreBitOf(run)))
  const deltas = new Uint32Array(DELTA_BINS)
  const cells = new Uint32Array(CELLS * CELLS)
  const outcomes = { better: 0, worse: 0, same: 0 }
  const otherThanDelta = ~(1 << DELTA_BIT)
  const otherThanPair = others[pair.from]! & others[pair.to]!
  for (let row = 0; row < set.size; row++) {
    const failures = failed[row]!
    for (let run = 0; run < runs; run++)
      if ((failures & others[run]!) === 0)
        histograms[run]![place(scores.scores[row * runs + run]!, BIN_WIDTH, BINS)]! += 1
    const delta = deltaOf(scores, runs, pair, row)
    if ((failures & otherThanDelta) === 0) deltas[place(delta - DELTA_FROM, DELTA_WIDTH, DELTA_BINS)]! += 1
    if ((failures & otherThanPair) === 0) {
      const x = place(scores.scores[row * runs + pair.from]!, CELL_WIDTH, CELLS)
      const y = place(scores.scores[row * runs + pair.to]!, CELL_WIDTH, CELLS)
      cells[y * CELLS + x]! += 1
    }
    if (failures === 0) outcomes[outcomeOf(scores.lowerIsBetter ? -delta : delta)] += 1
  }
  return {
    histograms: histograms.map((counts, run) => ({ runId: set.runIds[run]!, counts: [...counts] })),
    deltas: { from: DELTA_FROM, binWidth: DELTA_WIDTH, counts: [...deltas] },
    cells: filledCells(cells),
    outcomes,
  }
}

export function outcomeOf(gain: number): 'better' | 'worse' | 'same' {
  return gain > SAME ? 'better' : gain < -SAME ? 'worse' : 'same'
}

/** The bin of a value; the first and the last one take what lies beyond. */
function place(value: number, width: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(value / width)))
}

function filledCells(counts: Uint32Array): AnalysisView['cells'] {
  const cells: AnalysisView['cells'] = []
  counts.forEach((segments, at) => {
    if (segments > 0) cells.push({ x: at % CELLS, y: Math.floor(at / CELLS), segments })
  })
  return cells
}
