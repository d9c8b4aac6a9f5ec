import type { ClipSpan } from '#shared/contract/clip.ts'
import type { ClipId, MediaId, RecordingId, ReferenceId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

// Clips have the times of their medium; a recording's time line is that less the offset of the medium.
const SPAN = `SELECT clip.id, clip.name, clip.start_ms - offset_ms AS startMs, clip.end_ms - offset_ms AS endMs, clip.state,
  coalesce((SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1), '') AS text
  FROM clip JOIN media ON media.id = clip.media_id`

const CLIPS = prepared<{ recordingId: RecordingId; fromMs: number; toMs: number }, ClipSpan>(
  `${SPAN} WHERE clip.recording_id = :recordingId AND clip.start_ms - offset_ms < :toMs
     AND clip.end_ms - offset_ms > :fromMs ORDER BY startMs, endMs, clip.id`,
)

/** The clips of a recording on its time line. */
export function listClipsOf(
  db: ReadDb,
  range: { recordingId: RecordingId; fromMs?: number; toMs?: number },
): ClipSpan[] {
  const { recordingId, fromMs = Number.MIN_SAFE_INTEGER, toMs = Number.MAX_SAFE_INTEGER } = range
  return CLIPS(db).all({ recordingId, fromMs, toMs })
}

const FREE_CLIPS = prepared<{ recordingId: RecordingId; fromMs: number; toMs: number }, ClipSpan>(
  `${SPAN} WHERE clip.recording_id = :recordingId AND clip.annotation_id IS NULL AND clip.start_ms - offset_ms < :toMs
     AND clip.end_ms - offset_ms > :fromMs ORDER BY startMs, endMs, clip.id`,
)

/** Those that are not the same sentence as an annotation of a tier. */
export function listFreeClipsOf(
  db: ReadDb,
  range: { recordingId: RecordingId; fromMs?: number; toMs?: number },
): ClipSpan[] {
  const { recordingId, fromMs = Number.MIN_SAFE_INTEGER, toMs = Number.MAX_SAFE_INTEGER } = range
  return FREE_CLIPS(db).all({ recordingId, fromMs, toMs })
}

export interface SentenceRecord extends ClipSpan {
  recordingId: RecordingId
  mediaId: MediaId
  offsetMs: number
  referenceId: ReferenceId | null
}

const CLIP = prepared<[ClipId], SentenceRecord>(
  `SELECT clip.id, clip.name, clip.recording_id AS recordingId, clip.media_id AS mediaId, offset_ms AS offsetMs,
     clip.start_ms - offset_ms AS startMs, clip.end_ms - offset_ms AS endMs, clip.state,
     reference.id AS referenceId, coalesce(reference.text, '') AS text
   FROM clip JOIN media ON media.id = clip.media_id
   LEFT JOIN reference ON reference.id = (SELECT id FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1)
   WHERE clip.id = ?`,
)

export function findSentence(db: ReadDb, id: ClipId): SentenceRecord | undefined {
  return CLIP(db).get(id)
}

const FIRST_MEDIUM = prepared<[RecordingId], { id: MediaId; offsetMs: number }>(
  `SELECT id, offset_ms AS offsetMs FROM media WHERE recording_id = ? AND role <> 'audio' ORDER BY id LIMIT 1`,
)

/** The medium that new clips are cut from. */
export function findFirstMedium(db: ReadDb, id: RecordingId): { id: MediaId; offsetMs: number } | undefined {
  return FIRST_MEDIUM(db).get(id)
}

const CLIP_NAMED = prepared<[string], ClipId>(`SELECT id FROM clip WHERE name = ?`)

export function hasClipNamed(db: ReadDb, name: string): boolean {
  return CLIP_NAMED(db).get(name) !== undefined
}
