import type { ReviewState } from '#shared/contract/clip.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface SegmentRow {
  clipId: ClipId
  name: string
  split: string
  signer: string
  state: ReviewState
  durationMs: number
  gloss: string
  language: string
  /** JSON arrays of texts. */
  references: string
  tags: string
}

interface Scope {
  /** JSON array. */
  runIds: string
  split: string | null
}

const TRANSLATED = `
  SELECT clip.id, (
    SELECT count(*) FROM json_each(:runIds) AS wanted
    JOIN hypothesis ON hypothesis.run_id = wanted.value AND hypothesis.clip_id = clip.id AND hypothesis.rank = 0
  ) AS runs
  FROM clip
  WHERE (:split IS NULL OR clip.split = :split) AND EXISTS (SELECT 1 FROM reference WHERE clip_id = clip.id)`

const SEGMENTS = prepared<Scope, SegmentRow>(`
  WITH translated AS (${TRANSLATED})
  SELECT clip.id AS clipId, clip.name, clip.split, coalesce(signer.name, '') AS signer, clip.state,
    clip.end_ms - clip.start_ms AS durationMs, clip.gloss,
    (SELECT language FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1) AS language,
    (SELECT json_group_array(text) FROM (SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal)) AS "references",
    (SELECT json_group_array(tag) FROM (SELECT tag FROM clip_tag WHERE clip_id = clip.id ORDER BY tag)) AS tags
  FROM translated JOIN clip USING (id) LEFT JOIN signer ON signer.id = clip.signer_id
  WHERE translated.runs = json_array_length(:runIds)
  ORDER BY clip.name`)

/** Clips with a reference that every run has translated, by name. */
export function segmentsOf(
  db: ReadDb,
  { runIds, split }: { runIds: readonly RunId[]; split: string | null },
): Iterable<SegmentRow> {
  return SEGMENTS(db).iterate({ runIds: JSON.stringify(runIds), split })
}

const LEFT_OUT = prepared<Scope, { segments: number }>(`
  WITH translated AS (${TRANSLATED})
  SELECT count(*) AS segments FROM translated WHERE runs > 0 AND runs < json_array_length(:runIds)`)

/** Clips with a reference that only some of the runs have translated. */
export function leftOutOf(
  db: ReadDb,
  { runIds, split }: { runIds: readonly RunId[]; split: string | null },
): number {
  return LEFT_OUT(db).get({ runIds: JSON.stringify(runIds), split })?.segments ?? 0
}

const OUTPUTS = prepared<[RunId], { clipId: ClipId; text: string }>(
  'SELECT clip_id AS clipId, text FROM hypothesis WHERE run_id = ? AND rank = 0',
)

/** The best hypothesis of each clip of a run. */
export function outputsOf(db: ReadDb, runId: RunId): Iterable<{ clipId: ClipId; text: string }> {
  return OUTPUTS(db).iterate(runId)
}

const OF_SPLIT = prepared<[string], { text: string }>(`
  SELECT reference.text FROM reference JOIN clip ON clip.id = reference.clip_id
  WHERE clip.split = ? AND reference.ordinal = 0`)

/** The first reference of each clip of a split. */
export function sentencesOfSplit(db: ReadDb, split: string): Iterable<{ text: string }> {
  return OF_SPLIT(db).iterate(split)
}
