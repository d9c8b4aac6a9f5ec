import { NumpyRandom } from './numpy-random.ts'

/** How two values differ: Krippendorff's levels of measurement. */
export type Level = 'nominal' | 'ordinal' | 'interval' | 'ratio'

/** One rated item: a value per rater, `null` where one has not rated it. */
export type Unit = readonly (number | null)[]

/** Every agreement coefficient is `null` where it is undefined: no pairs, or no variation at all. */
export type Coefficient = number | null

/**
 * Krippendorff's α (Computing Krippendorff's Alpha-Reliability, 2011): any number of raters, missing
 * values, four levels. 1 is perfect agreement, 0 what chance gives.
 */
export function krippendorffAlpha(units: readonly Unit[], level: Level): Coefficient {
  const pairable = units.map(unit => unit.filter(value => value !== null)).filter(unit => unit.length > 1)
  const values = [...new Set(pairable.flat())].toSorted((a, b) => a - b)
  const indexOf = new Map(values.map((value, i) => [value, i]))
  const size = values.length
  const coincidences = new Float64Array(size * size)
  for (const unit of pairable)
    addCoincidences(
      unit.map(value => indexOf.get(value)!),
      coincidences,
      size,
    )
  const totals = values.map((_, row) => sum(coincidences.subarray(row * size, (row + 1) * size)))
  const n = sum(totals)
  const distance = distances(values, totals, level)
  let observed = 0
  let expected = 0
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) {
      observed += coincidences[a * size + b]! * distance(a, b)
      expected += totals[a]! * totals[b]! * distance(a, b)
    }
  return expected > 0 ? 1 - ((n - 1) * observed) / expected : null
}

/** Each ordered pair of values of one unit counts 1/(m − 1). */
function addCoincidences(indices: readonly number[], coincidences: Float64Array, size: number): void {
  const weight = 1 / (indices.length - 1)
  indices.forEach((a, i) =>
    indices.forEach((b, j) => {
      if (i !== j) coincidences[a * size + b] = coincidences[a * size + b]! + weight
    }),
  )
}

function distances(values: readonly number[], totals: readonly number[], level: Level) {
  // How often values up to and including each were given, for ranks.
  let running = 0
  const upTo = totals.map(total => (running += total))
  return (a: number, b: number): number => {
    if (a === b) return 0
    const [low, high] = a < b ? [a, b] : [b, a]
    switch (level) {
      case 'nominal':
        return 1
      case 'ordinal':
        return (upTo[high]! - upTo[low]! + totals[low]! - (totals[low]! + totals[high]!) / 2) ** 2
      case 'interval':
        return (values[a]! - values[b]!) ** 2
      case 'ratio':
        return ((values[a]! - values[b]!) / (values[a]! + values[b]!)) ** 2
    }
  }
}

export type KappaWeights = 'none' | 'linear' | 'quadratic'

/** Cohen's κ of two raters, plain or weighted by the distance of the ranks of the categories that occur. */
export function cohenKappa<T extends string | number>(
  first: readonly T[],
  second: readonly T[],
  weights: KappaWeights = 'none',
): Coefficient {
  const categories = [...new Set([...first, ...second])].toSorted((a, b) => (a < b ? -1 : 1))
  const size = categories.length
  const indexOf = new Map(categories.map((category, i) => [category, i]))
  const rows = first.map(category => indexOf.get(category)!)
  const columns = second.map(category => indexOf.get(category)!)
  const weight = (a: number, b: number) => {
    if (weights === 'none') return a === b ? 0 : 1
    const step = Math.abs(a - b) / Math.max(1, size - 1)
    return weights === 'linear' ? step : step * step
  }
  const observed = sum(rows.map((row, i) => weight(row, columns[i]!)))
  const expected = sum(rows.map(row => sum(columns.map(column => weight(row, column))))) / first.length
  return expected > 0 ? 1 - observed / expected : null
}

/** Fleiss' κ: rows are items, columns categories, cells how many raters chose it; as many raters for each item. */
export function fleissKappa(counts: readonly (readonly number[])[]): Coefficient {
  const raters = sum(counts[0] ?? [])
  const pairs = raters * (raters - 1)
  if (pairs === 0) return null
  const agreement = sum(counts.map(row => sum(row.map(count => count * (count - 1))) / pairs)) / counts.length
  const shares = counts[0]!.map(
    (_, category) => sum(counts.map(row => row[category]!)) / (counts.length * raters),
  )
  const chance = sum(shares.map(share => share * share))
  return chance < 1 ? (agreement - chance) / (1 - chance) : null
}

/** ICC(2,1), two-way random, absolute agreement, one rater (Shrout and Fleiss 1979); complete ratings only. */
export function intraclassCorrelation(ratings: readonly (readonly number[])[]): Coefficient {
  const n = ratings.length
  const k = ratings[0]?.length ?? 0
  if (n < 2 || k < 2) return null
  const grand = sum(ratings.map(row => sum(row))) / (n * k)
  const items = ratings.map(row => sum(row) / k)
  const raters = ratings[0]!.map((_, rater) => sum(ratings.map(row => row[rater]!)) / n)
  const ofItems = (k * sum(items.map(mean => (mean - grand) ** 2))) / (n - 1)
  const ofRaters = (n * sum(raters.map(mean => (mean - grand) ** 2))) / (k - 1)
  const residuals = ratings.map((row, i) =>
    sum(row.map((value, rater) => (value - items[i]! - raters[rater]! + grand) ** 2)),
  )
  const ofErrors = sum(residuals) / ((n - 1) * (k - 1))
  const variance = ofItems + (k - 1) * ofErrors + (k * (ofRaters - ofErrors)) / n
  return variance > 0 ? (ofItems - ofErrors) / variance : null
}

/** The 95 % interval of a coefficient when items are drawn anew, or `null` if it is mostly undefined. */
export function bootstrapCoefficient<Item>(
  items: readonly Item[],
  coefficient: (items: readonly Item[]) => Coefficient,
  { samples = 1000, seed = 12_345 }: { samples?: number; seed?: number } = {},
): { low: number; high: number } | null {
  const random = new NumpyRandom(seed)
  const values: number[] = []
  for (let sample = 0; sample < samples && items.length > 0; sample++) {
    const value = coefficient(items.map(() => items[random.below(items.length)]!))
    if (value !== null) values.push(value)
  }
  if (values.length < samples / 2) return null
  values.sort((a, b) => a - b)
  const lower = Math.floor(values.length / 40)
  return { low: values[lower]!, high: values[values.length - lower - 1]! }
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
