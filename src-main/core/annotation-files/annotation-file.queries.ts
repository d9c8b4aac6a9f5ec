import type { AnnotationFormat } from '#shared/contract/annotation-file.ts'
import type { AnnotationFileId, AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import type { MediaDescriptor } from '../../formats/annotation-document.ts'

/** What the names of a file became in the corpus. */
export interface TakenNames {
  /** Of each tier, in the order of the file. */
  tiers: string[]
  types: Record<string, number>
  vocabularies: Record<string, number>
}

export interface AnnotationFileRecord {
  id: AnnotationFileId
  recordingId: RecordingId
  recording: string
  path: string
  format: AnnotationFormat
  contentHash: string
  baseHash: string
  importedAt: number
  annotations: number
  media: MediaDescriptor[]
  names: TakenNames
}

type FileRow = Omit<AnnotationFileRecord, 'media' | 'names'> & { media: string; names: string }

const FILE = `SELECT file.id, file.recording_id AS recordingId, recording.name AS recording, file.path, file.format,
  file.content_hash AS contentHash, file.base_hash AS baseHash, file.imported_at AS importedAt, file.media, file.names,
  (SELECT count(*) FROM tier JOIN annotation ON annotation.tier_id = tier.id WHERE tier.file_id = file.id) AS annotations
  FROM annotation_file AS file JOIN recording ON recording.id = file.recording_id`

const ALL = prepared<[], FileRow>(`${FILE} ORDER BY file.id`)
const BY_ID = prepared<[AnnotationFileId], FileRow>(`${FILE} WHERE file.id = ?`)
const OF_RECORDING = prepared<[RecordingId], FileRow>(`${FILE} WHERE file.recording_id = ? ORDER BY file.id`)

export function listFiles(db: ReadDb, recordingId?: RecordingId): AnnotationFileRecord[] {
  const rows = recordingId === undefined ? ALL(db).all() : OF_RECORDING(db).all(recordingId)
  return rows.map(recordOf)
}

export function findFile(db: ReadDb, id: AnnotationFileId): AnnotationFileRecord | undefined {
  const row = BY_ID(db).get(id)
  return row && recordOf(row)
}

function recordOf({ media, names, ...row }: FileRow): AnnotationFileRecord {
  return {
    ...row,
    media: JSON.parse(media) as MediaDescriptor[],
    names: JSON.parse(names) as TakenNames,
  }
}

const KNOWN = prepared<[string], number>(`SELECT 1 FROM annotation_file WHERE content_hash = ? LIMIT 1`)

export function isKnownContent(db: ReadDb, contentHash: string): boolean {
  return KNOWN(db).get(contentHash) !== undefined
}

export interface NewFile {
  recordingId: RecordingId
  path: string
  format: AnnotationFormat
  contentHash: string
  baseHash: string
  importedAt: number
  media: string
}

const INSERT_FILE = prepared<NewFile, { id: AnnotationFileId }>(
  `INSERT INTO annotation_file (recording_id, path, format, content_hash, base_hash, imported_at, media)
   VALUES (:recordingId, :path, :format, :contentHash, :baseHash, :importedAt, :media) RETURNING id`,
)

export function insertFile(db: WriteDb, file: NewFile): AnnotationFileId {
  return (INSERT_FILE(db).get(file) as { id: AnnotationFileId }).id
}

const SET_NAMES = prepared<[string, AnnotationFileId]>(`UPDATE annotation_file SET names = ? WHERE id = ?`)

export function setNames(db: WriteDb, id: AnnotationFileId, names: TakenNames): void {
  SET_NAMES(db).run(JSON.stringify(names), id)
}

const INSERT_ANNOTATION = prepared<
  [TierId, AnnotationId | null, number, number, string, number | null, number]
>(
  `INSERT INTO annotation (tier_id, parent_id, start_ms, end_ms, value, entry_id, file_place) VALUES (?, ?, ?, ?, ?, ?, ?)`,
)

/** The statement itself: a file has up to a million annotations. */
export const insertAnnotation = INSERT_ANNOTATION

export interface PlacedRow {
  id: AnnotationId
  tierId: TierId
  parentId: AnnotationId | null
  startMs: number
  endMs: number
  value: string
  cveId: string | null
  filePlace: number | null
}

const ROWS = prepared<[RecordingId], PlacedRow>(
  `SELECT annotation.id, annotation.tier_id AS tierId, annotation.parent_id AS parentId, annotation.start_ms AS startMs,
     annotation.end_ms AS endMs, annotation.value, vocabulary_entry.cve_id AS cveId, annotation.file_place AS filePlace
   FROM tier CROSS JOIN annotation ON annotation.tier_id = tier.id
   LEFT JOIN vocabulary_entry ON vocabulary_entry.id = annotation.entry_id
   WHERE tier.recording_id = ? ORDER BY tier.ordinal, tier.id, annotation.start_ms, annotation.end_ms, annotation.id`,
)

/** All annotations of a recording with the entries that they stand for. */
export function listPlacedRows(db: ReadDb, recordingId: RecordingId): PlacedRow[] {
  return ROWS(db).all(recordingId)
}

const SET_OFFSET = prepared<[number, number]>('UPDATE media SET offset_ms = ? WHERE id = ?')

export function setMediaOffset(db: WriteDb, mediaId: number, offsetMs: number): void {
  SET_OFFSET(db).run(offsetMs, mediaId)
}
