/** The id of a clip's first output in the run `:runId`; where that is null, in the newest run that has translated it. */
export const BEST_HYPOTHESIS = `(CASE WHEN :runId IS NULL
  THEN (SELECT id FROM hypothesis WHERE clip_id = clip.id AND rank = 0 ORDER BY run_id DESC LIMIT 1)
  ELSE (SELECT id FROM hypothesis WHERE run_id = :runId AND clip_id = clip.id AND rank = 0) END)`

/** The sentence score of that output. */
export function sentenceScore(metric: 'bleu' | 'chrf'): string {
  return `(SELECT ${metric} FROM sentence_score WHERE hypothesis_id = ${BEST_HYPOTHESIS} ORDER BY tokenizer LIMIT 1)`
}
