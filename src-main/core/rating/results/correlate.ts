import { countPairs, midRanks, pearson } from '../../../metrics/correlation.ts'

export const FIGURES = ['pearson', 'spearman', 'kendall', 'accuracy'] as const
export type Figures = Record<(typeof FIGURES)[number], number | null>

/** All coefficients of two rows of numbers; each is null below `fewest` pairs or where one side does not vary. */
export function correlate(xs: ArrayLike<number>, ys: ArrayLike<number>, fewest = 2): Figures {
  if (xs.length < fewest) return { pearson: null, spearman: null, kendall: null, accuracy: null }
  const { concordant, discordant, tiedBoth, tiedX, tiedY, pairs } = countPairs(xs, ys)
  const scale = Math.sqrt((pairs - tiedX) * (pairs - tiedY))
  return {
    pearson: pearson(xs, ys),
    spearman: pearson(midRanks(xs), midRanks(ys)),
    kendall: scale > 0 ? (concordant - discordant) / scale : null,
    accuracy: (concordant + tiedBoth) / pairs,
  }
}
