import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const OF_SPLIT = prepared<{ split: string | null }, { segments: number; editedReferences: number }>(`
  SELECT count(DISTINCT clip.id) AS segments, count(*) FILTER (WHERE reference.version > 1) AS editedReferences
  FROM clip JOIN reference ON reference.clip_id = clip.id
  WHERE :split IS NULL OR clip.split = :split`)

/** Clips with a reference, and references that were changed since they came. */
export function referencesOf(
  db: ReadDb,
  split: string | null,
): { segments: number; editedReferences: number } {
  return OF_SPLIT(db).get({ split }) ?? { segments: 0, editedReferences: 0 }
}
