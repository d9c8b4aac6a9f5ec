import { type Metric, type ReferenceCount, type StatisticsTable, sumOfTable } from './metric.ts'

/** sacreBLEU's seed when `SACREBLEU_SEED` is not set. */
export const DEFAULT_SEED = 12_345

/** A system beside the baseline under one metric; all tables have the same segments in the same order. */
export interface Contest {
  metric: Metric
  baseline: StatisticsTable
  system: StatisticsTable
}

export interface TestResult {
  baselineScore: number
  score: number
  /** System minus baseline. */
  difference: number
  /**
   * sacreBLEU's p-value. Without a difference it is 1/(n+1), which says nothing: show "identical score" then
   * (spec/evaluation.md §2.2).
   */
  p: number
  isIdentical: boolean
}

export interface TestOptions {
  /** Trials of the randomization (10,000) or resamples of the bootstrap (1000). */
  samples?: number
  seed?: number | bigint
}

export function realDifference({ metric, baseline, system }: Contest): Omit<TestResult, 'p'> {
  const baselineScore = metric.evaluate(sumOfTable(baseline)).score
  const { score } = metric.evaluate(sumOfTable(system))
  const difference = score - baselineScore
  return { baselineScore, score, difference, isIdentical: difference === 0 }
}

/** Holm's correction for several systems against one baseline; sacreBLEU has none. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).toSorted((a, b) => pValues[a]! - pValues[b]!)
  const corrected = pValues.map(() => 0)
  let least = 0
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, pValues[index]! * (pValues.length - rank)))
    corrected[index] = least
  })
  return corrected
}

/** sacreBLEU's signature of a test: `nrefs:1|ar:10000|seed:12345|case:…`. */
export function testSignature(
  metric: Metric,
  test: 'ar' | 'bs',
  { samples = test === 'ar' ? 10_000 : 1000, seed = DEFAULT_SEED }: TestOptions = {},
  references: ReferenceCount = 1,
): string {
  return metric.signature(references).replace(/^(nrefs:[^|]+)\|/, `$1|${test}:${samples}|seed:${seed}|`)
}
