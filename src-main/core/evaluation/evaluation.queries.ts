import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import { GLOSSES_OF_CLIP } from '../clip/clip.sql.ts'
import { WRITES_SENTENCES } from '../run/run.sql.ts'

export interface HypothesisToScore {
  hypothesisId: HypothesisId
  clipId: ClipId
  text: string
  /** JSON array of the clip's reference texts by ordinal. */
  references: string
  language: string
}

const UNSCORED = prepared<[string], HypothesisToScore>(`
  SELECT hypothesis.id AS hypothesisId, clip.id AS clipId, hypothesis.text,
    (SELECT json_group_array(text) FROM (SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal)) AS "references",
    (SELECT language FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1) AS language
  FROM json_each(?) AS wanted
  JOIN clip ON clip.id = wanted.value
  JOIN hypothesis ON hypothesis.clip_id = clip.id
  JOIN run ON run.id = hypothesis.run_id AND ${WRITES_SENTENCES}
  WHERE EXISTS (SELECT 1 FROM reference WHERE clip_id = clip.id)
    AND NOT EXISTS (SELECT 1 FROM sentence_score WHERE hypothesis_id = hypothesis.id)`)

/** Hypotheses of these clips without a sentence score; the schema drops scores whose references change. */
export function unscoredHypotheses(db: ReadDb, clipIds: readonly ClipId[]): HypothesisToScore[] {
  return UNSCORED(db).all(JSON.stringify(clipIds))
}

const SAVE = prepared<[HypothesisId, string, number, number]>(
  'INSERT OR REPLACE INTO sentence_score (hypothesis_id, tokenizer, bleu, chrf) VALUES (?, ?, ?, ?)',
)

export function saveSentenceScore(
  db: WriteDb,
  score: { hypothesisId: HypothesisId; tokenizer: string; bleu: number; chrf: number },
): void {
  SAVE(db).run(score.hypothesisId, score.tokenizer, score.bleu, score.chrf)
}

export interface RunClip {
  clipId: ClipId
  name: string
  split: string
  text: string
  /** JSON array of reference texts by ordinal. */
  references: string
  language: string
}

const OF_RUN = prepared<{ runId: RunId; split: string | null }, RunClip>(`
  SELECT clip.id AS clipId, clip.name, clip.split, hypothesis.text,
    (SELECT json_group_array(text) FROM (SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal)) AS "references",
    coalesce((SELECT language FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1), '') AS language
  FROM hypothesis JOIN clip ON clip.id = hypothesis.clip_id
  WHERE hypothesis.run_id = :runId AND hypothesis.rank = 0 AND (:split IS NULL OR clip.split = :split)
  ORDER BY clip.name`)

/** The best hypothesis of each clip that the run has translated, by clip name. */
export function clipsOfRun(db: ReadDb, runId: RunId, split: string | null): RunClip[] {
  return OF_RUN(db).all({ runId, split })
}

const GLOSSES_OF_RUN = prepared<{ runId: RunId; split: string | null; tier: string | null }, RunClip>(`
  SELECT clipId, name, split, text, '' AS language,
    CASE WHEN trim(gloss) = '' THEN '[]' ELSE json_array(gloss) END AS "references"
  FROM (
    SELECT clip.id AS clipId, clip.name, clip.split, hypothesis.text,
      ${GLOSSES_OF_CLIP} AS gloss
    FROM hypothesis JOIN clip ON clip.id = hypothesis.clip_id
    WHERE hypothesis.run_id = :runId AND hypothesis.rank = 0 AND (:split IS NULL OR clip.split = :split)
  ) ORDER BY name`)

/** As `clipsOfRun`, for glosses: the reference is what the tiers of this name hold, or came with the clip. */
export function glossClipsOfRun(
  db: ReadDb,
  scope: { runId: RunId; split: string | null; tier: string | null },
): RunClip[] {
  return GLOSSES_OF_RUN(db).all(scope)
}

const ANNOTATED_TIERS = prepared<[], string>(
  `SELECT DISTINCT name FROM tier WHERE EXISTS (SELECT 1 FROM annotation WHERE tier_id = tier.id) ORDER BY name`,
)

export function listAnnotatedTiers(db: ReadDb): string[] {
  return ANNOTATED_TIERS(db).pluck().all() as string[]
}
