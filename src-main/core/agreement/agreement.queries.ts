import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface RatedTier {
  id: TierId
  name: string
  type: string
  participant: string
  annotator: string
  language: string
  recordingId: RecordingId
  recording: string
}

const TIERS = prepared<[], RatedTier>(
  `SELECT tier.id, tier.name, tier_type.name AS type, participant, annotator, language,
     recording.id AS recordingId, recording.name AS recording
   FROM recording JOIN tier ON tier.recording_id = recording.id JOIN tier_type ON tier_type.id = tier.type_id
   ORDER BY recording.name, recording.id, tier.ordinal, tier.id`,
)

/** All tiers by the names of their recordings. */
export function listTiers(db: ReadDb): RatedTier[] {
  return TIERS(db).all()
}

export interface RatedAnnotation {
  id: AnnotationId
  startMs: number
  endMs: number
  value: string
}

const ANNOTATIONS = prepared<[TierId], RatedAnnotation>(
  `SELECT id, start_ms AS startMs, end_ms AS endMs, value FROM annotation
   WHERE tier_id = ? ORDER BY start_ms, end_ms, id`,
)

export function listAnnotationsOf(db: ReadDb, tierId: TierId): RatedAnnotation[] {
  return ANNOTATIONS(db).all(tierId)
}

const DURATION = prepared<[RecordingId], number>(
  `SELECT coalesce(max(duration_ms - offset_ms), 0) FROM media WHERE recording_id = ?`,
)

/** The end of the longest medium. */
export function mediaDuration(db: ReadDb, id: RecordingId): number {
  return DURATION(db).pluck().get(id) as number
}
