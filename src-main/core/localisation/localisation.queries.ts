import type { ClipId, RecordingId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface ClipPlace {
  name: string
  recordingId: RecordingId
  firstFrame: number
  lastFrame: number
}

const CLIP_PLACE = prepared<[ClipId], ClipPlace>(
  `SELECT name, clip.recording_id AS recordingId, first_frame AS firstFrame, last_frame AS lastFrame
   FROM clip WHERE clip.id = ?`,
)

export function findClipPlace(db: ReadDb, clipId: ClipId): ClipPlace | undefined {
  return CLIP_PLACE(db).get(clipId)
}

const TIER_VALUES = prepared<[string], string>(
  `SELECT DISTINCT trim(annotation.value) FROM tier JOIN annotation ON annotation.tier_id = tier.id
   WHERE tier.name = ? AND trim(annotation.value) <> '' ORDER BY 1`,
)

/** Every different value on the tiers of this name. */
export function listTierValues(db: ReadDb, tier: string): string[] {
  return TIER_VALUES(db).pluck().all(tier) as string[]
}

export interface ManualAnnotation {
  value: string
  startMs: number
  endMs: number
}

const IN_CLIP = prepared<{ clipId: ClipId; tier: string }, ManualAnnotation>(
  `SELECT trim(annotation.value) AS value, annotation.start_ms AS startMs, annotation.end_ms AS endMs
   FROM clip JOIN media ON media.id = clip.media_id JOIN tier ON tier.recording_id = clip.recording_id AND tier.name = :tier
     JOIN annotation ON annotation.tier_id = tier.id
   WHERE clip.id = :clipId AND trim(annotation.value) <> ''
     AND annotation.start_ms + annotation.end_ms >= 2 * (clip.start_ms - offset_ms)
     AND annotation.start_ms + annotation.end_ms < 2 * (clip.end_ms - offset_ms)
   ORDER BY annotation.start_ms, annotation.end_ms`,
)

/** Annotations of the tier whose middle lies in the clip. */
export function listAnnotationsInClip(db: ReadDb, clipId: ClipId, tier: string): ManualAnnotation[] {
  return IN_CLIP(db).all({ clipId, tier })
}
