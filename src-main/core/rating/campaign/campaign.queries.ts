import type { CampaignId, CampaignItemId, ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import type { ErrorMark, RatingProtocol } from '#shared/domain/rating-protocols.ts'
import { prepared } from '../../../db/prepared.ts'
import type { ReadDb } from '../../../db/types.ts'

export interface CampaignRow {
  id: CampaignId
  name: string
  protocol: RatingProtocol
  seed: number
  showsReference: number
  source: string
  createdAt: number
  createdBy: string
  runs: number
  clips: number
  screens: number
}

const COLUMNS = `
  SELECT campaign.id, campaign.name, protocol, seed, shows_reference AS showsReference, source,
    created_at AS createdAt, created_by AS createdBy,
    (SELECT count(DISTINCT run_id) FROM campaign_item JOIN campaign_output ON item_id = campaign_item.id
       JOIN hypothesis ON hypothesis.id = hypothesis_id WHERE campaign_id = campaign.id) AS runs,
    (SELECT count(DISTINCT clip_id) FROM campaign_item WHERE campaign_id = campaign.id) AS clips,
    (SELECT count(*) FROM campaign_item WHERE campaign_id = campaign.id) AS screens
  FROM campaign`
const ALL = prepared<[], CampaignRow>(`${COLUMNS} ORDER BY campaign.id DESC`)
const ONE = prepared<[CampaignId], CampaignRow>(`${COLUMNS} WHERE campaign.id = ?`)

/** Newest first. */
export function listCampaigns(db: ReadDb): CampaignRow[] {
  return ALL(db).all()
}

export function findCampaign(db: ReadDb, id: CampaignId): CampaignRow | undefined {
  return ONE(db).get(id)
}

const PROGRESS = prepared<[CampaignId], { annotator: string; finished: number; lastAt: number | null }>(
  `SELECT annotator, count(finished_at) AS finished, max(finished_at) AS lastAt
   FROM judgement JOIN campaign_item ON campaign_item.id = item_id
   WHERE campaign_id = ? GROUP BY annotator ORDER BY annotator`,
)

export function listProgress(db: ReadDb, id: CampaignId) {
  return PROGRESS(db).all(id)
}

export interface ItemRow {
  id: CampaignItemId
  campaignId: CampaignId
  place: number
  clipId: ClipId
}

const NEXT = prepared<{ campaignId: CampaignId; annotator: string }, ItemRow>(
  `SELECT id, campaign_id AS campaignId, place, clip_id AS clipId FROM campaign_item AS item
   WHERE campaign_id = :campaignId
     AND NOT EXISTS (SELECT 1 FROM judgement WHERE item_id = item.id AND annotator = :annotator
       AND finished_at IS NOT NULL)
     AND EXISTS (SELECT 1 FROM campaign_output WHERE item_id = item.id)
   ORDER BY place LIMIT 1`,
)

/** The first screen that the annotator has not finished. */
export function nextItem(db: ReadDb, campaignId: CampaignId, annotator: string): ItemRow | undefined {
  return NEXT(db).get({ campaignId, annotator })
}

const AT = prepared<[CampaignId, number], ItemRow>(
  `SELECT id, campaign_id AS campaignId, place, clip_id AS clipId FROM campaign_item WHERE campaign_id = ? AND place = ?`,
)

export function itemAt(db: ReadDb, campaignId: CampaignId, place: number): ItemRow | undefined {
  return AT(db).get(campaignId, place)
}

const ITEM = prepared<[CampaignItemId], ItemRow>(
  `SELECT id, campaign_id AS campaignId, place, clip_id AS clipId FROM campaign_item WHERE id = ?`,
)

export function findItem(db: ReadDb, id: CampaignItemId): ItemRow | undefined {
  return ITEM(db).get(id)
}

const OUTPUTS = prepared<[CampaignItemId], { outputId: number; text: string }>(
  `SELECT id AS outputId, text FROM campaign_output WHERE item_id = ? ORDER BY slot`,
)

export function listOutputs(db: ReadDb, itemId: CampaignItemId) {
  return OUTPUTS(db).all(itemId)
}

export interface JudgementRow {
  id: number
  startedAt: number
  finishedAt: number | null
}

const JUDGEMENT = prepared<[CampaignItemId, string], JudgementRow>(
  `SELECT id, started_at AS startedAt, finished_at AS finishedAt FROM judgement WHERE item_id = ? AND annotator = ?`,
)

export function findJudgement(
  db: ReadDb,
  itemId: CampaignItemId,
  annotator: string,
): JudgementRow | undefined {
  return JUDGEMENT(db).get(itemId, annotator)
}

export interface JudgedRow {
  id: number
  outputId: number
  value: number | null
}

const JUDGED = prepared<[number], JudgedRow>(
  `SELECT id, output_id AS outputId, value FROM judged_output WHERE judgement_id = ? ORDER BY id`,
)

export function listJudged(db: ReadDb, judgementId: number): JudgedRow[] {
  return JUDGED(db).all(judgementId)
}

export type MarkRow = ErrorMark & { id: number }

const MARKS = prepared<[number], Omit<MarkRow, 'isMissing'> & { isMissing: number }>(
  `SELECT id, start_cp AS startCp, end_cp AS endCp, is_missing AS isMissing, severity, category,
     comment
   FROM error_span WHERE judged_output_id = ? ORDER BY start_cp, id`,
)

export function listMarks(db: ReadDb, judgedOutputId: number): MarkRow[] {
  return MARKS(db)
    .all(judgedOutputId)
    .map(row => ({ ...row, isMissing: row.isMissing === 1 }))
}

const FIRST_REFERENCE = prepared<[ClipId], { text: string; language: string }>(
  `SELECT text, language FROM reference WHERE clip_id = ? ORDER BY ordinal LIMIT 1`,
)

export function firstReference(db: ReadDb, clipId: ClipId) {
  return FIRST_REFERENCE(db).get(clipId)
}

export interface CandidateRow {
  clipId: ClipId
  hypothesisId: HypothesisId
  runId: RunId
  text: string
}

const CANDIDATES = prepared<{ runIds: string; split: string | null }, CandidateRow>(
  `SELECT clip.id AS clipId, hypothesis.id AS hypothesisId, run_id AS runId, hypothesis.text
   FROM json_each(:runIds) AS wanted
   JOIN hypothesis ON hypothesis.run_id = wanted.value AND hypothesis.rank = 0
   JOIN clip ON clip.id = hypothesis.clip_id
   WHERE :split IS NULL OR clip.split = :split
   ORDER BY clip.name, wanted.key`,
)

/** The best outputs of these runs, clip by clip in the order of names. */
export function listCandidates(db: ReadDb, runIds: readonly RunId[], split: string | null): CandidateRow[] {
  return CANDIDATES(db).all({ runIds: JSON.stringify(runIds), split })
}

export interface FinishedRow {
  judgedOutputId: number
  itemId: CampaignItemId
  place: number
  kind: 'judge' | 'repeat' | 'check'
  originId: CampaignItemId | null
  annotator: string
  startedAt: number
  finishedAt: number
  value: number | null
  damage: 'degraded' | 'swapped' | null
  slot: number
  hypothesisId: HypothesisId
  runId: RunId
  run: string
  clipId: ClipId
  clip: string
  text: string
}

const FINISHED = prepared<[CampaignId], FinishedRow>(
  `SELECT judged_output.id AS judgedOutputId, item.id AS itemId, item.place, item.kind, item.origin_id AS originId,
     judgement.annotator, judgement.started_at AS startedAt, judgement.finished_at AS finishedAt,
     judged_output.value, output.damage, output.slot, hypothesis.id AS hypothesisId, run.id AS runId,
     run.name AS run, clip.id AS clipId, clip.name AS clip, output.text
   FROM campaign_item AS item
   JOIN judgement ON judgement.item_id = item.id AND judgement.finished_at IS NOT NULL
   JOIN judged_output ON judged_output.judgement_id = judgement.id
   JOIN campaign_output AS output ON output.id = judged_output.output_id
   JOIN hypothesis ON hypothesis.id = output.hypothesis_id
   JOIN run ON run.id = hypothesis.run_id
   JOIN clip ON clip.id = item.clip_id
   WHERE item.campaign_id = ?
   ORDER BY judgement.annotator, item.place, output.slot`,
)

/** Every output that somebody has finished judging. */
export function listFinished(db: ReadDb, id: CampaignId): FinishedRow[] {
  return FINISHED(db).all(id)
}

const ALL_MARKS = prepared<
  [CampaignId],
  Omit<MarkRow, 'isMissing'> & { isMissing: number; judgedOutputId: number }
>(
  `SELECT error_span.id, judged_output_id AS judgedOutputId, start_cp AS startCp, end_cp AS endCp,
     is_missing AS isMissing, severity, category, comment
   FROM campaign_item AS item
   JOIN judgement ON judgement.item_id = item.id
   JOIN judged_output ON judged_output.judgement_id = judgement.id
   JOIN error_span ON judged_output_id = judged_output.id
   WHERE item.campaign_id = ? ORDER BY start_cp, error_span.id`,
)

/** The marks of all judgements of a campaign, by judged output. */
export function marksByOutput(db: ReadDb, id: CampaignId): Map<number, ErrorMark[]> {
  const marks = new Map<number, ErrorMark[]>()
  for (const { judgedOutputId, id: _id, isMissing, ...mark } of ALL_MARKS(db).all(id)) {
    const known = marks.get(judgedOutputId) ?? []
    known.push({ ...mark, isMissing: isMissing === 1 })
    marks.set(judgedOutputId, known)
  }
  return marks
}
