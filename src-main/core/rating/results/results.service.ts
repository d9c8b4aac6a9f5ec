import { setImmediate } from 'node:timers/promises'
import type { RunId } from '#shared/contract/ids.ts'
import type {
  RatedFilter,
  RatedUnit,
  RatingAgreement,
  RatingReport,
  RatingScope,
  RatingSet,
  RatingSource,
} from '#shared/contract/rating.ts'
import type { RatingProtocol } from '#shared/domain/rating-protocols.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { CorpusContext } from '../../context.ts'
import { byUnit, type Judged, type JudgedSet, meanOf } from '../judged.ts'
import { type CampaignRow, listCampaigns, listProgress } from '../campaign/campaign.queries.ts'
import { requireCampaign } from '../campaign/describe-campaign.ts'
import { judgedCampaign } from '../campaign/judged-campaign.ts'
import { countRatings, listRatings } from '../judged.queries.ts'
import { measureAgreement, measurePairs } from './agreement.ts'
import { describeRaters } from './raters.ts'
import { binOf, rateSystems } from './systems.ts'

interface UnitsRequest extends RatingScope {
  filter: RatedFilter
  offset: number
  limit: number
}

/** What the judgements say about systems and about the people who gave them. */
export function createRatingResults(context: CorpusContext) {
  const { db } = context

  function load(source: RatingSource): JudgedSet {
    if (source.kind === 'campaign') return judgedCampaign(db, requireCampaign(db, source.campaignId))
    return { name: '', protocol: 'da', judged: listRatings(db), checks: [] }
  }

  function scoped({ source, runIds, of }: RatingScope): JudgedSet {
    const set = load(source)
    const chosen = runIds && new Set<RunId>(runIds)
    const isMeant = ({ runId, clipId }: Pick<Judged, 'runId' | 'clipId'>) =>
      (chosen?.has(runId) ?? true) && (of === 'both' || (of === 'clips') === (clipId !== null))
    return { ...set, judged: set.judged.filter(isMeant), checks: set.checks.filter(isMeant) }
  }

  function sources(): RatingSet[] {
    const outside = countRatings(db)
    const campaigns = listCampaigns(db).map(row => setOf(db, row))
    if (outside.judgements === 0) return campaigns
    return [...campaigns, { source: { kind: 'ratings' }, name: '', protocol: 'da', ...outside }]
  }

  /** Between its parts others get their turn. */
  async function results(scope: RatingScope, signal?: AbortSignal): Promise<RatingReport> {
    const set = scoped(scope)
    const { name, protocol, judged } = set
    const annotators = [...new Set(judged.map(each => each.annotator))].toSorted()
    const systems = rateSystems(judged, protocol)
    const agreement: RatingAgreement[] = []
    for (const part of measureAgreement(judged, systems, annotators)) {
      agreement.push(part)
      await setImmediate()
      signal?.throwIfAborted()
    }
    return {
      name,
      protocol,
      units: new Set(judged.map(each => each.unit)).size,
      judgements: judged.length,
      systems,
      agreement,
      pairs: measurePairs(set, annotators),
      raters: describeRaters(set, annotators),
    }
  }

  function units({ filter, offset, limit, ...scope }: UnitsRequest): { total: number; rows: RatedUnit[] } {
    const { protocol, judged, checks } = scoped(scope)
    const all = filter.only === 'checks' ? checks.map(check => ({ ...check, repeats: [] })) : judged
    const rows = byUnit(all.filter(each => isOfRun(each, filter)))
      .map(unitOf)
      .filter(unit => isWanted(unit, filter, protocol))
    const isOrdered = filter.only === 'disagreements'
    rows.sort(
      (a, b) => (isOrdered ? b.spread - a.spread : 0) || (a.name < b.name ? -1 : Number(a.name > b.name)),
    )
    return { total: rows.length, rows: rows.slice(offset, offset + limit) }
  }

  return { load, scoped, sources, results, units }
}

export type RatingResults = ReturnType<typeof createRatingResults>

function isOfRun({ runId }: Judged, filter: RatedFilter): boolean {
  if (filter.runId !== undefined && runId !== filter.runId) return false
  return filter.exceptRunId === undefined || runId !== filter.exceptRunId
}

function unitOf(unit: readonly Judged[]): RatedUnit {
  const [{ clipId, name, runId, run, text }] = unit as [Judged]
  const values = unit.map(({ value }) => value)
  return {
    clipId,
    name,
    runId,
    run,
    text,
    judgements: unit
      .map(({ annotator, value, repeats, at }) => ({ annotator, value, repeats: [...repeats], at }))
      .toSorted((a, b) => (a.annotator < b.annotator ? -1 : 1)),
    mean: meanOf(values),
    spread: Math.max(...values) - Math.min(...values),
  }
}

function isWanted(
  unit: RatedUnit,
  { annotators, bin, only }: RatedFilter,
  protocol: RatingProtocol,
): boolean {
  const named = unit.judgements.filter(({ annotator }) => annotators?.includes(annotator) ?? true)
  if (
    named.length <
    (only === 'disagreements' ? Math.max(2, annotators?.length ?? 0) : (annotators?.length ?? 1))
  )
    return false
  if (only === 'disagreements' && new Set(named.map(({ value }) => value)).size < 2) return false
  if (only === 'repeats' && named.every(({ repeats }) => repeats.length === 0)) return false
  return bin === undefined || named.some(({ value }) => binOf(value, protocol) === bin)
}

function setOf(db: ReadDb, { id, name, protocol }: CampaignRow): RatingSet {
  const progress = listProgress(db, id).filter(({ finished }) => finished > 0)
  return {
    source: { kind: 'campaign', campaignId: id },
    name,
    protocol,
    judgements: progress.reduce((sum, { finished }) => sum + finished, 0),
    annotators: progress.map(({ annotator }) => annotator),
  }
}
