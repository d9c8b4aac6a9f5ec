import type { ClipHypothesis, ClipRow, Reference, ReviewState } from '#shared/contract/clip.ts'
import type { ClipId, MediaId, RecordingId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import { SHOWN_HYPOTHESIS, IS_SCORABLE, sentenceScore } from './clip.sql.ts'

type RowRecord = Omit<ClipRow, 'tags' | 'hasFeatures' | 'thumbnailUrl'> & {
  tags: string
  hasFeatures: number
  isUnscored: number
}

const ROWS = prepared<{ ids: string; runId: number | null }, RowRecord>(
  `SELECT clip.id, clip.name, clip.split, signer.name AS signer, clip.state,
     (SELECT json_group_array(tag ORDER BY tag) FROM clip_tag WHERE clip_id = clip.id) AS tags,
     clip.end_ms - clip.start_ms AS durationMs, clip.last_frame - clip.first_frame + 1 AS frames,
     coalesce((SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1), '') AS reference,
     (SELECT text FROM hypothesis WHERE id = ${SHOWN_HYPOTHESIS}) AS hypothesis,
     ${sentenceScore('bleu')} AS bleu, ${sentenceScore('chrf')} AS chrf,
     EXISTS (SELECT 1 FROM feature WHERE content_hash = media.content_hash
       AND first_frame = clip.first_frame AND last_frame = clip.last_frame) AS hasFeatures,
     coalesce(clip.problem, media.problem) AS problem,
     EXISTS (SELECT 1 FROM reference WHERE clip_id = clip.id)
       AND ${IS_SCORABLE}
       AND NOT EXISTS (SELECT 1 FROM sentence_score WHERE hypothesis_id = ${SHOWN_HYPOTHESIS}) AS isUnscored
   FROM json_each(:ids) AS wanted
   JOIN clip ON clip.id = wanted.value
   JOIN media ON media.id = clip.media_id
   LEFT JOIN signer ON signer.id = clip.signer_id
   ORDER BY wanted.key`,
)

/** The rows in the order of the ids, and which of them have a hypothesis that waits for its scores. */
export function findClipRows(
  db: ReadDb,
  ids: readonly ClipId[],
  runId: number | null,
): { rows: ClipRow[]; unscored: ClipId[] } {
  const unscored: ClipId[] = []
  const records = ROWS(db).all({ ids: JSON.stringify(ids), runId })
  const rows = records.map(({ id, tags, hasFeatures, isUnscored, ...row }) => {
    if (isUnscored === 1) unscored.push(id)
    const thumbnailUrl = `/media/thumbnail/${id}.jpg`
    return { id, ...row, tags: JSON.parse(tags) as string[], hasFeatures: hasFeatures === 1, thumbnailUrl }
  })
  return { rows, unscored }
}

export interface ClipRecord {
  id: ClipId
  name: string
  recordingId: RecordingId
  mediaId: MediaId
  startMs: number
  endMs: number
  firstFrame: number
  lastFrame: number
  split: string
  signer: string | null
  state: ReviewState
  note: string
  gloss: string
  problem: string | null
}

const CLIP = prepared<[ClipId], ClipRecord>(
  `SELECT clip.id, clip.name, clip.recording_id AS recordingId, clip.media_id AS mediaId,
     clip.start_ms - offset_ms AS startMs, clip.end_ms - offset_ms AS endMs, clip.first_frame AS firstFrame, clip.last_frame AS lastFrame,
     clip.split, signer.name AS signer, clip.state, clip.note, clip.gloss,
     coalesce(clip.problem, media.problem) AS problem
   FROM clip JOIN media ON media.id = clip.media_id LEFT JOIN signer ON signer.id = clip.signer_id
   WHERE clip.id = ?`,
)

export function findClip(db: ReadDb, id: ClipId): ClipRecord | undefined {
  return CLIP(db).get(id)
}

const TAGS = prepared<[ClipId], string>(`SELECT tag FROM clip_tag WHERE clip_id = ? ORDER BY tag`)

export function listTags(db: ReadDb, id: ClipId): string[] {
  return TAGS(db).pluck().all(id) as string[]
}

const TAG_ID = prepared<[ClipId, string], number>(`SELECT id FROM clip_tag WHERE clip_id = ? AND tag = ?`)

export function findTagId(db: ReadDb, clipId: ClipId, tag: string): number | undefined {
  return TAG_ID(db).pluck().get(clipId, tag) as number | undefined
}

const REFERENCES = prepared<[ClipId], Reference>(
  `SELECT id, clip_id AS clipId, language, ordinal, text, version, source, changed_at AS changedAt,
     changed_by AS changedBy
   FROM reference WHERE clip_id = ? ORDER BY ordinal`,
)

export function listReferences(db: ReadDb, clipId: ClipId): Reference[] {
  return REFERENCES(db).all(clipId)
}

const HYPOTHESES = prepared<{ clipId: ClipId; annotator: string }, ClipHypothesis>(
  `SELECT hypothesis.id, run.id AS runId, run.name AS runName, model.name AS modelName, run.task, hypothesis.text,
     hypothesis.score, score.bleu, score.chrf, hypothesis.rank, run.warning, rating.value AS rating
   FROM hypothesis
   JOIN run ON run.id = hypothesis.run_id
   JOIN model ON model.id = run.model_id
   LEFT JOIN sentence_score AS score ON score.hypothesis_id = hypothesis.id
     AND score.tokenizer = (SELECT min(tokenizer) FROM sentence_score WHERE hypothesis_id = hypothesis.id)
   LEFT JOIN rating ON rating.hypothesis_id = hypothesis.id AND rating.annotator = :annotator
   WHERE hypothesis.clip_id = :clipId
   ORDER BY run.id DESC, hypothesis.rank`,
)

/** Of the newest run first, the best of each run first. */
export function listHypotheses(db: ReadDb, clipId: ClipId, annotator: string): ClipHypothesis[] {
  return HYPOTHESES(db).all({ clipId, annotator })
}

const EXISTING = prepared<[string], ClipId>(
  `SELECT clip.id FROM json_each(?) AS wanted JOIN clip ON clip.id = wanted.value ORDER BY wanted.key`,
)

export function keepExisting(db: ReadDb, ids: readonly ClipId[]): ClipId[] {
  return EXISTING(db).pluck().all(JSON.stringify(ids)) as ClipId[]
}

const BY_NAME = prepared<[string], { name: string; id: ClipId | null }>(
  `SELECT wanted.value AS name, clip.id FROM json_each(?) AS wanted LEFT JOIN clip ON clip.name = wanted.value
   ORDER BY wanted.key`,
)

/** A null id for each name that no clip has. */
export function findByNames(db: ReadDb, names: readonly string[]): { name: string; id: ClipId | null }[] {
  return BY_NAME(db).all(JSON.stringify(names))
}

const SPLITS = prepared<[], string>(`SELECT DISTINCT split FROM clip ORDER BY split`)

export function listSplits(db: ReadDb): string[] {
  return SPLITS(db).pluck().all() as string[]
}

const CHANGE_COUNT = prepared<[], number>(`SELECT total_changes()`)

/** Grows with every row that this connection has written. */
export function changeCount(db: ReadDb): number {
  return CHANGE_COUNT(db).pluck().get() as number
}
