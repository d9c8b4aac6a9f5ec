import { WRITES_SENTENCES } from '../run/run.sql.ts'

/** The id of the output that a run `:runId` ranks first for a clip; where that is null, the newest run that has translated it. */
export const SHOWN_HYPOTHESIS = `(CASE WHEN :runId IS NULL
  THEN (SELECT hypothesis.id FROM hypothesis JOIN run ON run.id = run_id
    WHERE clip_id = clip.id AND rank = 0 AND ${WRITES_SENTENCES} ORDER BY run_id DESC LIMIT 1)
  ELSE (SELECT id FROM hypothesis WHERE run_id = :runId AND clip_id = clip.id AND rank = 0) END)`

/** The sentence score of that output. */
export function sentenceScore(metric: 'bleu' | 'chrf'): string {
  return `(SELECT ${metric} FROM sentence_score WHERE hypothesis_id = ${SHOWN_HYPOTHESIS} ORDER BY tokenizer LIMIT 1)`
}

/** Whether there is such an output and it is a sentence, so that it can have a sentence score. */
export const IS_SCORABLE = `EXISTS (SELECT 1 FROM hypothesis JOIN run ON run.id = run_id
  WHERE hypothesis.id = ${SHOWN_HYPOTHESIS} AND ${WRITES_SENTENCES})`

/**
 * The glosses of a clip in the order of time: those on the tiers named `:tier`, or, where `:tier` is
 * null, those that came with the clip. Annotations belong to the clip in which their middle lies.
 */
export const GLOSSES_OF_CLIP = `(CASE WHEN :tier IS NULL THEN clip.gloss ELSE coalesce((
  SELECT group_concat(value, ' ' ORDER BY annotation.start_ms, annotation.end_ms)
  FROM media JOIN tier ON tier.recording_id = clip.recording_id AND tier.name = :tier
    JOIN annotation ON annotation.tier_id = tier.id
  WHERE media.id = clip.media_id AND trim(annotation.value) <> ''
    AND annotation.start_ms + annotation.end_ms >= 2 * (clip.start_ms - media.offset_ms)
    AND annotation.start_ms + annotation.end_ms < 2 * (clip.end_ms - media.offset_ms)), '') END)`
