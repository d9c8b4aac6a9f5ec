/** Correlation coefficients; each is `null` where it is undefined: fewer than two pairs, or one side never varies. */
export type Correlation = number | null

/** Pearson's r. */
export function pearson(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  const n = xs.length
  if (n < 2) return null
  let [sumX, sumY] = [0, 0]
  for (let i = 0; i < n; i++) {
    sumX += xs[i]!
    sumY += ys[i]!
  }
  const [meanX, meanY] = [sumX / n, sumY / n]
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [xs[i]! - meanX, ys[i]! - meanY]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  // What is left by rounding when one side is constant is no variation.
  const tiny = 1e-20 * n
  return xx <= tiny * meanX * meanX || yy <= tiny * meanY * meanY || xx === 0 || yy === 0
    ? null
    : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

/** Ranks from 1, equal values sharing the mean of their places. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = sortedOrder(values)
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to + 1) / 2
    from = to
  }
  return ranks
}

/** Spearman's ρ: Pearson's r of the mid-ranks. */
export function spearman(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  return pearson(midRanks(xs), midRanks(ys))
}

export interface PairCounts {
  concordant: number
  discordant: number
  /** Tied on both sides. */
  tiedBoth: number
  tiedX: number
  tiedY: number
  pairs: number
}

/** How pairs of items are ordered by both sides, in O(n log n) (Knight 1966). `tiedX` and `tiedY` include `tiedBoth`. */
export function countPairs(xs: ArrayLike<number>, ys: ArrayLike<number>): PairCounts {
  const n = xs.length
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  order.sort((a, b) => xs[a]! - xs[b]! || ys[a]! - ys[b]!)
  const pairs = n === 0 ? 0 : (n * (n - 1)) / 2
  const tiedX = tiesIn(order, (a, b) => xs[a] === xs[b])
  const tiedBoth = tiesIn(order, (a, b) => xs[a] === xs[b] && ys[a] === ys[b])
  const sorted = Float64Array.from(order, i => ys[i]!)
  const discordant = countInversions(sorted)
  const tiedY = tiesIn(sorted, (a, b) => a === b)
  return {
    discordant,
    concordant: pairs - tiedX - tiedY + tiedBoth - discordant,
    tiedX,
    tiedY,
    tiedBoth,
    pairs,
  }
}

/** Kendall's τ-b. */
export function kendallTauB(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  const { concordant, discordant, tiedX, tiedY, pairs } = countPairs(xs, ys)
  const scale = Math.sqrt((pairs - tiedX) * (pairs - tiedY))
  return scale > 0 ? (concordant - discordant) / scale : null
}

/**
 * Share of pairs that both sides order alike, a tie on both sides counting as alike
 * (Deutsch, Foster and Freitag 2023, without tie calibration).
 */
export function pairwiseAccuracy(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  const { concordant, tiedBoth, pairs } = countPairs(xs, ys)
  return pairs > 0 ? (concordant + tiedBoth) / pairs : null
}

function sortedOrder(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
}

/** Pairs that stand in one stretch of neighbours that are the same. */
function tiesIn(sorted: ArrayLike<number>, isSame: (a: number, b: number) => boolean): number {
  let ties = 0
  for (let from = 0; from < sorted.length;) {
    let to = from + 1
    while (to < sorted.length && isSame(sorted[from]!, sorted[to]!)) to += 1
    ties += ((to - from) * (to - from - 1)) / 2
    from = to
  }
  return ties
}

/** Sorts in place and counts the pairs that stood in the wrong order. */
function countInversions(values: Float64Array): number {
  let source = values
  let target: Float64Array = new Float64Array(values.length)
  let inversions = 0
  for (let width = 1; width < values.length; width *= 2) {
    for (let from = 0; from < values.length; from += 2 * width)
      inversions += mergeRuns(source, target, from, width)
    ;[source, target] = [target, source]
  }
  if (source !== values) values.set(source)
  return inversions
}

function mergeRuns(source: Float64Array, target: Float64Array, from: number, width: number): number {
  const middle = Math.min(from + width, source.length)
  const end = Math.min(from + 2 * width, source.length)
  let [left, right, inversions] = [from, middle, 0]
  for (let at = from; at < end; at++) {
    const takesRight = left >= middle || (right < end && source[right]! < source[left]!)
    if (takesRight) inversions += middle - left
    target[at] = takesRight ? source[right++]! : source[left++]!
  }
  return inversions
}
