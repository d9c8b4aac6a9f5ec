import { WRITES_SENTENCES } from '../run/run.sql.ts'

/** The id of a clip's first output in the run `:runId`; where that is null, in the newest run that has translated it. */
export const BEST_HYPOTHESIS = `(CASE WHEN :runId IS NULL
  THEN (SELECT hypothesis.id FROM hypothesis JOIN run ON run.id = run_id
    WHERE clip_id = clip.id AND rank = 0 AND ${WRITES_SENTENCES} ORDER BY run_id DESC LIMIT 1)
  ELSE (SELECT id FROM hypothesis WHERE run_id = :runId AND clip_id = clip.id AND rank = 0) END)`

/** The sentence score of that output. */
export function sentenceScore(metric: 'bleu' | 'chrf'): string {
  return `(SELECT ${metric} FROM sentence_score WHERE hypothesis_id = ${BEST_HYPOTHESIS} ORDER BY tokenizer LIMIT 1)`
}

/** Whether there is such an output and it is a sentence, so that it can have a sentence score. */
export const IS_SCORABLE = `EXISTS (SELECT 1 FROM hypothesis JOIN run ON run.id = run_id
  WHERE hypothesis.id = ${BEST_HYPOTHESIS} AND ${WRITES_SENTENCES})`
