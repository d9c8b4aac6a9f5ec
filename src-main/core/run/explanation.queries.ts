import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface ReadingRecord {
  runId: RunId
  clipId: ClipId
  /** Frame of the file that the first row of features was made of. */
  firstFrame: number
  frames: number
  windows: number
  window: number
  stride: number
  layout: 'joint' | 'cells'
  /** JSON: for each visual token its nearest vocabulary items. */
  nearest: string
}

const SAVE_READING = prepared<ReadingRecord>(`
  INSERT OR REPLACE INTO visual_reading (run_id, clip_id, first_frame, frames, windows, window, stride, layout, nearest)
  VALUES (:runId, :clipId, :firstFrame, :frames, :windows, :window, :stride, :layout, :nearest)`)

export function saveReading(db: WriteDb, reading: ReadingRecord): void {
  SAVE_READING(db).run(reading)
}

const SAVE_ATTENTION = prepared<{
  runId: RunId
  clipId: ClipId
  rank: number
  words: string
  tokens: number
  weights: Uint8Array
}>(`
  INSERT OR REPLACE INTO hypothesis_attention (hypothesis_id, words, tokens, weights)
  SELECT id, :words, :tokens, :weights FROM hypothesis WHERE run_id = :runId AND clip_id = :clipId AND rank = :rank`)

export interface AttentionToSave {
  runId: RunId
  clipId: ClipId
  rank: number
  /** JSON. */
  words: string
  tokens: number
  /** float16, [tokens, visual tokens]. */
  weights: Uint8Array
}

export function saveAttention(db: WriteDb, attention: AttentionToSave): void {
  SAVE_ATTENTION(db).run(attention)
}

export interface ExplanationRecord {
  kind: string
  runId: RunId
  /** JSON: those of the run. */
  parameters: string
  clipId: ClipId
  words: string | null
  tokens: number | null
  weights: Uint8Array | null
  firstFrame: number | null
  frames: number | null
  windows: number | null
  window: number | null
  stride: number | null
  layout: 'joint' | 'cells' | null
  nearest: string | null
}

const BY_HYPOTHESIS = prepared<[HypothesisId], ExplanationRecord>(`
  SELECT run.kind, run.id AS runId, run.parameters, hypothesis.clip_id AS clipId,
    attention.words, attention.tokens, attention.weights,
    reading.first_frame AS firstFrame, reading.frames, reading.windows, reading.window, reading.stride, reading.layout, reading.nearest
  FROM hypothesis JOIN run ON run.id = hypothesis.run_id
    LEFT JOIN hypothesis_attention AS attention ON attention.hypothesis_id = hypothesis.id
    LEFT JOIN visual_reading AS reading ON reading.run_id = hypothesis.run_id AND reading.clip_id = hypothesis.clip_id
  WHERE hypothesis.id = ?`)

export function findExplanation(db: ReadDb, id: HypothesisId): ExplanationRecord | undefined {
  return BY_HYPOTHESIS(db).get(id)
}
