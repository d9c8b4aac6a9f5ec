import { z } from 'zod'
import { GLOSS_CLEANUPS } from '../domain/gloss-cleanup.ts'
import { TASK_TYPES } from '../domain/task-type.ts'
import { base } from './base.ts'
import { HypothesisId, Milliseconds, RunId, Timestamp } from './ids.ts'
import { TimeCell } from './time-cell.ts'

export const TaskType = z.enum(TASK_TYPES)

export const Run = z.strictObject({
  id: RunId,
  name: z.string(),
  modelName: z.string(),
  kind: z.string(),
  task: TaskType,
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
  task: TaskType,
  split: z.string().nullable(),
  clips: z.int(),
  scores: z.array(Score),
})
export type RunScores = z.infer<typeof RunScores>

export const TOKENIZERS = ['auto', '13a', 'intl', 'zh', 'char', 'none'] as const

export const Comparison = z.strictObject({
  runs: z.array(RunScores),
  /** Clips of the split that not every run has translated; they are left out of the scores. */
  leftOut: z.int(),
})
export type Comparison = z.infer<typeof Comparison>

/** A word of a hypothesis and where the model looked while it wrote it. */
export const ExplainedWord = z.strictObject({
  /** Characters of the hypothesis, `to` not included. */
  from: z.int(),
  to: z.int(),
  /** Positions among the generated tokens, both included. */
  firstToken: z.int(),
  lastToken: z.int(),
  /** Share of the word's attention that each bin received; what is missing to 1 went to the prompt. */
  weights: z.array(z.number()),
  peakMs: Milliseconds,
})
export type ExplainedWord = z.infer<typeof ExplainedWord>

export const VisualToken = z.strictObject({
  startMs: Milliseconds,
  endMs: Milliseconds,
  /** Which features it was made of. */
  stream: z.enum(['spatial', 'motion', 'both']),
  /** Vocabulary items whose embeddings are nearest, nearest first; `▁` marks the start of a word. */
  nearest: z.array(z.string()),
})
export type VisualToken = z.infer<typeof VisualToken>

/** A gloss that the steps of a recogniser with CTC collapse to, on its likeliest path. */
export const LatticeGloss = z.strictObject({
  gloss: z.string(),
  startMs: Milliseconds,
  endMs: Milliseconds,
  firstStep: z.int(),
  lastStep: z.int(),
  /** In its strongest step. */
  probability: z.number(),
})
export type LatticeGloss = z.infer<typeof LatticeGloss>

export const Explanation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('attention'),
    hypothesisId: HypothesisId,
    /** Bin n lasts from binEdgesMs[n] to binEdgesMs[n + 1], on the recording's time line. */
    binEdgesMs: z.array(z.number()),
    words: z.array(ExplainedWord),
    visualTokens: z.array(VisualToken),
  }),
  /** Labels of each step of a recogniser with CTC, imported with the run (`shared/domain/ctc.ts`). */
  z.strictObject({
    kind: z.literal('ctc'),
    hypothesisId: HypothesisId,
    /** The steps; on the recording's time line, frames are those of the file. */
    cells: z.array(TimeCell),
    /** The blank, which is empty, and the glosses that the sequences hold. */
    glosses: z.array(z.string()),
    /** [cells][glosses] */
    probabilities: z.array(z.array(z.number())),
    /** Whether the file had probabilities; otherwise each step has one label, of probability 1. */
    isWeighted: z.boolean(),
    /** Of the steps, those whose likeliest label is the blank. */
    blankShare: z.number(),
    /** The sequence of prefix beam search, and that of the likeliest label of each step. */
    beam: z.array(LatticeGloss),
    greedy: z.array(LatticeGloss),
  }),
  /** Nothing to show: the run came from a file, read glosses and no video, was made before attention was kept, or the clip's span has changed since. */
  z.strictObject({ kind: z.enum(['imported', 'glosses', 'earlier', 'changed']), hypothesisId: HypothesisId }),
])
export type Explanation = z.infer<typeof Explanation>

const Scope = {
  split: z.string().nullable().default(null),
  tokenize: z.enum(TOKENIZERS).default('auto'),
  /** Runs that write glosses: the tiers of this name are the reference; null: the glosses that came with the clips. */
  glossTier: z.string().min(1).nullable().default(null),
  /** Of both sides, before word error rates are computed. */
  cleanup: z.enum(GLOSS_CLEANUPS).default('none'),
}

/** The best output of a run for a clip. */
export const RunOutput = z.strictObject({
  /** Its name. */
  clip: z.string(),
  text: z.string(),
  /** The model's own; null where it gave none. */
  score: z.number().nullable(),
})
export type RunOutput = z.infer<typeof RunOutput>

export const run = {
  list: base.output(z.array(Run)),
  /** By the names of the clips. */
  outputs: base.input(z.strictObject({ runId: RunId })).output(z.array(RunOutput)),
  rename: base.input(z.strictObject({ runId: RunId, name: z.string().min(1).max(120) })).output(Run),
  setTask: base.input(z.strictObject({ runId: RunId, task: TaskType })).output(Run),
  remove: base.input(z.strictObject({ runId: RunId })).output(z.void()),
  /** Where in the clip the model looked for each word. */
  explanation: base.input(z.strictObject({ hypothesisId: HypothesisId })).output(Explanation),
  /** Names of tiers with annotations: what glosses can be compared with besides those of the clips. */
  glossTiers: base.output(z.array(z.string())),
  /** Sentences by BLEU and chrF against the references, glosses by WER against glosses. */
  score: base
    .input(z.strictObject({ runId: RunId, ...Scope, metrics: z.array(z.string()).optional() }))
    .output(RunScores),
  /** Runs that write sentences, or runs that write glosses, never both. */
  compare: base.input(z.strictObject({ runIds: z.array(RunId).min(1).max(8), ...Scope })).output(Comparison),
}
