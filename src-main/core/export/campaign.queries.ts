import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface ExportedCampaign {
  id: number
  name: string
  protocol: string
  seed: number
  showsReference: 0 | 1
  source: string
  createdAt: number
  createdBy: string
}

const CAMPAIGNS = prepared<[], ExportedCampaign>(
  `SELECT id, name, protocol, seed, shows_reference AS showsReference, source, created_at AS createdAt,
     created_by AS createdBy FROM campaign`,
)

export function listExportedCampaigns(db: ReadDb): ExportedCampaign[] {
  return CAMPAIGNS(db).all()
}

export interface ExportedItem {
  id: number
  place: number
  clip: string
  kind: string
  originPlace: number | null
}

const ITEMS = prepared<[number], ExportedItem>(
  `SELECT item.id, item.place, clip.name AS clip, item.kind, origin.place AS originPlace
   FROM campaign_item AS item JOIN clip ON clip.id = item.clip_id
   LEFT JOIN campaign_item AS origin ON origin.id = item.origin_id
   WHERE item.campaign_id = ? ORDER BY item.place`,
)

export function listExportedItems(db: ReadDb, campaignId: number): ExportedItem[] {
  return ITEMS(db).all(campaignId)
}

const idsOf = (ids: readonly number[]) => JSON.stringify(ids)

export interface ExportedOutput {
  id: number
  itemId: number
  slot: number
  run: string
  rank: number
  text: string
  damage: string | null
}

const OUTPUTS = prepared<[string], ExportedOutput>(
  `SELECT output.id, output.item_id AS itemId, slot, run.name AS run, rank, output.text, damage
   FROM json_each(?) AS wanted JOIN campaign_output AS output ON output.item_id = wanted.value
   JOIN hypothesis ON hypothesis.id = output.hypothesis_id JOIN run ON run.id = run_id
   ORDER BY wanted.key, slot`,
)

export function listExportedOutputs(db: ReadDb, itemIds: readonly number[]): ExportedOutput[] {
  return OUTPUTS(db).all(idsOf(itemIds))
}

export interface ExportedJudgement {
  id: number
  itemId: number
  annotator: string
  startedAt: number
  finishedAt: number | null
}

const JUDGEMENTS = prepared<[string], ExportedJudgement>(
  `SELECT judgement.id, item_id AS itemId, annotator, started_at AS startedAt, finished_at AS finishedAt
   FROM json_each(?) AS wanted JOIN judgement ON item_id = wanted.value
   ORDER BY wanted.key, started_at, judgement.id`,
)

export function listExportedJudgements(db: ReadDb, itemIds: readonly number[]): ExportedJudgement[] {
  return JUDGEMENTS(db).all(idsOf(itemIds))
}

const VALUES = prepared<[string], { id: number; judgementId: number; slot: number; value: number | null }>(
  `SELECT judged_output.id, judgement_id AS judgementId, slot, judged_output.value
   FROM json_each(?) AS wanted JOIN judged_output ON judgement_id = wanted.value
   JOIN campaign_output ON campaign_output.id = output_id ORDER BY wanted.key, slot`,
)

export function listExportedValues(db: ReadDb, judgementIds: readonly number[]) {
  return VALUES(db).all(idsOf(judgementIds))
}

export interface ExportedSpan {
  judgedId: number
  startCp: number
  endCp: number
  isMissing: 0 | 1
  severity: string
  category: string | null
  comment: string
}

const SPANS = prepared<[string], ExportedSpan>(
  `SELECT judged_output_id AS judgedId, start_cp AS startCp, end_cp AS endCp, is_missing AS isMissing, severity, category,
     comment
   FROM json_each(?) AS wanted JOIN error_span ON judged_output_id = wanted.value ORDER BY wanted.key, error_span.id`,
)

export function listExportedSpans(db: ReadDb, judgedIds: readonly number[]): ExportedSpan[] {
  return SPANS(db).all(idsOf(judgedIds))
}
