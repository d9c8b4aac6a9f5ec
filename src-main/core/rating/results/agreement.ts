import type { RaterPair, RatedSystem, RatingAgreement } from '#shared/contract/rating.ts'
import { seededRandom } from '#shared/domain/seeded-random.ts'
import {
  cohenKappa,
  intraclassCorrelation,
  krippendorffAlpha,
  type Unit,
} from '../../../metrics/agreement.ts'
import { byUnit, categoryOf, type Judged, type JudgedSet, meanOf } from '../judged.ts'

const RESAMPLES = 1000
const SEED = 12_345

/** A row per unit that two or more judged, a column per annotator. */
function matrixOf(judged: readonly Judged[], annotators: readonly string[]): Unit[] {
  const column = new Map(annotators.map((annotator, at) => [annotator, at]))
  return byUnit(judged)
    .filter(unit => unit.length > 1)
    .map(unit => {
      const row: (number | null)[] = annotators.map(() => null)
      for (const { annotator, value } of unit) row[column.get(annotator)!] = value
      return row
    })
}

/**
 * The 95 % interval of the interval-level α by bootstrap over units. At this level a unit enters by four sums,
 * so a resample adds numbers instead of counting coincidences.
 */
function alphaInterval(units: readonly Unit[]): { low: number; high: number } | null {
  const rows = units.length
  if (rows < 2) return null
  const sums = new Float64Array(rows * 4)
  units.forEach((unit, row) => {
    const values = unit.filter(value => value !== null)
    const sum = values.reduce((total, value) => total + value, 0)
    const squares = values.reduce((total, value) => total + value * value, 0)
    const within = (2 * values.length * squares - 2 * sum * sum) / (values.length - 1)
    sums.set([values.length, sum, squares, within], row * 4)
  })
  const random = seededRandom(SEED)
  const alphas: number[] = []
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let [n, sum, squares, observed] = [0, 0, 0, 0]
    for (let draw = 0; draw < rows; draw++) {
      const at = random.below(rows) * 4
      n += sums[at]!
      sum += sums[at + 1]!
      squares += sums[at + 2]!
      observed += sums[at + 3]!
    }
    const expected = 2 * n * squares - 2 * sum * sum
    if (expected > 1e-9) alphas.push(1 - ((n - 1) * observed) / expected)
  }
  // Where most resamples do not vary at all, an interval would speak for the few that do.
  if (alphas.length < RESAMPLES / 2) return null
  alphas.sort((a, b) => a - b)
  const lower = Math.floor(alphas.length / 40)
  return { low: alphas[lower]!, high: alphas[alphas.length - lower - 1]! }
}

function agreementOf(judged: readonly Judged[], annotators: readonly string[]) {
  const units = matrixOf(judged, annotators)
  const complete = units.filter((unit): unit is number[] => unit.every(value => value !== null))
  return {
    units: units.length,
    alpha: {
      nominal: krippendorffAlpha(units, 'nominal'),
      ordinal: krippendorffAlpha(units, 'ordinal'),
      interval: krippendorffAlpha(units, 'interval'),
      // Ratios of values below zero mean nothing.
      ratio: units.some(unit => unit.some(value => value !== null && value < 0))
        ? null
        : krippendorffAlpha(units, 'ratio'),
    },
    interval: alphaInterval(units),
    icc: intraclassCorrelation(complete),
  }
}

/**
 * Agreement over all systems, without each, and on each alone: one system that everybody finds perfect can lift α
 * over all however little is agreed on the others. Each part is measured as it is asked for: it takes a while.
 */
export function* measureAgreement(
  judged: readonly Judged[],
  systems: readonly Pick<RatedSystem, 'runId' | 'run'>[],
  annotators: readonly string[],
): Generator<RatingAgreement> {
  yield { part: 'all', runId: null, run: null, ...agreementOf(judged, annotators) }
  if (systems.length < 2) return
  for (const part of ['without', 'only'] as const)
    for (const { runId, run } of systems) {
      const chosen = judged.filter(each => (each.runId === runId) === (part === 'only'))
      yield { part, runId, run, ...agreementOf(chosen, annotators) }
    }
}

/** Each two annotators on what both judged. */
export function measurePairs(
  { judged, protocol }: Pick<JudgedSet, 'judged' | 'protocol'>,
  annotators: readonly string[],
): RaterPair[] {
  const units = matrixOf(judged, annotators)
  return annotators.flatMap((first, a) =>
    annotators.slice(a + 1).map((second, offset) => {
      const both = units.flatMap(unit => {
        const [x, y] = [unit[a], unit[a + 1 + offset]]
        return x != null && y != null ? [[x, y] as const] : []
      })
      const xs = both.map(([x]) => categoryOf(x, protocol))
      const ys = both.map(([, y]) => categoryOf(y, protocol))
      const kappa = (weights: 'none' | 'linear' | 'quadratic') =>
        both.length > 0 ? cohenKappa(xs, ys, weights) : null
      return {
        first,
        second,
        units: both.length,
        kappa: kappa('none'),
        linear: kappa('linear'),
        quadratic: kappa('quadratic'),
        bias: both.length > 0 ? meanOf(both.map(([x, y]) => y - x)) : 0,
      }
    }),
  )
}
