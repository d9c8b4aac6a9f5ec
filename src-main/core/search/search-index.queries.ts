import type { TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

const TEXTS = prepared<{ from: number; to: number }, string>(
  `SELECT text FROM search_text WHERE id >= :from AND id < :to ORDER BY id`,
)

export function listTexts(db: ReadDb, range: { from: number; to: number }): string[] {
  return TEXTS(db).pluck().all(range) as string[]
}

const COUNT_TEXTS = prepared<[], number>(`SELECT coalesce(max(id) + 1, 0) FROM search_text`)

export function countTexts(db: ReadDb): number {
  return COUNT_TEXTS(db).pluck().get() as number
}

const ADD_TEXT = prepared<[number, string]>(`INSERT INTO search_text (id, text) VALUES (?, ?)`)

export function addText(db: WriteDb, id: number, text: string): void {
  ADD_TEXT(db).run(id, text)
}

const TEXT_NUMBERS = prepared<[TierId], Buffer>(`SELECT texts FROM search_tier WHERE tier_id = ?`)

export function findTextNumbers(db: ReadDb, tierId: TierId): Buffer | undefined {
  return TEXT_NUMBERS(db).pluck().get(tierId) as Buffer | undefined
}

const SPANS = prepared<[TierId], Buffer>(`SELECT spans FROM search_tier WHERE tier_id = ?`)

export function findSpans(db: ReadDb, tierId: TierId): Buffer | undefined {
  return SPANS(db).pluck().get(tierId) as Buffer | undefined
}

const SAVE = prepared<{ tierId: TierId; texts: Buffer; spans: Buffer }>(
  `INSERT OR REPLACE INTO search_tier (tier_id, texts, spans) SELECT id, :texts, :spans FROM tier WHERE id = :tierId`,
)

/** Saves nothing of a tier that is not there any more. */
export function saveTierColumns(
  db: WriteDb,
  columns: { tierId: TierId; texts: Buffer; spans: Buffer },
): void {
  SAVE(db).run(columns)
}

// In the order in which search goes through recordings and tiers.
const MISSING = prepared<[], TierId>(
  `SELECT tier.id FROM tier JOIN recording ON recording.id = recording_id
   WHERE NOT EXISTS (SELECT 1 FROM search_tier WHERE search_tier.tier_id = tier.id)
   ORDER BY recording.name, recording.id, tier.ordinal, tier.id`,
)

/** Tiers without columns, in the order in which search goes through them. */
export function listUnindexed(db: ReadDb): TierId[] {
  return MISSING(db).pluck().all() as TierId[]
}

/** Id, start, end, text. */
export type Cells = [id: number, startMs: number, endMs: number, value: string]

const ON_TIER = prepared<[TierId]>(
  `SELECT id, start_ms, end_ms, value FROM annotation WHERE tier_id = ? ORDER BY start_ms, end_ms, id`,
)

export function listOnTier(db: ReadDb, tierId: TierId): Cells[] {
  return ON_TIER(db).raw().all(tierId) as Cells[]
}
