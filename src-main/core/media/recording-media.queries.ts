import type { AnnotationId, ClipId, MediaId, RecordingId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import { findMedia, type MediaRecord } from './media.queries.ts'

const MEDIA_IDS = prepared<[RecordingId], MediaId>(
  `SELECT id FROM media WHERE recording_id = ? AND role <> 'audio' ORDER BY id`,
)

export function listMediaOfRecording(db: ReadDb, id: RecordingId): MediaRecord[] {
  const ids = MEDIA_IDS(db).pluck().all(id) as MediaId[]
  return ids.flatMap(mediaId => findMedia(db, mediaId) ?? [])
}

const NAME = prepared<[RecordingId], string>('SELECT name FROM recording WHERE id = ?')

export function findRecordingName(db: ReadDb, id: RecordingId): string | undefined {
  return NAME(db).pluck().get(id) as string | undefined
}

export interface ClipOfMedia {
  id: ClipId
  name: string
  /** Media time. */
  startMs: number
  /** The annotation that is the same sentence. */
  annotationId: AnnotationId | null
}

const CLIPS = prepared<[MediaId], ClipOfMedia>(
  'SELECT id, name, start_ms AS startMs, annotation_id AS annotationId FROM clip WHERE media_id = ? ORDER BY id',
)

export function clipsOfMedia(db: ReadDb, id: MediaId): ClipOfMedia[] {
  return CLIPS(db).all(id)
}

const ANNOTATIONS = prepared<[RecordingId], number>(
  'SELECT count(*) FROM annotation JOIN tier ON tier.id = annotation.tier_id WHERE tier.recording_id = ?',
)

export function countAnnotations(db: ReadDb, id: RecordingId): number {
  return ANNOTATIONS(db).pluck().get(id) as number
}
