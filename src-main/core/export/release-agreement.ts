import { RunId } from '#shared/contract/ids.ts'
import {
  ERROR_CATEGORIES,
  mqmPenalty,
  PROTOCOLS,
  RATING_PROTOCOLS,
  type RatingProtocol,
  SEVERITIES,
} from '#shared/domain/rating-protocols.ts'
import type { Judged } from '../rating/judged.ts'
import { measureAgreement, measurePairs } from '../rating/results/agreement.ts'
import type { DatasetCampaign, DatasetSpan, EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'

type Judgement = Pick<Judged, 'unit' | 'run' | 'annotator' | 'value'>

/** One set of judgements: a campaign, or the ratings beside the outputs. */
interface JudgedTogether {
  campaign: string | null
  protocol: RatingProtocol
  judgements: Judgement[]
}

/** `eval/agreement.json`: how far people agree on the outputs that several of them judged; repeats and checks aside. */
export function agreementRows(dataset: EvaluatedDataset) {
  return setsOf(dataset).map(({ campaign, protocol, judgements }) => {
    const annotators = annotatorsOf(judgements)
    const runs = [...new Set(judgements.map(({ run }) => run))].toSorted()
    const idOf = new Map(runs.map((run, i) => [run, RunId.parse(i + 1)]))
    const judged = judgements.map((judgement): Judged => ({
      ...judgement,
      runId: idOf.get(judgement.run)!,
      clipId: null,
      hypothesisId: null,
      name: '',
      text: '',
      at: 0,
      seconds: null,
      repeats: [],
    }))
    const systems = runs.map(run => ({ run, runId: idOf.get(run)! }))
    return {
      campaign,
      protocol,
      raters: annotators,
      judgements: judged.length,
      agreement: [...measureAgreement(judged, systems, annotators)].map(({ runId: _id, ...row }) => row),
      pairs: measurePairs({ judged, protocol }, annotators),
    }
  })
}

/** Those that two or more people took part in. */
function setsOf(dataset: EvaluatedDataset): JudgedTogether[] {
  const sets = [...ratingSets(dataset), ...dataset.campaigns.flatMap(campaignSet)]
  return sets.filter(({ judgements }) => annotatorsOf(judgements).length > 1)
}

/** Outputs are walked only where one of them is rated. */
export function isJudgedByMany(dataset: EvaluatedDataset, { runs }: Outline): boolean {
  if (runs.every(({ ratings }) => ratings === 0) && dataset.campaigns.length === 0) return false
  return setsOf(dataset).length > 0
}

const annotatorsOf = (judgements: readonly Judgement[]) =>
  [...new Set(judgements.map(({ annotator }) => annotator))].toSorted()

const unitOf = (...parts: (string | number)[]) => JSON.stringify(parts)

function ratingSets({ runs }: EvaluatedDataset): JudgedTogether[] {
  const byProtocol = new Map<RatingProtocol, Judgement[]>()
  for (const { name: run, hypotheses } of runs)
    for (const { clip, rank, ratings } of hypotheses)
      for (const { annotator, protocol, value } of ratings) {
        if (!isProtocol(protocol)) continue
        const judgements = byProtocol.get(protocol) ?? []
        judgements.push({ unit: unitOf(run, clip, rank), run, annotator, value })
        byProtocol.set(protocol, judgements)
      }
  return [...byProtocol]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([protocol, judgements]) => ({ campaign: null, protocol, judgements }))
}

function campaignSet({ name, protocol, items }: DatasetCampaign): JudgedTogether[] {
  if (!isProtocol(protocol)) return []
  const judgements: Judgement[] = []
  for (const { kind, place, outputs, judgements: ofItem } of items)
    for (const { annotator, finishedAt, values } of kind === 'judge' ? ofItem : []) {
      if (finishedAt === null) continue
      for (const { slot, value: given, spans } of values) {
        const output = outputs.find(each => each.slot === slot)
        const value = PROTOCOLS[protocol].kind === 'errors' ? penaltyOf(spans) : given
        if (output && value !== null)
          judgements.push({ unit: unitOf(place, slot), run: output.run, annotator, value })
      }
    }
  return [{ campaign: name, protocol, judgements }]
}

const isProtocol = (name: string): name is RatingProtocol => RATING_PROTOCOLS.some(known => known === name)

/** Marks of an unknown kind, which a newer program may have made, weigh nothing. */
function penaltyOf(spans: readonly DatasetSpan[]): number {
  const marks = spans.flatMap(({ severity, category }) => {
    const known = SEVERITIES.find(each => each === severity)
    return known
      ? [{ severity: known, category: ERROR_CATEGORIES.find(each => each === category) ?? null }]
      : []
  })
  return mqmPenalty(marks)
}
