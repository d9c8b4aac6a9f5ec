import type { Coefficient } from './agreement.ts'

/**
 * What raters said of the same things, summed: how often (or for how long) each combination of categories was given.
 * Categories are whole numbers below 2^26, in the order of the raters; weights are counts or milliseconds.
 */
export class Ratings {
  private readonly weights = new Map<number | string, { categories: readonly number[]; weight: number }>()
  total = 0

  add(categories: readonly number[], weight: number): void {
    if (weight <= 0) return
    this.total += weight
    const key = keyOf(categories)
    const known = this.weights.get(key)
    if (known) known.weight += weight
    else this.weights.set(key, { categories: [...categories], weight })
  }

  addAll(other: Ratings): void {
    for (const { categories, weight } of other.rows()) this.add(categories, weight)
  }

  rows(): IterableIterator<{ categories: readonly number[]; weight: number }> {
    return this.weights.values()
  }
}

const CATEGORIES = 2 ** 26

/** Two raters are nearly all there is to count, and numbers are found several times as fast as texts. */
function keyOf(categories: readonly number[]): number | string {
  return categories.length === 2 ? categories[0]! * CATEGORIES + categories[1]! : categories.join()
}

function addTo(sums: Map<number, number>, key: number, weight: number): void {
  sums.set(key, (sums.get(key) ?? 0) + weight)
}

/**
 * Cohen's κ (1960) of two raters: (p_o − p_e) / (1 − p_e), p_e from each rater's own shares.
 * `null` where nothing was rated or both used one and the same category only.
 */
export function cohenOf(ratings: Ratings): Coefficient {
  const [rows, columns] = [new Map<number, number>(), new Map<number, number>()]
  let agreed = 0
  for (const { categories, weight } of ratings.rows()) {
    const [a, b] = categories as [number, number]
    addTo(rows, a, weight)
    addTo(columns, b, weight)
    if (a === b) agreed += weight
  }
  if (ratings.total === 0) return null
  let expected = 0
  for (const [category, weight] of rows) expected += weight * (columns.get(category) ?? 0)
  return corrected(agreed / ratings.total, expected / ratings.total ** 2)
}

/**
 * Fleiss' κ (1971) of a fixed number of raters. `null` where nothing was rated, or all used one category only.
 */
export function fleissOf(ratings: Ratings): Coefficient {
  const shares = new Map<number, number>()
  let agreed = 0
  let given = 0
  for (const { categories, weight } of ratings.rows()) {
    const counts = countsOf(categories)
    for (const [category, count] of counts) addTo(shares, category, weight * count)
    given += weight * categories.length
    const pairs = categories.length * (categories.length - 1)
    if (pairs === 0) return null
    agreed += (weight * sum([...counts.values()].map(count => count * (count - 1)))) / pairs
  }
  if (ratings.total === 0) return null
  return corrected(agreed / ratings.total, sum([...shares.values()].map(share => (share / given) ** 2)))
}

/**
 * Krippendorff's nominal α (2011) of any number of raters without gaps: 1 − (n − 1) D_o / D_e with n the number of
 * ratings. Units weighted by milliseconds are as many units of one millisecond.
 */
export function nominalAlphaOf(ratings: Ratings): Coefficient {
  const totals = new Map<number, number>()
  let observed = 0
  for (const { categories, weight } of ratings.rows()) {
    if (categories.length < 2) continue
    const counts = countsOf(categories)
    for (const [category, count] of counts) addTo(totals, category, weight * count)
    const same = sum([...counts.values()].map(count => count * (count - 1)))
    observed += (weight * (categories.length * (categories.length - 1) - same)) / (categories.length - 1)
  }
  const n = sum([...totals.values()])
  const expected = n ** 2 - sum([...totals.values()].map(total => total ** 2))
  return expected > 0 ? 1 - ((n - 1) * observed) / expected : null
}

/** The category of annotations that the other rater does not have. */
export const NOTHING = 0

const MOST_ROUNDS = 1000
const CLOSE = 1e-10

/**
 * Cohen's κ of two annotators who also chose what to annotate (Holle and Rein 2015, EasyDIAg): what only one of them
 * has counts as a pair with `NOTHING`. Both having nothing cannot be observed, so that cell is left out of the chance
 * model: expected values are fitted to the margins by iterative proportional fitting around it.
 */
export function cohenWithUnmatched(ratings: Ratings): Coefficient {
  const [rows, columns] = [new Map<number, number>(), new Map<number, number>()]
  let agreed = 0
  for (const { categories, weight } of ratings.rows()) {
    const [a, b] = categories as [number, number]
    addTo(rows, a, weight)
    addTo(columns, b, weight)
    if (a === b) agreed += weight
  }
  if (ratings.total === 0) return null
  const fitted = fitAroundNothing(rows, columns)
  let expected = 0
  for (const [category, row] of fitted.rows)
    if (category !== NOTHING) expected += row * (fitted.columns.get(category) ?? 0)
  return corrected(agreed / ratings.total, expected / ratings.total)
}

/** Row and column factors whose products sum to the margins, with nothing in the cell of `NOTHING` twice. */
function fitAroundNothing(rows: ReadonlyMap<number, number>, columns: ReadonlyMap<number, number>) {
  const rowFactors = new Map([...rows.keys()].map(key => [key, 1]))
  const columnFactors = new Map([...columns.keys()].map(key => [key, 1]))
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const moved = scale(rowFactors, rows, columnFactors) + scale(columnFactors, columns, rowFactors)
    if (moved < CLOSE) break
  }
  return { rows: rowFactors, columns: columnFactors }
}

function scale(
  factors: Map<number, number>,
  margins: ReadonlyMap<number, number>,
  others: ReadonlyMap<number, number>,
): number {
  const all = sum([...others.values()])
  let moved = 0
  for (const [category, margin] of margins) {
    const reach = category === NOTHING ? all - (others.get(NOTHING) ?? 0) : all
    const factor = reach > 0 ? margin / reach : 0
    moved += Math.abs(factor - (factors.get(category) ?? 0)) / (1 + factor)
    factors.set(category, factor)
  }
  return moved
}

function countsOf(categories: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const category of categories) addTo(counts, category, 1)
  return counts
}

/** Agreement above chance, as a share of what is possible above it. */
export function corrected(observed: number, expected: number): Coefficient {
  return 1 - expected > 1e-12 ? (observed - expected) / (1 - expected) : null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
