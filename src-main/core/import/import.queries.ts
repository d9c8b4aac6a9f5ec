import type { ClipId, MediaId, RecordingId, ReferenceId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import type { MediaColumns } from '../media/media-row.ts'

/** What an import needs to know of a clip that is already in the corpus. */
export interface KnownClip {
  id: ClipId
  mediaId: MediaId
  path: string
  bytes: number
  mtimeMs: number
  contentHash: string
  gloss: string
  startMs: number
  endMs: number
  referenceId: ReferenceId | null
  text: string | null
  source: string | null
  changedBy: string | null
}

const CLIP_BY_NAME = prepared<[string], KnownClip>(
  `SELECT clip.id, media_id AS mediaId, path, bytes, mtime_ms AS mtimeMs, content_hash AS contentHash, gloss,
     start_ms AS startMs, end_ms AS endMs, reference.id AS referenceId, text, source, changed_by AS changedBy
   FROM clip
   JOIN media ON media.id = clip.media_id
   LEFT JOIN reference ON reference.clip_id = clip.id AND reference.ordinal = 0
   WHERE clip.name = ?`,
)

export function findClipByName(db: ReadDb, name: string): KnownClip | undefined {
  return CLIP_BY_NAME(db).get(name)
}

export interface KnownMedia {
  id: MediaId
  recordingId: RecordingId
  path: string
  bytes: number
  mtimeMs: number
  contentHash: string
  frames: number
  frameIndex: Buffer
  problem: string | null
}

const MEDIA_COLUMNS = `id, recording_id AS recordingId, path, bytes, mtime_ms AS mtimeMs,
  content_hash AS contentHash, frames, frame_index AS frameIndex, problem`

const MEDIA_BY_PATH = prepared<[string], KnownMedia>(`SELECT ${MEDIA_COLUMNS} FROM media WHERE path = ?`)
const MEDIA_BY_HASH = prepared<[string], KnownMedia>(
  `SELECT ${MEDIA_COLUMNS} FROM media WHERE content_hash = ? ORDER BY id`,
)

export function findMediaByPath(db: ReadDb, path: string): KnownMedia | undefined {
  return MEDIA_BY_PATH(db).get(path)
}

export function listMediaByHash(db: ReadDb, contentHash: string): KnownMedia[] {
  return MEDIA_BY_HASH(db).all(contentHash)
}

const INSERT_MEDIA = prepared<
  Omit<MediaColumns, 'isAbsent'> & { recordingId: RecordingId; licence: string; isAbsent: 0 | 1 },
  { id: MediaId }
>(
  `INSERT INTO media (recording_id, role, path, bytes, mtime_ms, content_hash, frames, duration_ms, facts, frame_index, problem, licence, is_absent)
   VALUES (:recordingId, :role, :path, :bytes, :mtimeMs, :contentHash, :frames, :durationMs, :facts, :frameIndex, :problem, :licence, :isAbsent)
   RETURNING id`,
)

export function insertMedia(
  db: WriteDb,
  media: MediaColumns & { recordingId: RecordingId; licence: string },
): MediaId {
  return returned(INSERT_MEDIA(db).get({ ...media, isAbsent: media.isAbsent ?? 0 })).id
}

const REPLACE_MEDIA = prepared<MediaColumns & { id: MediaId }>(
  `UPDATE media SET path = :path, role = :role, bytes = :bytes, mtime_ms = :mtimeMs, content_hash = :contentHash, frames = :frames,
     duration_ms = :durationMs, facts = :facts, frame_index = :frameIndex, problem = :problem, motion = NULL, audio_peaks = NULL,
     is_absent = 0
   WHERE id = :id`,
)

/** The same place in the corpus, another file: what was computed from the old one goes. */
export function replaceMedia(db: WriteDb, media: MediaColumns & { id: MediaId }): void {
  REPLACE_MEDIA(db).run(media)
}

const MOVE_MEDIA = prepared<{ id: MediaId; path: string; bytes: number; mtimeMs: number }>(
  'UPDATE media SET path = :path, bytes = :bytes, mtime_ms = :mtimeMs WHERE id = :id',
)

/** The same file in another place. */
export function moveMedia(
  db: WriteDb,
  media: { id: MediaId; path: string; bytes: number; mtimeMs: number },
): void {
  MOVE_MEDIA(db).run(media)
}

const RECORDING_BY_NAME = prepared<[string], RecordingId>('SELECT id FROM recording WHERE name = ?')
const INSERT_RECORDING = prepared<[string], { id: RecordingId }>(
  'INSERT INTO recording (name) VALUES (?) RETURNING id',
)

/** A new recording; where the name is taken by another one, the next free `name (2)`. */
export function insertRecording(db: WriteDb, name: string): RecordingId {
  let free = name
  for (let n = 2; RECORDING_BY_NAME(db).pluck().get(free) !== undefined; n++) free = `${name} (${n})`
  return returned(INSERT_RECORDING(db).get(free)).id
}

const INSERT_SIGNER = prepared<[string]>('INSERT INTO signer (name) VALUES (?) ON CONFLICT (name) DO NOTHING')
const SIGNER_BY_NAME = prepared<[string], number>('SELECT id FROM signer WHERE name = ?')

export function signerId(db: WriteDb, name: string | null): number | null {
  if (name === null) return null
  INSERT_SIGNER(db).run(name)
  return SIGNER_BY_NAME(db).pluck().get(name) as number
}

export interface ClipSpan {
  startMs: number
  endMs: number
  firstFrame: number
  lastFrame: number
  problem: string | null
}

export interface NewClip extends ClipSpan {
  name: string
  recordingId: RecordingId
  mediaId: MediaId
  split: string
  signerId: number | null
  gloss: string
}

const INSERT_CLIP = prepared<NewClip, { id: ClipId }>(
  `INSERT INTO clip (name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame, split, signer_id, gloss, problem)
   VALUES (:name, :recordingId, :mediaId, :startMs, :endMs, :firstFrame, :lastFrame, :split, :signerId, :gloss, :problem)
   RETURNING id`,
)

export function insertClip(db: WriteDb, clip: NewClip): ClipId {
  return returned(INSERT_CLIP(db).get(clip)).id
}

const SET_SPAN = prepared<ClipSpan & { id: ClipId }>(
  `UPDATE clip SET start_ms = :startMs, end_ms = :endMs, first_frame = :firstFrame, last_frame = :lastFrame, problem = :problem
   WHERE id = :id`,
)

export function setClipSpan(db: WriteDb, clip: ClipSpan & { id: ClipId }): void {
  SET_SPAN(db).run(clip)
}

const SET_GLOSS = prepared<[string, ClipId]>('UPDATE clip SET gloss = ? WHERE id = ?')

export function setClipGloss(db: WriteDb, id: ClipId, gloss: string): void {
  SET_GLOSS(db).run(gloss, id)
}

export interface ImportedText {
  clipId: ClipId
  language: string
  text: string
  at: number
  author: string
}

const INSERT_REFERENCE = prepared<ImportedText, { id: ReferenceId }>(
  `INSERT INTO reference (clip_id, language, ordinal, text, version, source, changed_at, changed_by)
   VALUES (:clipId, :language, 0, :text, 1, 'import', :at, :author) RETURNING id`,
)
const UPDATE_REFERENCE = prepared<{ id: ReferenceId; text: string; at: number; author: string }>(
  `UPDATE reference SET text = :text, version = version + 1, source = 'import', changed_at = :at, changed_by = :author
   WHERE id = :id`,
)
/** `reference_version` holds every version, the current one too. */
const KEEP_VERSION = prepared<[ReferenceId]>(
  `INSERT INTO reference_version (reference_id, version, text, source, changed_at, changed_by)
   SELECT id, version, text, source, changed_at, changed_by FROM reference WHERE id = ?`,
)

export function insertReference(db: WriteDb, reference: ImportedText): void {
  KEEP_VERSION(db).run(returned(INSERT_REFERENCE(db).get(reference)).id)
}

export function changeReference(
  db: WriteDb,
  reference: { id: ReferenceId; text: string; at: number; author: string },
): void {
  UPDATE_REFERENCE(db).run(reference)
  KEEP_VERSION(db).run(reference.id)
}

const LAST_IMPORTED = prepared<[ReferenceId], string>(
  `SELECT text FROM reference_version WHERE reference_id = ? AND source = 'import' ORDER BY version DESC LIMIT 1`,
)

/** What the table said at the last import, whatever people made of it since. */
export function lastImportedText(db: ReadDb, id: ReferenceId): string | undefined {
  return LAST_IMPORTED(db).pluck().get(id) as string | undefined
}

const CLIPS_OF_MEDIA = prepared<[MediaId], { id: ClipId; startMs: number; endMs: number; isWhole: number }>(
  `SELECT clip.id, start_ms AS startMs, end_ms AS endMs,
     (first_frame = 0 AND last_frame = media.frames - 1) AS isWhole
   FROM clip JOIN media ON media.id = media_id WHERE media_id = ? ORDER BY clip.id`,
)

export function listClipSpans(
  db: ReadDb,
  id: MediaId,
): { id: ClipId; startMs: number; endMs: number; isWhole: boolean }[] {
  return CLIPS_OF_MEDIA(db)
    .all(id)
    .map(row => ({ ...row, isWhole: row.isWhole === 1 }))
}

const NAME_OF_WHOLE_FILE = prepared<[string], string>(
  `SELECT clip.name FROM clip JOIN media ON media.id = clip.media_id
   WHERE media.path = ? AND first_frame = 0 AND last_frame = media.frames - 1 ORDER BY clip.id LIMIT 1`,
)

/** How the clip that is this whole file was named when it came in. */
export function nameOfWholeFile(db: ReadDb, path: string): string | undefined {
  return NAME_OF_WHOLE_FILE(db).pluck().get(path) as string | undefined
}

const SPAN_BY_NAME = prepared<[string], { contentHash: string; firstFrame: number; lastFrame: number }>(
  `SELECT content_hash AS contentHash, first_frame AS firstFrame, last_frame AS lastFrame
   FROM clip JOIN media ON media.id = media_id WHERE clip.name = ?`,
)

/** The pixels of a clip. */
export function findClipSpan(
  db: ReadDb,
  name: string,
): { contentHash: string; firstFrame: number; lastFrame: number } | undefined {
  return SPAN_BY_NAME(db).get(name)
}

function returned<Row>(row: Row | undefined): Row {
  if (!row) throw new Error('RETURNING gave no row')
  return row
}
