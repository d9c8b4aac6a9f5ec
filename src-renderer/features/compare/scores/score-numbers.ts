import type { ScoreLine } from '#shared/contract/evaluation.ts'

/** Scores are printed with two decimals, as papers print them. */
export const points = (value: number) => value.toFixed(2)

/** With its sign; ± where two printed scores are the same. */
export function signedPoints(value: number): string {
  const shown = Math.abs(value).toFixed(2)
  if (Number(shown) === 0) return `±${shown}`
  return `${value > 0 ? '+' : '−'}${shown}`
}

/** Whether a run is the best of several by a line's metric. */
export function isBest({ scores, isLowerBetter }: ScoreLine, at: number): boolean {
  const best = isLowerBetter ? Math.min(...scores) : Math.max(...scores)
  return scores.length > 1 && scores[at] === best
}

/** A p-value as statisticians write it: nothing is more certain than the number of samples allows. */
export function probability(p: number): string {
  return p < 0.001 ? p.toFixed(4) : p.toFixed(3)
}
