import { z } from 'zod'
import { base } from './base.ts'
import { AnnotationId, Milliseconds, RecordingId, TierId } from './ids.ts'

/**
 * What tells the raters apart. `name`: tiers of these names are the raters. `suffix`: tiers `Gloss@A` and `Gloss@B`
 * are two raters of one group `Gloss`. `participant` and `annotator`: tiers of one type, told apart by that attribute.
 */
export const RATER_SOURCES = ['name', 'suffix', 'participant', 'annotator'] as const

export const AgreementSelection = z.strictObject({
  by: z.enum(RATER_SOURCES),
  /** Names of tiers (`name`), of groups (`suffix`) or of tier types; for the last two none means all of them. */
  names: z.array(z.string()).max(200).default([]),
  separator: z.string().min(1).max(5).default('@'),
  /** Only these raters; none means all of them. */
  raters: z.array(z.string()).max(50).default([]),
  /** Only these recordings; none means the whole corpus. */
  recordingIds: z.array(RecordingId).default([]),
})
export type AgreementSelection = z.infer<typeof AgreementSelection>

export const AgreementInput = z.strictObject({
  selection: AgreementSelection,
  /** How far apart two boundaries may be and still count as the same. */
  toleranceMs: z.int().min(0).max(60_000).default(80),
  /** Intersection over union from which two annotations are of the same event. */
  leastOverlap: z.number().min(0.05).max(1).default(0.5),
  /** Random segmentations of the test against chance. */
  samples: z.int().min(10).max(10_000).default(200),
  seed: z.int().nonnegative().default(1),
})
export type AgreementInput = z.infer<typeof AgreementInput>

/** Definitions are in `metrics/segmentation.ts` and `metrics/confusion.ts`; the guide has them in words. */
export const AGREEMENT_FIGURES = [
  'cohen-time',
  'fleiss-time',
  'alpha-time',
  'cohen-matched',
  'cohen-unmatched',
  'overlap-f1',
  'labelled-f1',
  'boundary-f1',
  'segmentation',
  'bleu',
  'chrf',
  'wer',
] as const
export const AgreementFigure = z.enum(AGREEMENT_FIGURES)
export type AgreementFigure = z.infer<typeof AgreementFigure>

export const UNDEFINED_REASONS = [
  'no-annotations',
  'no-pairs',
  'no-variation',
  'no-text',
  'too-short',
] as const

export const AgreementValue = z.strictObject({
  figure: AgreementFigure,
  /** κ, α and F1 up to 1; BLEU, chrF and WER in percent. Null where it is undefined. */
  value: z.number().nullable(),
  undefinedBecause: z.enum(UNDEFINED_REASONS).nullable(),
  /** What it was counted over: milliseconds for the ones of time, pairs or annotations for the others. */
  over: z.number(),
  /** Of the test against chance: the share of random segmentations that agree as well. */
  p: z.number().nullable(),
})
export type AgreementValue = z.infer<typeof AgreementValue>

export const DISAGREEMENT_KINDS = ['missing-first', 'missing-second', 'label', 'boundary'] as const
export const DisagreementKind = z.enum(DISAGREEMENT_KINDS)
export type DisagreementKind = z.infer<typeof DisagreementKind>

const DisagreementCounts = z.record(DisagreementKind, z.int())

export const AgreementPart = z.strictObject({
  /** Of a group or recording, or both raters of a pair. */
  name: z.string(),
  raters: z.tuple([z.string(), z.string()]).nullable(),
  recordingId: RecordingId.nullable(),
  values: z.array(AgreementValue),
  disagreements: DisagreementCounts,
})
export type AgreementPart = z.infer<typeof AgreementPart>

export const AgreementReport = z.strictObject({
  raters: z.array(z.strictObject({ name: z.string(), tiers: z.int(), annotations: z.int() })),
  recordings: z.int(),
  /** Pairs of tiers that were compared. */
  comparisons: z.int(),
  /** Everything together; with more than two raters the figures of two are over all pairs of them. */
  values: z.array(AgreementValue),
  disagreements: DisagreementCounts,
  pairs: z.array(AgreementPart),
  groups: z.array(AgreementPart),
  byRecording: z.array(AgreementPart),
  /** F1 of annotations that overlap at least so much, and of those whose labels are the same too. */
  curve: z.array(
    z.strictObject({
      leastOverlap: z.number(),
      f1: z.number().nullable(),
      labelledF1: z.number().nullable(),
    }),
  ),
  confusion: z.strictObject({
    /** The most frequent labels; null stands for no annotation. */
    labels: z.array(z.string().nullable()),
    /** Rows are what the first rater of a pair says, columns the second. */
    counts: z.array(z.array(z.int())),
    /** Pairs with labels that are not in the table. */
    others: z.int(),
  }),
})
export type AgreementReport = z.infer<typeof AgreementReport>

const Side = z.strictObject({
  annotationId: AnnotationId,
  tierId: TierId,
  startMs: Milliseconds,
  endMs: Milliseconds,
  value: z.string(),
})

export const Disagreement = z.strictObject({
  kind: DisagreementKind,
  recordingId: RecordingId,
  recording: z.string(),
  firstTier: z.string(),
  secondTier: z.string(),
  /** Null where this rater has no annotation. */
  first: Side.nullable(),
  second: Side.nullable(),
  /** How far begins and ends are apart, second less first; 0 where there is nothing to compare. */
  beginByMs: z.int(),
  endByMs: z.int(),
})
export type Disagreement = z.infer<typeof Disagreement>

export const agreement = {
  /** What can be compared: tier names, groups by suffix, and types with their participants and annotators. */
  choices: base.input(z.strictObject({ separator: z.string().min(1).max(5).default('@') })).output(
    z.array(
      z.strictObject({
        by: z.enum(RATER_SOURCES),
        name: z.string(),
        raters: z.array(z.string()),
        recordings: z.int(),
      }),
    ),
  ),
  measure: base.input(AgreementInput).output(AgreementReport),
  /** In the order of recordings and time. */
  disagreements: base
    .input(
      AgreementInput.extend({
        kinds: z.array(DisagreementKind).default([...DISAGREEMENT_KINDS]),
        /** Only these two labels, first and second; null for no annotation. */
        labels: z.tuple([z.string().nullable(), z.string().nullable()]).optional(),
        /** Only between these two raters. */
        pair: z.tuple([z.string(), z.string()]).optional(),
        group: z.string().optional(),
        offset: z.int().nonnegative().default(0),
        limit: z.int().positive().max(1000).default(200),
      }),
    )
    .output(z.strictObject({ total: z.int(), rows: z.array(Disagreement) })),
}
