/** Two-sided 95 % of the normal distribution. */
const Z = 1.959_963_984_540_054
const LEAST_GROUPS = 5

/** An interval around a score, of which 95 in 100 such hold the true value. */
export interface ConfidenceInterval {
  low: number
  high: number
}

/**
 * The 95 % confidence interval of a score by the delete-a-group jackknife (Kott 2001, Journal of Official Statistics
 * 17:521–526): the score is computed again with each group of segments left out. Any function of sums will do, corpus
 * BLEU as well, and it needs as many evaluations as there are groups where the bootstrap needs a thousand summations.
 * With one segment a group it is the ordinary jackknife. Null with fewer than five groups.
 */
export function jackknifeInterval(score: number, withoutGroup: readonly number[]): ConfidenceInterval | null {
  const groups = withoutGroup.length
  if (groups < LEAST_GROUPS) return null
  const mean = withoutGroup.reduce((sum, value) => sum + value, 0) / groups
  const squares = withoutGroup.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const half = studentQuantile(groups - 1) * Math.sqrt(((groups - 1) / groups) * squares)
  return { low: score - half, high: score + half }
}

/** 97.5 % of Student's t by its expansion around the normal quantile (Abramowitz and Stegun 26.7.5). */
function studentQuantile(freedom: number): number {
  const [z3, z5, z7] = [Z ** 3, Z ** 5, Z ** 7]
  return (
    Z +
    (z3 + Z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * Z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * freedom ** 3)
  )
}
