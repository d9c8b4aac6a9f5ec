import type { MediaId, RecordingId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface RecordingRecord {
  id: RecordingId
  name: string
  /** Of its videos, and of what is annotated beyond them. */
  durationMs: number
  clips: number
  tiers: number
  annotations: number
}

const RECORDINGS = prepared<[], RecordingRecord>(
  `SELECT recording.id, recording.name,
     max(
       coalesce((SELECT max(duration_ms) FROM media WHERE media.recording_id = recording.id), 0),
       coalesce((SELECT max(end_ms) FROM tier JOIN annotation ON annotation.tier_id = tier.id
                 WHERE tier.recording_id = recording.id), 0)
     ) AS durationMs,
     (SELECT count(*) FROM clip WHERE clip.recording_id = recording.id) AS clips,
     (SELECT count(*) FROM tier WHERE tier.recording_id = recording.id) AS tiers,
     (SELECT count(*) FROM tier JOIN annotation ON annotation.tier_id = tier.id
      WHERE tier.recording_id = recording.id) AS annotations
   FROM recording
   WHERE EXISTS (SELECT 1 FROM clip WHERE clip.recording_id = recording.id)
     OR NOT EXISTS (SELECT 1 FROM media JOIN clip_origin ON media_id = media.id WHERE media.recording_id = recording.id)
   ORDER BY recording.name`,
)

/** Without those that are only known as what clips were cut from. */
export function listRecordings(db: ReadDb): RecordingRecord[] {
  return RECORDINGS(db).all()
}

const MEDIA = prepared<[], { recordingId: RecordingId; id: MediaId; path: string }>(
  `SELECT recording_id AS recordingId, id, path FROM media WHERE role <> 'audio' ORDER BY recording_id, id`,
)

export function listMediaByRecording(db: ReadDb): { recordingId: RecordingId; id: MediaId; path: string }[] {
  return MEDIA(db).all()
}
