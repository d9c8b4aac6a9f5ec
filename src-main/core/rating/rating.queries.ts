import type { ClipId, HypothesisId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface RatedHypothesis {
  clipId: ClipId
  clip: string
  run: string
}

const RATED = prepared<[HypothesisId], RatedHypothesis>(
  `SELECT clip.id AS clipId, clip.name AS clip, run.name AS run
   FROM hypothesis JOIN clip ON clip.id = hypothesis.clip_id JOIN run ON run.id = hypothesis.run_id
   WHERE hypothesis.id = ?`,
)

export function findRatedHypothesis(db: ReadDb, id: HypothesisId): RatedHypothesis | undefined {
  return RATED(db).get(id)
}

const RATING = prepared<[HypothesisId, string], { id: number; value: number }>(
  `SELECT id, value FROM rating WHERE hypothesis_id = ? AND annotator = ?`,
)

export function findRating(
  db: ReadDb,
  id: HypothesisId,
  annotator: string,
): { id: number; value: number } | undefined {
  return RATING(db).get(id, annotator)
}
