import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

/** What decides whether a clip leaves, and where it stands. */
export interface GatedClip {
  id: ClipId
  name: string
  split: string
  state: string
  signer: string | null
  licence: string
  /** 0 or 1: whether a reference has been changed since it came in. */
  isEdited: number
}

const GATED = prepared<[], GatedClip>(`
  SELECT clip.id, clip.name, split, state, signer.name AS signer, licence,
    EXISTS (SELECT 1 FROM reference WHERE clip_id = clip.id AND
      (SELECT count(*) FROM reference_version WHERE reference_id = reference.id) > 1) AS isEdited
  FROM clip
  JOIN media ON media.id = clip.media_id
  LEFT JOIN signer ON signer.id = clip.signer_id`)

export function listGatedClips(db: ReadDb): GatedClip[] {
  return GATED(db).all()
}

/** Lists of ids go in as JSON; rows come out in their order. */
const idsOf = (ids: readonly number[]) => JSON.stringify(ids)

export interface ExportedClip {
  id: ClipId
  name: string
  split: string
  recording: string
  path: string
  contentHash: string
  startMs: number
  endMs: number
  firstFrame: number
  lastFrame: number
  signer: string | null
  state: string
  /** JSON array. */
  tags: string
  gloss: string
  note: string
  licence: string
}

/** A clip that came as a file of its own is told as the stretch of the recording that it was cut from. */
const CLIPS = prepared<[string], ExportedClip>(`
  SELECT clip.id, clip.name, split, recording.name AS recording, media.path, media.content_hash AS contentHash,
    clip.start_ms + coalesce(origin.start_ms, 0) AS startMs, clip.end_ms + coalesce(origin.start_ms, 0) AS endMs,
    clip.first_frame + coalesce(origin.first_frame, 0) AS firstFrame,
    clip.last_frame + coalesce(origin.first_frame, 0) AS lastFrame, signer.name AS signer, state,
    (SELECT json_group_array(tag) FROM (SELECT tag FROM clip_tag WHERE clip_id = clip.id ORDER BY tag)) AS tags,
    gloss, clip.note, own.licence
  FROM json_each(?) AS wanted
  JOIN clip ON clip.id = wanted.value
  JOIN media AS own ON own.id = clip.media_id
  LEFT JOIN clip_origin AS origin ON origin.clip_id = clip.id
  JOIN media ON media.id = coalesce(origin.media_id, clip.media_id)
  JOIN recording ON recording.id = CASE WHEN origin.media_id IS NULL THEN clip.recording_id ELSE media.recording_id END
  LEFT JOIN signer ON signer.id = clip.signer_id
  ORDER BY wanted.key`)

export function listExportedClips(db: ReadDb, ids: readonly ClipId[]): ExportedClip[] {
  return CLIPS(db).all(idsOf(ids))
}

export interface ExportedReference {
  id: number
  clipId: ClipId
  language: string
  text: string
  source: string
}

const REFERENCES = prepared<[string], ExportedReference>(
  `SELECT reference.id, clip_id AS clipId, language, text, source
   FROM json_each(?) AS wanted JOIN reference ON clip_id = wanted.value ORDER BY wanted.key, ordinal`,
)

export function listExportedReferences(db: ReadDb, ids: readonly ClipId[]): ExportedReference[] {
  return REFERENCES(db).all(idsOf(ids))
}

const LANGUAGES = prepared<[string], { language: string; count: number }>(
  `SELECT language, count(*) AS count FROM json_each(?) AS wanted JOIN reference ON clip_id = wanted.value
   WHERE language <> '' GROUP BY language ORDER BY count DESC, language`,
)

/** Languages of the references of these clips, the most frequent first. */
export function countLanguages(db: ReadDb, ids: readonly ClipId[]): { language: string; count: number }[] {
  return LANGUAGES(db).all(idsOf(ids))
}

export interface ExportedVersion {
  referenceId: number
  version: number
  text: string
  source: string
  changedAt: number
  changedBy: string
}

const VERSIONS = prepared<[string], ExportedVersion>(
  `SELECT reference_id AS referenceId, reference_version.version, reference_version.text, reference_version.source,
     reference_version.changed_at AS changedAt, reference_version.changed_by AS changedBy
   FROM json_each(?) AS wanted
   JOIN reference ON clip_id = wanted.value
   JOIN reference_version ON reference_id = reference.id
   ORDER BY wanted.key, ordinal, reference_version.version`,
)

export function listExportedVersions(db: ReadDb, ids: readonly ClipId[]): ExportedVersion[] {
  return VERSIONS(db).all(idsOf(ids))
}

export interface ExportedMedia {
  recording: string
  recordingNote: string
  path: string
  role: string
  contentHash: string
  bytes: number
  frames: number
  durationMs: number
  offsetMs: number
  licence: string
  /** JSON. */
  facts: string
  frameIndex: Buffer
  isAbsent: 0 | 1
}

