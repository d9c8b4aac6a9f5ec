import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import type { ReferenceCount } from '#main/metrics/metric.ts'
import { normalised, type Procedure, sltSignature } from '#main/metrics/recipes/procedure.ts'
import { procedureOf, recipeNamed } from '#main/metrics/recipes/registry.ts'
import { createScoreTables, familyOf } from '#main/metrics/recipes/score-tables.ts'
import type { Measured, RunningScore } from '../evaluation/running-score.ts'
import type { EvaluatedDataset } from './dataset.types.ts'

/** sacreBLEU on the sentences as they are: what every release is scored by, so that its plain files give its numbers. */
export const PLAIN_WAY: EvaluationChoice = { recipe: 'sacrebleu', normalisers: [] }

export interface WayScore {
  /** As the command line takes it. */
  key: string
  metric: string
  score: number
  signature: string
  slt: string
}

/** A run under one recipe, on exactly the lines of its files. */
export interface ScoredWay {
  choice: EvaluationChoice
  references: ReferenceCount
  scores: WayScore[]
  measured: (key: string) => Measured
}

export const keyOfWay = ({ recipe, normalisers }: EvaluationChoice): string =>
  [recipe, ...normalisers.toSorted()].join('+')

/** As people read it: `neccam2020 + case`. */
export const nameOfWay = ({ recipe, normalisers }: EvaluationChoice): string =>
  [recipe, ...normalisers].join(' + ')

/** The ways whose numbers are in a release: sacreBLEU's and, where somebody chose another, the corpus's. */
export function releasedWays({ evaluation }: EvaluatedDataset): EvaluationChoice[] {
  return keyOfWay(evaluation) === keyOfWay(PLAIN_WAY) ? [PLAIN_WAY] : [PLAIN_WAY, evaluation]
}

/** Metrics that get an interval and are tested: shorter BLEU orders follow from the same statistics. */
export function testedKeys({ scores }: ScoredWay): string[] {
  return scores.map(({ key }) => key).filter(key => !/^bleu-[123]$/.test(key) && key !== 'chrf++')
}

/** Every way but the plain one that is asked of a dataset: the corpus's, and those of the tests that people made. */
export function otherWays({ evaluation, tests }: EvaluatedDataset): EvaluationChoice[] {
  const ways = new Map(
    [evaluation, ...tests].map(({ recipe, normalisers }) => [
      keyOfWay({ recipe, normalisers }),
      { recipe, normalisers },
    ]),
  )
  ways.delete(keyOfWay(PLAIN_WAY))
  return [...ways.values()]
}

/** The plain way of a run that a running score has added up. */
export function plainWay(
  running: RunningScore,
  { keys, language, references }: { keys: readonly string[]; language: string; references: number },
): ScoredWay {
  const procedure = procedureOf(PLAIN_WAY.recipe, language)
  const scores = running.scores().map(({ metric, score, signature }, i) => {
    const key = keys[i]!
    return { key, metric, score, signature, slt: sltSignature(procedure, key, PLAIN_WAY.recipe) }
  })
  return { choice: PLAIN_WAY, references, scores, measured: running.measured }
}

/** What decides a way's scores besides the sentences. */
export type WayOptions = Pick<EvaluatedDataset, 'roundTrip'> & { language: string }

/** How a way prepares and scores texts; without a tokenizer references stay as they are. */
export function procedureOfWay(
  { recipe, normalisers }: EvaluationChoice,
  { language, roundTrip }: WayOptions,
): Procedure {
  const procedure = normalised(procedureOf(recipe, language), normalisers)
  return roundTrip ? procedure : { ...procedure, refsrc: 'raw' }
}

/** One run under another recipe; its segments come one after the other. */
export function createWay(choice: EvaluationChoice, segments: number, options: WayOptions) {
  const { recipe } = choice
  const { metrics } = recipeNamed(recipe)
  const procedure = procedureOfWay(choice, options)
  const { roundTrip } = options
  const tables = createScoreTables({ systems: 1, segments }, { procedure, recipe, metrics, roundTrip })
  let filled = 0

  function add(hypothesis: string, references: readonly string[]): void {
    tables.fill(filled++, { hypotheses: [[hypothesis]], references: [references] })
  }

  function measured(key: string): Measured {
    const family = tables.families.find(each => each.key === familyOf(key))!
    return { metric: tables.metricOf(key), table: family.tables[0]! }
  }

  const result = (): ScoredWay => ({
    choice,
    references: tables.nrefs(),
    scores:
      segments === 0 ? [] : tables.lines().map(({ scores, ...line }) => ({ ...line, score: scores[0]! })),
    measured,
  })

  return { add, result }
}
