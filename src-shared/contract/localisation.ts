import { z } from 'zod'
import { base, eventIterator } from './base.ts'
import { ClipSelection } from './clip.ts'
import { ClipId, Milliseconds, ModelId, RecordingId } from './ids.ts'
import { TimeCell } from './time-cell.ts'

/** A value for each cell and gloss, cell by cell: [cells][glosses]. */
const Matrix = z.array(z.array(z.number()))

/** Which matrix is looked at. */
export const LOCALISATION_MEASURES = ['E', 'A', 'cosine'] as const
export const LocalisationMeasure = z.enum(LOCALISATION_MEASURES)
export type LocalisationMeasure = z.infer<typeof LocalisationMeasure>

/** Where a model with prototypes (Sign2GPT, stage 1) finds pseudo-glosses in a clip. */
export const Localisation = z.strictObject({
  /** On the recording's time line; each lasts from the end of the one before. Frames are those of the file. */
  cells: z.array(TimeCell),
  glosses: z.array(z.string()),
  /** Wanted words that the model has no prototype for. */
  unknown: z.array(z.string()),
  /** A times the share of each gloss that falls on a cell: at most 1 in sum over the cells, so that a gloss that is signed twice is split. */
  E: Matrix,
  /** Probability of each gloss among all pseudo-glosses and the background, cell by cell. */
  A: Matrix,
  /** Cosine to the prototype of the gloss. */
  cosine: Matrix,
  /** E summed over the cells: how likely the gloss is in the clip at all. */
  presence: z.array(z.number()),
})
export type Localisation = z.infer<typeof Localisation>

const Words = z.array(z.string().min(1)).max(500)

/** Which words are looked for in a clip. */
export const WordSource = z.discriminatedUnion('kind', [
  /** The 20 pseudo-glosses that are likeliest in the clip. */
  z.strictObject({ kind: z.literal('likeliest') }),
  z.strictObject({ kind: z.literal('words'), words: Words.min(1) }),
  /** Every different value of the tiers of this name, as far as the model knows it. */
  z.strictObject({ kind: z.literal('tier'), tier: z.string().min(1) }),
])
export type WordSource = z.infer<typeof WordSource>

const Search = {
  selection: ClipSelection,
  modelId: ModelId,
  words: WordSource,
  measure: LocalisationMeasure.default('E'),
  threshold: z.number().min(0).max(1).default(0.2),
}

export const Progress = z.strictObject({
  kind: z.literal('progress'),
  /** Clips that are done, of how many. */
  done: z.int(),
  total: z.int(),
})

/** Name of the tier that they are meant for; made in recordings that have none of this name. */
const ProposalTier = z.string().min(1).max(200)

export const ProposeInput = z.strictObject({
  ...Search,
  tier: ProposalTier,
})
export type ProposeInput = z.infer<typeof ProposeInput>

export const ProposeOutcome = z.strictObject({
  kind: z.literal('done'),
  proposed: z.int(),
  /** Left out because the annotator has rejected or annotated the same there before. */
  known: z.int(),
  clips: z.int(),
  /** Names of clips that have no features of the model. */
  withoutFeatures: z.array(z.string()),
  unknown: z.array(z.string()),
})
export type ProposeOutcome = z.infer<typeof ProposeOutcome>

export const LocatedSegment = z.strictObject({
  clipId: ClipId,
  clip: z.string(),
  recordingId: RecordingId,
  word: z.string(),
  startMs: Milliseconds,
  endMs: Milliseconds,
  score: z.number(),
  mass: z.number(),
})
export type LocatedSegment = z.infer<typeof LocatedSegment>

const ManualTier = {
  /** Name of the manual tier. */
  tier: z.string().min(1),
  /** How far outside of an annotation the middle of the strongest cell may lie. */
  toleranceMs: z.int().min(0).max(60_000).default(0),
}

export const AgainstTierInput = z.strictObject({ ...Search, ...ManualTier })
export type AgainstTierInput = z.infer<typeof AgainstTierInput>

