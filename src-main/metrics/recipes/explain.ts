import {
  PROCEDURE_KEYS,
  type ExplainedStep,
  type RecipeId,
  type ScoreGap,
} from '#shared/contract/evaluation.ts'
import type { RoundTrip } from './prepare-text.ts'
import { keysOf, type Procedure } from './procedure.ts'
import { scoreSystems } from './score-tables.ts'

export interface WayOfScoring {
  recipe: RecipeId
  procedure: Procedure
  /** As `metricUnder` takes it. */
  metric: string
}

export interface ExplainInput {
  hypotheses: readonly string[]
  references: readonly (readonly (string | null)[])[]
  from: WayOfScoring
  to: WayOfScoring
  /** A number that somebody published by `to`, of another system: the rest of the gap is theirs. */
  published?: number | undefined
  roundTrip?: RoundTrip | undefined
}

/** Points with two decimals as whole hundredths: what is printed adds up. */
const hundredths = (score: number) => Math.round(score * 100)

/**
 * Splits the gap between two scores of the same output into steps that each change one thing, in the order of
 * `PROCEDURE_KEYS`. What a step moves depends on those before it; the sum does not.
 */
export function explainGap(input: ExplainInput): ScoreGap {
  const { published } = input
  const from = asScored(input.from, input.roundTrip)
  const to = asScored(input.to, input.roundTrip)
  const score = (way: WayOfScoring) => scoreBy(input, way)
  const first = score(from)
  const steps: ExplainedStep[] = []
  let before = first.score
  const note = (step: Omit<ExplainedStep, 'points'>) => {
    steps.push({ ...step, points: (hundredths(step.score) - hundredths(before)) / 100 })
    before = step.score
  }

  let way = { ...from }
  for (const key of differingKeys(from, to)) {
    way = { ...way, procedure: { ...way.procedure, [key]: to.procedure[key] } }
    note({ key, from: from.procedure[key], to: to.procedure[key], score: score(way).score })
  }
  const last = score(to)
  if (from.metric !== to.metric)
    note({ key: 'metric', from: first.metric, to: last.metric, score: last.score })
  if (published !== undefined) note({ key: 'system', from: '', to: '', score: published })
  const gap = (hundredths(before) - hundredths(first.score)) / 100
  const end = (recipe: RecipeId, { score: value, signature, slt }: typeof first) => ({
    recipe,
    score: value,
    signature,
    slt,
  })
  return {
    metric: last.metric,
    from: end(from.recipe, first),
    to: { ...end(to.recipe, last), ...(published === undefined ? {} : { score: published }) },
    steps,
    gap,
  }
}

/** Without a tokenizer nothing goes through it, so it is no step either. */
function asScored(way: WayOfScoring, roundTrip: RoundTrip | undefined): WayOfScoring {
  return roundTrip ? way : { ...way, procedure: { ...way.procedure, refsrc: 'raw' } }
}

/** Where the metrics differ, the way walks in the settings of both. */
function differingKeys(from: WayOfScoring, to: WayOfScoring) {
  const relevant = new Set([...keysOf(from.metric), ...keysOf(to.metric)])
  return PROCEDURE_KEYS.filter(key => relevant.has(key) && from.procedure[key] !== to.procedure[key])
}

function scoreBy({ hypotheses, references, roundTrip }: ExplainInput, way: WayOfScoring) {
  const { procedure, recipe, metric } = way
  const tables = scoreSystems(
    { hypotheses: [hypotheses], references },
    { procedure, recipe, metrics: [metric], roundTrip },
  )
  const line = tables.line(metric)
  return { metric: line.metric, score: line.scores[0]!, signature: line.signature, slt: line.slt }
}
