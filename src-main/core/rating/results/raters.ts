import type { z } from 'zod'
import type { DriftStep, Rater } from '#shared/contract/rating.ts'
import type { RatingProtocol } from '#shared/domain/rating-protocols.ts'
import { cohenKappa } from '../../../metrics/agreement.ts'
import { byUnit, categoryOf, deviationOf, type Judged, type JudgedSet, meanOf, medianOf } from '../judged.ts'

const MOST_STEPS = 20
/** Fewer judgements than these in a step would show chance. */
const FEWEST_IN_STEP = 5

type Step = z.infer<typeof DriftStep>

/** How much higher each judgement is than the mean of the others' on the same unit. */
function biases(judged: readonly Judged[]): Map<Judged, number> {
  const result = new Map<Judged, number>()
  for (const unit of byUnit(judged)) {
    if (unit.length < 2) continue
    const sum = unit.reduce((total, { value }) => total + value, 0)
    for (const each of unit) result.set(each, each.value - (sum - each.value) / (unit.length - 1))
  }
  return result
}

function driftOf(own: readonly Judged[], bias: ReadonlyMap<Judged, number>): Step[] {
  const inTime = own.toSorted((a, b) => a.at - b.at)
  const steps = Math.min(MOST_STEPS, Math.floor(inTime.length / FEWEST_IN_STEP))
  return Array.from({ length: steps }, (_, step) => {
    const part = inTime.slice(
      Math.round((step * inTime.length) / steps),
      Math.round(((step + 1) * inTime.length) / steps),
    )
    return {
      at: part[0]!.at,
      judgements: part.length,
      bias: meanOrNull(part.map(each => bias.get(each)).filter(value => value !== undefined)),
      seconds: medianOf(part.map(({ seconds }) => seconds).filter(value => value !== null)),
    }
  })
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length > 0 ? meanOf(values) : null
}

function repeatsOf(own: readonly Judged[], protocol: RatingProtocol) {
  const pairs = own.flatMap(({ value, repeats }) => repeats.map(again => [value, again] as const))
  const first = pairs.map(([value]) => categoryOf(value, protocol))
  const again = pairs.map(([, value]) => categoryOf(value, protocol))
  return {
    repeats: pairs.length,
    repeatKappa: pairs.length > 0 ? cohenKappa(first, again) : null,
    repeatQuadratic: pairs.length > 0 ? cohenKappa(first, again, 'quadratic') : null,
    repeatDifference: meanOrNull(pairs.map(([value, other]) => Math.abs(value - other))),
  }
}

/** What each annotator's judgements tell about the annotator: with others, with themselves, over time. */
export function describeRaters(
  { judged, checks, protocol }: JudgedSet,
  annotators: readonly string[],
): z.infer<typeof Rater>[] {
  const bias = biases(judged)
  const byAnnotator = Map.groupBy(judged, each => each.annotator)
  return annotators.map(annotator => {
    const own = byAnnotator.get(annotator) ?? []
    const values = own.map(({ value }) => value)
    const ownChecks = checks.filter(check => check.annotator === annotator && check.isPassed !== null)
    return {
      annotator,
      judgements: own.length,
      mean: own.length > 0 ? meanOf(values) : 0,
      deviation: deviationOf(values),
      bias: meanOrNull(own.map(each => bias.get(each)).filter(value => value !== undefined)),
      seconds: medianOf(own.map(({ seconds }) => seconds).filter(value => value !== null)),
      ...repeatsOf(own, protocol),
      checks: ownChecks.length,
      checksPassed: ownChecks.filter(({ isPassed }) => isPassed).length,
      drift: driftOf(own, bias),
    }
  })
}