const MEDIA = prepared<[string], ExportedMedia>(
  `SELECT recording.name AS recording, recording.note AS recordingNote, path, role, content_hash AS contentHash, bytes,
     frames, duration_ms AS durationMs, offset_ms AS offsetMs, licence, facts, frame_index AS frameIndex,
     is_absent AS isAbsent
   FROM media JOIN recording ON recording.id = recording_id
   WHERE media.id IN (SELECT coalesce(origin.media_id, clip.media_id) FROM json_each(?) AS wanted
     JOIN clip ON clip.id = wanted.value LEFT JOIN clip_origin AS origin ON origin.clip_id = clip.id)`,
)

/** The media that these clips are cut from. */
export function listExportedMedia(db: ReadDb, ids: readonly ClipId[]): ExportedMedia[] {
  return MEDIA(db).all(idsOf(ids))
}

export interface ExportedRun {
  id: RunId
  name: string
  kind: string
  task: TaskType
  createdAt: number
  device: string | null
  /** JSON. */
  parameters: string
  warning: string | null
  clips: number
  modelName: string
  modelVersion: string
  modelKind: string
  fingerprint: string
  /** JSON. */
  manifest: string
}

const RUNS = prepared<[], ExportedRun>(`
  SELECT run.id, run.name, run.kind, task, created_at AS createdAt, device, parameters, warning, clips,
    model.name AS modelName, model.version AS modelVersion, model.kind AS modelKind, fingerprint, manifest
  FROM run JOIN model ON model.id = run.model_id`)

export function listExportedRuns(db: ReadDb): ExportedRun[] {
  return RUNS(db).all()
}

const WORK = prepared<[RunId], { clips: number; seconds: number; attempts: number }>(
  `SELECT done AS clips, (finished_at - started_at) / 1000.0 AS seconds, attempts FROM job
   WHERE run_id = ? AND kind = 'translate' AND state = 'done' ORDER BY id LIMIT 1`,
)

/** The job that made a run, while it is remembered. */
export function findWorkOfRun(db: ReadDb, runId: RunId) {
  return WORK(db).get(runId) ?? null
}

export interface ExportedHypothesis {
  id: number
  clip: string
  rank: number
  text: string
  score: number | null
  /** JSON. */
  tokenIds: string | null
}

/** CROSS JOIN: SQLite takes the list for long, and would walk the whole run for every page of clips. */
export const HYPOTHESES_OF_CLIPS = `SELECT hypothesis.id, clip.name AS clip, rank, text, score, token_ids AS tokenIds
   FROM json_each(?) AS wanted
   CROSS JOIN hypothesis ON run_id = ? AND clip_id = wanted.value
   JOIN clip ON clip.id = clip_id
   ORDER BY wanted.key, rank`

const HYPOTHESES = prepared<[string, RunId], ExportedHypothesis>(HYPOTHESES_OF_CLIPS)

export function listExportedHypotheses(
  db: ReadDb,
  runId: RunId,
  ids: readonly ClipId[],
): ExportedHypothesis[] {
  return HYPOTHESES(db).all(idsOf(ids), runId)
}

export interface ExportedRating {
  id: number
  hypothesisId: number
  annotator: string
  protocol: string
  value: number
  ratedAt: number
}

export const RATINGS_OF_CLIPS = `SELECT rating.id, hypothesis_id AS hypothesisId, annotator, protocol, rating.value, rated_at AS ratedAt
   FROM json_each(?) AS wanted
   CROSS JOIN hypothesis ON run_id = ? AND clip_id = wanted.value
   CROSS JOIN rating ON hypothesis_id = hypothesis.id
   ORDER BY wanted.key, rank, annotator`

const RATINGS = prepared<[string, RunId], ExportedRating>(RATINGS_OF_CLIPS)

export function listExportedRatings(db: ReadDb, runId: RunId, ids: readonly ClipId[]): ExportedRating[] {
  return RATINGS(db).all(idsOf(ids), runId)
}

const REPEATS = prepared<[string], { ratingId: number; value: number; ratedAt: number }>(
  `SELECT rating_id AS ratingId, repeated_rating.value, rated_at AS ratedAt
   FROM json_each(?) AS wanted JOIN repeated_rating ON rating_id = wanted.value ORDER BY repeated_rating.id`,
)

export function listExportedRepeats(db: ReadDb, ratingIds: readonly number[]) {
  return REPEATS(db).all(idsOf(ratingIds))
}

const DOCUMENT_RATINGS = prepared<
  [RunId],
  { document: string; annotator: string; protocol: string; value: number; ratedAt: number }
>(
  `SELECT document, annotator, protocol, value, rated_at AS ratedAt FROM document_rating
   WHERE run_id = ? ORDER BY document, annotator, rated_at, id`,
)

export function listExportedDocumentRatings(db: ReadDb, runId: RunId) {
  return DOCUMENT_RATINGS(db).all(runId)
}
