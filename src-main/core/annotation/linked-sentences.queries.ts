import type { AnnotationId, ClipId, MediaId, ReferenceId, TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface LinkedClip {
  id: ClipId
  name: string
  annotationId: AnnotationId
  mediaId: MediaId
  offsetMs: number
  startMs: number
  endMs: number
  referenceId: ReferenceId | null
  text: string
  version: number
}

const LINKED = `SELECT clip.id, clip.name, clip.annotation_id AS annotationId, clip.media_id AS mediaId, offset_ms AS offsetMs,
    clip.start_ms AS startMs, clip.end_ms AS endMs, reference.id AS referenceId, coalesce(reference.text, '') AS text,
    coalesce(reference.version, 0) AS version
  FROM clip JOIN media ON media.id = clip.media_id
  LEFT JOIN reference ON reference.id = (SELECT id FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1)`

const BY_ANNOTATION = prepared<[AnnotationId], LinkedClip>(`${LINKED} WHERE clip.annotation_id = ?`)

/** The clip that is the same sentence as an annotation. */
export function findClipOfAnnotation(db: ReadDb, id: AnnotationId): LinkedClip | undefined {
  return BY_ANNOTATION(db).get(id)
}

const BY_CLIP = prepared<[ClipId], LinkedClip>(
  `${LINKED} WHERE clip.id = ? AND clip.annotation_id IS NOT NULL`,
)

export function findLinkedClip(db: ReadDb, id: ClipId): LinkedClip | undefined {
  return BY_CLIP(db).get(id)
}

const OF_MEDIUM = prepared<[MediaId], LinkedClip>(
  `${LINKED} WHERE clip.media_id = ? AND clip.annotation_id IS NOT NULL ORDER BY clip.id`,
)

export function listLinkedClips(db: ReadDb, id: MediaId): LinkedClip[] {
  return OF_MEDIUM(db).all(id)
}

const ON_TIER = prepared<[TierId], LinkedClip>(
  `${LINKED} JOIN annotation ON annotation.id = clip.annotation_id WHERE annotation.tier_id = ? ORDER BY clip.id LIMIT 1`,
)

/** A clip of a sentence on this tier; none where the tier is no tier of sentences. */
export function findClipOnTier(db: ReadDb, id: TierId): LinkedClip | undefined {
  return ON_TIER(db).get(id)
}

const OF_FILE = prepared<{ fileId: number; tierPlace: number; place: number }, AnnotationId>(
  `SELECT annotation.id FROM annotation JOIN tier ON tier.id = annotation.tier_id
   WHERE tier.file_id = :fileId AND tier.file_place = :tierPlace AND annotation.file_place = :place`,
)

/** The row that an annotation of a file became, by the places of its tier and of itself in the file. */
export function findAnnotationOfFile(
  db: ReadDb,
  place: { fileId: number; tierPlace: number; place: number },
): AnnotationId | undefined {
  return OF_FILE(db).pluck().get(place) as AnnotationId | undefined
}

const LINK = prepared<[AnnotationId, ClipId]>('UPDATE clip SET annotation_id = ? WHERE id = ?')

export function linkClip(db: WriteDb, clipId: ClipId, annotationId: AnnotationId): void {
  LINK(db).run(annotationId, clipId)
}
