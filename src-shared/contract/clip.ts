import { z } from 'zod'
import { base } from './base.ts'
import {
  ClipId,
  HypothesisId,
  MediaId,
  Milliseconds,
  RecordingId,
  ReferenceId,
  RunId,
  Timestamp,
} from './ids.ts'
import { TaskType } from './run.ts'

export const REVIEW_STATES = ['new', 'seen', 'accepted', 'corrected', 'flagged'] as const
export const ReviewState = z.enum(REVIEW_STATES)
export type ReviewState = z.infer<typeof ReviewState>

export const ClipFilter = z.strictObject({
  /** Substring search over ids, references, glosses and hypotheses; works for Chinese too. */
  text: z.string().optional(),
  split: z.string().optional(),
  state: ReviewState.optional(),
  signer: z.string().optional(),
  tag: z.string().optional(),
  /** Only clips whose best hypothesis in `runId` scores below this sentence BLEU. */
  belowBleu: z.number().optional(),
  runId: RunId.optional(),
})
export type ClipFilter = z.infer<typeof ClipFilter>

/** What an action applies to. */
export const ClipSelection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('split'), split: z.string() }),
  z.strictObject({ kind: z.literal('ids'), clipIds: z.array(ClipId) }),
  z.strictObject({ kind: z.literal('names'), names: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('filter'), filter: ClipFilter }),
])
export type ClipSelection = z.infer<typeof ClipSelection>

export const ClipRow = z.strictObject({
  id: ClipId,
  name: z.string(),
  split: z.string(),
  signer: z.string().nullable(),
  state: ReviewState,
  tags: z.array(z.string()),
  durationMs: z.int(),
  frames: z.int(),
  reference: z.string(),
  hypothesis: z.string().nullable(),
  /** Sentence BLEU and chrF of that hypothesis, 0–100. */
  bleu: z.number().nullable(),
  chrf: z.number().nullable(),
  hasFeatures: z.boolean(),
  problem: z.string().nullable(),
  thumbnailUrl: z.string(),
})
export type ClipRow = z.infer<typeof ClipRow>

export const Reference = z.strictObject({
  id: ReferenceId,
  clipId: ClipId,
  language: z.string(),
  ordinal: z.int(),
  text: z.string(),
  version: z.int(),
  source: z.string(),
  changedAt: Timestamp,
  changedBy: z.string(),
})
export type Reference = z.infer<typeof Reference>

export const ReferenceVersion = z.strictObject({
  version: z.int(),
  text: z.string(),
  changedAt: Timestamp,
  changedBy: z.string(),
  source: z.string(),
})
export type ReferenceVersion = z.infer<typeof ReferenceVersion>

export const ClipHypothesis = z.strictObject({
  id: HypothesisId,
  runId: RunId,
  runName: z.string(),
  modelName: z.string(),
  task: TaskType,
  text: z.string(),
  /** Model score: mean log probability a token with length penalty. Null for imported systems. */
  score: z.number().nullable(),
  bleu: z.number().nullable(),
  chrf: z.number().nullable(),
  rank: z.int(),
  warning: z.string().nullable(),
  /** Direct assessment 0–100 by the current annotator. */
  rating: z.int().nullable(),
})
export type ClipHypothesis = z.infer<typeof ClipHypothesis>

export const ClipDetail = z.strictObject({
  id: ClipId,
  name: z.string(),
  recordingId: RecordingId,
  mediaId: MediaId,
  /** On the recording's time line; the frames are those of the file. */
  startMs: Milliseconds,
  endMs: Milliseconds,
  firstFrame: z.int(),
  lastFrame: z.int(),
  split: z.string(),
  signer: z.string().nullable(),
  state: ReviewState,
  note: z.string(),
  gloss: z.string(),
  tags: z.array(z.string()),
  problem: z.string().nullable(),
  references: z.array(Reference),
  hypotheses: z.array(ClipHypothesis),
})
export type ClipDetail = z.infer<typeof ClipDetail>

export const ClipSpan = z.strictObject({
  id: ClipId,
  name: z.string(),
  startMs: Milliseconds,
  endMs: Milliseconds,
  state: ReviewState,
  /** The first reference. */
  text: z.string(),
})
export type ClipSpan = z.infer<typeof ClipSpan>

const SORTS = ['name', 'split', 'signer', 'state', 'duration', 'reference', 'bleu', 'chrf'] as const

export const clip = {
  list: base
    .input(
      z.strictObject({
        filter: ClipFilter.default({}),
        sort: z.enum(SORTS).default('name'),
        descending: z.boolean().default(false),
        offset: z.int().nonnegative().default(0),
        limit: z.int().positive().max(1000).default(200),
      }),
    )
    .output(z.strictObject({ total: z.int(), rows: z.array(ClipRow) })),
  ids: base
    .input(
      z.strictObject({
        filter: ClipFilter.default({}),
        sort: z.enum(SORTS).default('name'),
        descending: z.boolean().default(false),
      }),
    )
    .output(z.array(ClipId)),
  /** Rows of these clips in this order; those that are gone are left out. */
  rows: base.input(z.strictObject({ clipIds: z.array(ClipId).max(1000) })).output(z.array(ClipRow)),
  get: base.input(z.strictObject({ clipId: ClipId })).output(ClipDetail),
  /** The clips of a recording in the order of time. */
  ofRecording: base.input(z.strictObject({ recordingId: RecordingId })).output(z.array(ClipSpan)),
  update: base
    .input(
      z.strictObject({
        selection: ClipSelection,
        changes: z.strictObject({
          state: ReviewState.optional(),
          split: z.string().max(80).optional(),
          note: z.string().max(10_000).optional(),
          addTags: z.array(z.string().min(1).max(80)).optional(),
          removeTags: z.array(z.string()).optional(),
        }),
      }),
    )
    .output(z.strictObject({ changed: z.int() })),
}

export const reference = {
  save: base
    .input(
      z.strictObject({
        clipId: ClipId,
        /** Absent: a further reference of the clip. */
        referenceId: ReferenceId.optional(),
        text: z.string().max(20_000),
        language: z.string().max(20).optional(),
      }),
    )
    .output(Reference),
  remove: base.input(z.strictObject({ referenceId: ReferenceId })).output(z.void()),
  history: base.input(z.strictObject({ referenceId: ReferenceId })).output(z.array(ReferenceVersion)),
}
