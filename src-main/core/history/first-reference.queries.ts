import type { ClipId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const FIRST_REFERENCE = prepared<[ClipId], number>(
  `SELECT id FROM reference WHERE clip_id = ? ORDER BY ordinal LIMIT 1`,
)

export function firstReferenceOf(db: ReadDb, clipId: ClipId): number | undefined {
  return FIRST_REFERENCE(db).pluck().get(clipId) as number | undefined
}
