import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

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

const CLIPS = prepared<[], ExportedClip>(`
  SELECT clip.id, clip.name, split, recording.name AS recording, path, content_hash AS contentHash, start_ms AS startMs,
    end_ms AS endMs, first_frame AS firstFrame, last_frame AS lastFrame, signer.name AS signer, state,
    (SELECT json_group_array(tag) FROM (SELECT tag FROM clip_tag WHERE clip_id = clip.id ORDER BY tag)) AS tags,
    gloss, clip.note, licence
  FROM clip
  JOIN recording ON recording.id = clip.recording_id
  JOIN media ON media.id = clip.media_id
  LEFT JOIN signer ON signer.id = clip.signer_id
  ORDER BY clip.name`)

export function listExportedClips(db: ReadDb): ExportedClip[] {
  return CLIPS(db).all()
}

export interface ExportedReference {
  id: number
  clipId: ClipId
  language: string
  text: string
  source: string
}

const REFERENCES = prepared<[], ExportedReference>(
  'SELECT id, clip_id AS clipId, language, text, source FROM reference ORDER BY clip_id, ordinal',
)

export function listExportedReferences(db: ReadDb): ExportedReference[] {
  return REFERENCES(db).all()
}

export interface ExportedVersion {
  referenceId: number
  version: number
  text: string
  source: string
  changedAt: number
  changedBy: string
}

const VERSIONS = prepared<[], ExportedVersion>(
  `SELECT reference_id AS referenceId, version, text, source, changed_at AS changedAt, changed_by AS changedBy
   FROM reference_version ORDER BY reference_id, version`,
)

export function listExportedVersions(db: ReadDb): ExportedVersion[] {
  return VERSIONS(db).all()
}

export interface ExportedRun {
  id: RunId
  name: string
  kind: string
  createdAt: number
  device: string | null
  /** JSON. */
  parameters: string
  warning: string | null
  modelName: string
  modelVersion: string
  modelKind: string
  fingerprint: string
  /** JSON. */
  manifest: string
}

const RUNS = prepared<[], ExportedRun>(`
  SELECT run.id, run.name, run.kind, created_at AS createdAt, device, parameters, warning, model.name AS modelName,
    model.version AS modelVersion, model.kind AS modelKind, fingerprint, manifest
  FROM run JOIN model ON model.id = run.model_id ORDER BY run.name`)

export function listExportedRuns(db: ReadDb): ExportedRun[] {
  return RUNS(db).all()
}

export interface ExportedHypothesis {
  id: number
  clip: string
  rank: number
  text: string
  score: number | null
}

const HYPOTHESES = prepared<[RunId], ExportedHypothesis>(
  `SELECT hypothesis.id, clip.name AS clip, rank, text, score
   FROM hypothesis JOIN clip ON clip.id = hypothesis.clip_id WHERE run_id = ? ORDER BY clip.name, rank`,
)

export function listExportedHypotheses(db: ReadDb, runId: RunId): ExportedHypothesis[] {
  return HYPOTHESES(db).all(runId)
}

export interface ExportedRating {
  hypothesisId: number
  annotator: string
  protocol: string
  value: number
  ratedAt: number
}

const RATINGS = prepared<[RunId], ExportedRating>(
  `SELECT hypothesis_id AS hypothesisId, annotator, protocol, value, rated_at AS ratedAt
   FROM rating JOIN hypothesis ON hypothesis.id = hypothesis_id WHERE run_id = ? ORDER BY hypothesis_id, annotator`,
)

export function listExportedRatings(db: ReadDb, runId: RunId): ExportedRating[] {
  return RATINGS(db).all(runId)
}