/** Words of clips as sets, and segments in time, at one threshold. Null: nothing to divide by. */
export const SweepPoint = z.strictObject({
  threshold: z.number(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
  /** Mean intersection over union of proposed and manual segments of one word; a segment without partner counts 0. */
  overlap: z.number().nullable(),
  /** Words of clips: found and annotated, found only, annotated only. */
  both: z.int(),
  extra: z.int(),
  missed: z.int(),
})
export type SweepPoint = z.infer<typeof SweepPoint>

export const TIER_DIFFERENCES = ['missed', 'extra', 'apart', 'point'] as const
/**
 * missed: annotated, not found; extra: found, not annotated; apart: both, with less than half of their time in common;
 * point: the strongest cell lies outside every annotation of the word.
 */
export const TierDifference = z.strictObject({
  kind: z.enum(TIER_DIFFERENCES),
  ...LocatedSegment.shape,
  score: z.number().nullable(),
  mass: z.number().nullable(),
  /** Intersection over union with the best partner. */
  overlap: z.number(),
})
export type TierDifference = z.infer<typeof TierDifference>

export const AgainstTier = z.strictObject({
  kind: z.literal('done'),
  at: SweepPoint,
  sweep: z.array(SweepPoint),
  /** Of the words that are annotated in a clip: how often the middle of the strongest cell lies inside. */
  points: z.strictObject({ hits: z.int(), words: z.int(), rate: z.number().nullable() }),
  differences: z.array(TierDifference),
  clips: z.int(),
  withoutFeatures: z.array(z.string()),
  /** Clips without an annotation on the tier, which are not counted. */
  withoutAnnotations: z.int(),
  /** Annotated values that the model has no prototype for: they are left out of all figures. */
  unknown: z.array(z.string()),
  /** Annotated values that were taken for a word of the model though they differ in more than case. */
  spelled: z.array(z.strictObject({ value: z.string(), word: z.string() })),
})
export type AgainstTier = z.infer<typeof AgainstTier>

export const LocateInput = z.strictObject({
  ...Search,
  against: z.strictObject(ManualTier).optional(),
  propose: z.strictObject({ tier: ProposalTier }).optional(),
})
export type LocateInput = z.infer<typeof LocateInput>

export const localisation = {
  /**
   * Needs the features of the clip: extract them first ('not-found' says so). Without `words` the 20 pseudo-glosses that
   * are likeliest in the clip.
   */
  ofClip: base
    .input(z.strictObject({ clipId: ClipId, modelId: ModelId, words: Words.optional() }))
    .output(Localisation),
  /** Words that the model has prototypes for and that begin so, the most frequent in its training first. */
  words: base
    .input(
      z.strictObject({
        modelId: ModelId,
        text: z.string().max(200).default(''),
        limit: z.int().positive().max(500).default(20),
      }),
    )
    .output(
      z.strictObject({
        total: z.int(),
        words: z.array(z.strictObject({ word: z.string(), count: z.int() })),
      }),
    ),
  /** Words as somebody types them, taken for words of the model: by another spelling, or by a tagger's lemma. */
  match: base.input(z.strictObject({ modelId: ModelId, words: Words })).output(
    z.array(
      z.strictObject({
        typed: z.string(),
        /** Null where the model has no prototype for it. */
        word: z.string().nullable(),
        by: z.enum(['spelling', 'lemma']).nullable(),
      }),
    ),
  ),
  /** Segments at or above the threshold; with the same search also their agreement with a tier, and as suggestions. */
  segments: base.input(LocateInput).output(
    eventIterator(
      z.discriminatedUnion('kind', [
        Progress,
        z.strictObject({
          kind: z.literal('done'),
          segments: z.array(LocatedSegment),
          clips: z.int(),
          withoutFeatures: z.array(z.string()),
          unknown: z.array(z.string()),
          /** Null where it was not asked for. */
          against: AgainstTier.nullable(),
          proposed: ProposeOutcome.nullable(),
        }),
      ]),
    ),
  ),
  /** Puts them on a tier as suggestions, as one step of undo; earlier open ones for these clips make way. */
  propose: base
    .input(ProposeInput)
    .output(eventIterator(z.discriminatedUnion('kind', [Progress, ProposeOutcome]))),
  /** How far the model agrees with a manual tier. */
  againstTier: base
    .input(AgainstTierInput)
    .output(eventIterator(z.discriminatedUnion('kind', [Progress, AgainstTier]))),
}
