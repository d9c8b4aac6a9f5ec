import type { RatedSystem } from '#shared/contract/rating.ts'
import { PROTOCOLS, type RatingProtocol } from '#shared/domain/rating-protocols.ts'
import { seededRandom } from '#shared/domain/seeded-random.ts'
import { byUnit, deviationOf, type Judged, meanOf } from '../judged.ts'

const RESAMPLES = 1000
const TRIALS = 1000
const SEED = 12_345
const SIGNIFICANT = 0.05

interface UnitMean {
  /** The clip or document: the same for all systems. */
  place: string
  mean: number
  z: number | null
}

/** Which of eleven equal steps of the scale a value is on; the last holds the highest value alone. */
export function binOf(value: number, protocol: RatingProtocol): number {
  const { min, max } = PROTOCOLS[protocol]
  return Math.max(0, Math.min(10, Math.floor(((value - min) / (max - min)) * 10 + 1e-9)))
}

/** Values standardised within each annotator: mean 0, standard deviation 1 (n − 1); null where one's values never vary. */
function standardised(judged: readonly Judged[]): Map<Judged, number | null> {
  const result = new Map<Judged, number | null>()
  for (const own of Map.groupBy(judged, each => each.annotator).values()) {
    const values = own.map(({ value }) => value)
    const [mean, deviation] = [meanOf(values), deviationOf(values)]
    for (const each of own) result.set(each, deviation ? (each.value - mean) / deviation : null)
  }
  return result
}

function unitMeans(own: readonly Judged[], z: ReadonlyMap<Judged, number | null>): UnitMean[] {
  return byUnit(own).map(unit => {
    const zs = unit.map(each => z.get(each) ?? null).filter(value => value !== null)
    const [{ clipId, name }] = unit as [Judged]
    return {
      place: clipId === null ? `document ${name}` : `clip ${clipId}`,
      mean: meanOf(unit.map(({ value }) => value)),
      z: zs.length > 0 ? meanOf(zs) : null,
    }
  })
}

function bootstrapMean(values: readonly number[]): { low: number; high: number } | null {
  if (values.length < 2) return null
  const random = seededRandom(SEED)
  const means = new Float64Array(RESAMPLES)
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0
    for (let draw = 0; draw < values.length; draw++) sum += values[random.below(values.length)]!
    means[sample] = sum / values.length
  }
  means.sort()
  const lower = Math.floor(RESAMPLES / 40)
  return { low: means[lower]!, high: means[RESAMPLES - lower - 1]! }
}

/** Approximate randomization over the clips that both were judged on: each difference may as well have the other sign. */
function differs(first: readonly UnitMean[], second: readonly UnitMean[]): boolean {
  const means = Map.groupBy(second, unit => unit.place)
  const differences = first.flatMap(unit => {
    const others = means.get(unit.place)
    return others ? [unit.mean - meanOf(others.map(({ mean }) => mean))] : []
  })
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0))
  if (observed < 1e-9) return false
  const random = seededRandom(SEED)
  const nonZero = differences.filter(value => value !== 0)
  let asExtreme = 0
  for (let trial = 0; trial < TRIALS; trial++) {
    let sum = 0
    for (const value of nonZero) sum += random.below(2) === 1 ? value : -value
    if (Math.abs(sum) >= observed - 1e-9) asExtreme += 1
  }
  return (asExtreme + 1) / (TRIALS + 1) < SIGNIFICANT
}

/** The systems of these judgements, best first. */
export function rateSystems(judged: readonly Judged[], protocol: RatingProtocol): RatedSystem[] {
  const { isHigherBetter } = PROTOCOLS[protocol]
  const sign = isHigherBetter ? -1 : 1
  const z = standardised(judged)
  const systems = [...Map.groupBy(judged, each => each.runId).values()].map(own => {
    const units = unitMeans(own, z)
    return { own, units, mean: meanOf(units.map(({ mean }) => mean)) }
  })
  systems.sort((a, b) => sign * (a.mean - b.mean) || (a.own[0]!.run < b.own[0]!.run ? -1 : 1))
  const isApart = systems.map((a, i) => systems.map((b, j) => i !== j && differs(a.units, b.units)))
  return systems.map(({ own, units, mean }, at) => {
    const zs = units.map(unit => unit.z).filter(value => value !== null)
    const bins = Array.from({ length: 11 }, () => 0)
    for (const { value } of own) bins[binOf(value, protocol)]! += 1
    return {
      runId: own[0]!.runId,
      run: own[0]!.run,
      units: units.length,
      judgements: own.length,
      mean,
      interval: bootstrapMean(units.map(unit => unit.mean)),
      z: zs.length > 0 ? meanOf(zs) : null,
      rankFrom: 1 + systems.filter((_, other) => other < at && isApart[at]![other]).length,
      rankTo: systems.length - systems.filter((_, other) => other > at && isApart[at]![other]).length,
      bins,
    }
  })
}
