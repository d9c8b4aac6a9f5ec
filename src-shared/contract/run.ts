import { z } from 'zod'
import { base } from './base.ts'
import { ClipId, RunId, Timestamp } from './ids.ts'

export const Run = z.strictObject({
  id: RunId,
  name: z.string(),
  modelName: z.string(),
  kind: z.string(),
  createdAt: Timestamp,
  clips: z.int(),
  device: z.string().nullable(),
  warning: z.string().nullable(),
  /** Everything needed to repeat it. */
  parameters: z.record(z.string(), z.unknown()),
  isComplete: z.boolean(),
})
export type Run = z.infer<typeof Run>

export const Score = z.strictObject({
  metric: z.string(),
  score: z.number(),
  signature: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Score = z.infer<typeof Score>

export const RunScores = z.strictObject({
  runId: RunId,
  run: z.string(),
  split: z.string().nullable(),
  clips: z.int(),
  scores: z.array(Score),
})
export type RunScores = z.infer<typeof RunScores>

export const TOKENIZERS = ['auto', '13a', 'intl', 'zh', 'char', 'none'] as const

export const ComparedClip = z.strictObject({
  clipId: ClipId,
  name: z.string(),
  split: z.string(),
  reference: z.string(),
  hypotheses: z.array(z.strictObject({ runId: RunId, text: z.string(), bleu: z.number(), chrf: z.number() })),
  /** Sentence BLEU of the last run minus that of the first. */
  delta: z.number(),
})
export type ComparedClip = z.infer<typeof ComparedClip>

export const Comparison = z.strictObject({
  runs: z.array(RunScores),
  clips: z.array(ComparedClip),
  /** Clips of the split that not every run has translated; they are left out of the table and of the scores. */
  leftOut: z.int(),
})
export type Comparison = z.infer<typeof Comparison>

const Scope = { split: z.string().nullable().default(null), tokenize: z.enum(TOKENIZERS).default('auto') }

export const run = {
  list: base.output(z.array(Run)),
  rename: base.input(z.strictObject({ runId: RunId, name: z.string().min(1).max(120) })).output(Run),
  remove: base.input(z.strictObject({ runId: RunId })).output(z.void()),
  score: base
    .input(z.strictObject({ runId: RunId, ...Scope, metrics: z.array(z.string()).optional() }))
    .output(RunScores),
  compare: base.input(z.strictObject({ runIds: z.array(RunId).min(1).max(8), ...Scope })).output(Comparison),
}
