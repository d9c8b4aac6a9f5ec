import type { ScoreLine } from '#shared/contract/evaluation.ts'
import { useFormat } from '../../../composables/use-format.ts'

/** As it is copied into papers and other programs: with a point in every language. */
export const copied = (score: number) => score.toFixed(2)

/** Whether a run is the best of several by a line's metric. */
export function isBest({ scores, isLowerBetter }: ScoreLine, at: number): boolean {
  const best = isLowerBetter ? Math.min(...scores) : Math.max(...scores)
  return scores.length > 1 && scores[at] === best
}

/** Scores with two decimals, as papers print them, in the numerals of the reader's language. */
export function useScoreNumbers() {
  const { fixed } = useFormat()
  const points = (value: number) => fixed(value, 2)

  /** With its sign; ± where two printed scores are the same. */
  function signedPoints(value: number): string {
    const shown = points(Math.abs(value))
    if (shown === points(0)) return `±${shown}`
    return `${value > 0 ? '+' : '−'}${shown}`
  }

  /** A p-value as statisticians write it: nothing is more certain than the number of samples allows. */
  const probability = (p: number) => fixed(p, p < 0.001 ? 4 : 3)

  return { points, signedPoints, probability }
}
