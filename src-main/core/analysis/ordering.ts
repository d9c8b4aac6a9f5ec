import type { SegmentOrder } from '#shared/contract/analysis.ts'
import { deltaOf, type Filtered, type PairPlaces } from './filtering.ts'

/** All segments in an order; equal ones by name, in which they were read. */
export function orderSegments(data: Filtered, order: SegmentOrder, pair: PairPlaces): Uint32Array {
  const { set, scores } = data
  const rows = Uint32Array.from({ length: set.size }, (_, row) => row)
  if (order === 'name') return rows
  const runs = set.runIds.length
  const direction = scores.lowerIsBetter ? -1 : 1
  const keys: Record<Exclude<SegmentOrder, 'name'>, (row: number) => number> = {
    worse: row => direction * deltaOf(scores, runs, pair, row),
    better: row => -direction * deltaOf(scores, runs, pair, row),
    weakest: row => direction * scores.scores[row * runs + pair.to]!,
    strongest: row => -direction * scores.scores[row * runs + pair.to]!,
    longest: row => -set.durationsMs[row]!,
  }
  const key = Float64Array.from(rows, keys[order])
  return rows.sort((a, b) => key[a]! - key[b]! || a - b)
}
