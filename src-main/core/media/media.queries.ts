import type { ClipId, MediaId, RecordingId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface MediaRecord {
  id: MediaId
  recordingId: RecordingId
  role: 'video' | 'audio' | 'frames'
  path: string
  bytes: number
  mtimeMs: number
  contentHash: string
  /** Add to a time of the recording to get this medium's. */
  offsetMs: number
  frames: number
  durationMs: number
  /** JSON of what the probe found, less the index. */
  facts: string
  frameIndex: Buffer
  problem: string | null
  licence: string
  consent: string
  /** 1: described, never seen. */
  isAbsent: 0 | 1
}

const COLUMNS = `id, recording_id AS recordingId, role, path, bytes, mtime_ms AS mtimeMs, content_hash AS contentHash,
  offset_ms AS offsetMs, frames,
  duration_ms AS durationMs, facts, frame_index AS frameIndex, problem, licence, consent, is_absent AS isAbsent`

const BY_ID = prepared<[MediaId], MediaRecord>(`SELECT ${COLUMNS} FROM media WHERE id = ?`)

export function findMedia(db: ReadDb, id: MediaId): MediaRecord | undefined {
  return BY_ID(db).get(id)
}

const ALL_PLACES = prepared<[], { id: MediaId; path: string }>(
  `SELECT id, path FROM media WHERE is_absent = 0
     AND (EXISTS (SELECT 1 FROM clip WHERE media_id = media.id)
       OR NOT EXISTS (SELECT 1 FROM clip_origin WHERE media_id = media.id))
   ORDER BY path`,
)

/** Where files have to be; of what all clips were cut from, nobody needs the whole. */
export function listMediaPlaces(db: ReadDb): { id: MediaId; path: string }[] {
  return ALL_PLACES(db).all()
}

const ID_BY_PATH = prepared<[string], MediaId>('SELECT id FROM media WHERE path = ?')

export function findMediaIdByPath(db: ReadDb, path: string): MediaId | undefined {
  return ID_BY_PATH(db).pluck().get(path) as MediaId | undefined
}

const CURVES = prepared<[MediaId], { motion: Buffer | null; audioPeaks: Buffer | null }>(
  'SELECT motion, audio_peaks AS audioPeaks FROM media WHERE id = ?',
)

export function findCurves(
  db: ReadDb,
  id: MediaId,
): { motion: Buffer | null; audioPeaks: Buffer | null } | undefined {
  return CURVES(db).get(id)
}

const SAVE_CURVES = prepared<[Uint8Array, Uint8Array | null, MediaId]>(
  'UPDATE media SET motion = ?, audio_peaks = ? WHERE id = ?',
)

export function saveCurves(
  db: WriteDb,
  id: MediaId,
  motion: Uint8Array,
  audioPeaks: Uint8Array | null,
): void {
  SAVE_CURVES(db).run(motion, audioPeaks, id)
}

const SET_PLACE = prepared<{ id: MediaId; path: string; bytes: number; mtimeMs: number }>(
  'UPDATE media SET path = :path, bytes = :bytes, mtime_ms = :mtimeMs WHERE id = :id',
)

/** The same file in another place, or touched where it is. */
export function setMediaPlace(
  db: WriteDb,
  place: { id: MediaId; path: string; bytes: number; mtimeMs: number },
): void {
  SET_PLACE(db).run(place)
}

const IS_CUT = prepared<[ClipId], number>('SELECT EXISTS (SELECT 1 FROM clip_origin WHERE clip_id = ?)')

/** Whether the clip came as a file of its own, cut from a longer one. */
export function isCutFile(db: ReadDb, id: ClipId): boolean {
  return IS_CUT(db).pluck().get(id) === 1
}

export interface ClipFrames {
  mediaId: MediaId
  name: string
  firstFrame: number
  lastFrame: number
}

const CLIP_FRAMES = prepared<[ClipId], ClipFrames>(
  'SELECT media_id AS mediaId, name, first_frame AS firstFrame, last_frame AS lastFrame FROM clip WHERE id = ?',
)

export function findClipFrames(db: ReadDb, id: ClipId): ClipFrames | undefined {
  return CLIP_FRAMES(db).get(id)
}
