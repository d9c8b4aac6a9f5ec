import type { Reference, ReferenceVersion } from '#shared/contract/clip.ts'
import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const REFERENCE = prepared<[ReferenceId], Reference>(
  `SELECT id, clip_id AS clipId, language, ordinal, text, version, source, changed_at AS changedAt,
     changed_by AS changedBy
   FROM reference WHERE id = ?`,
)

export function findReference(db: ReadDb, id: ReferenceId): Reference | undefined {
  return REFERENCE(db).get(id)
}

const VERSIONS = prepared<[ReferenceId], ReferenceVersion>(
  `SELECT version, text, changed_at AS changedAt, changed_by AS changedBy, source
   FROM reference_version WHERE reference_id = ? ORDER BY version DESC`,
)

/** Newest first. */
export function listVersions(db: ReadDb, id: ReferenceId): ReferenceVersion[] {
  return VERSIONS(db).all(id)
}

const NEXT_ORDINAL = prepared<[ClipId], number>(
  `SELECT coalesce(max(ordinal) + 1, 0) FROM reference WHERE clip_id = ?`,
)

export function nextOrdinal(db: ReadDb, clipId: ClipId): number {
  return NEXT_ORDINAL(db).pluck().get(clipId) as number
}

const LANGUAGE = prepared<[ClipId], string>(
  `SELECT coalesce(
     (SELECT language FROM reference WHERE clip_id = ? ORDER BY ordinal LIMIT 1),
     (SELECT language FROM reference WHERE language <> '' ORDER BY id LIMIT 1),
     '')`,
)

/** What a further reference of the clip is most likely written in. */
export function likelyLanguage(db: ReadDb, clipId: ClipId): string {
  return LANGUAGE(db).pluck().get(clipId) as string
}
