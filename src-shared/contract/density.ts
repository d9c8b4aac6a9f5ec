import { z } from 'zod'
import { base, eventIterator } from './base.ts'
import { ClipSelection } from './clip.ts'
import { ClipId, Milliseconds, ModelId, RecordingId } from './ids.ts'
import { LocalisationMeasure } from './localisation.ts'

/** Features that are kept between runs, as `engine/feature-kind.ts` has them. */
export const FEATURE_STREAMS = ['spatial', 'motion', 'zstar'] as const
export const FeatureStream = z.enum(FEATURE_STREAMS)
export type FeatureStream = z.infer<typeof FeatureStream>

/** What says which stretch of a clip is which gloss. */
export const GlossSource = z.discriminatedUnion('kind', [
  /** Annotations of the tiers of this name; each value is a gloss. */
  z.strictObject({ kind: z.literal('tier'), tier: z.string().min(1) }),
  /** Segments of the pseudo-glosses that a model with prototypes finds likeliest in each clip. */
  z.strictObject({
    kind: z.literal('localised'),
    modelId: ModelId,
    measure: LocalisationMeasure.default('E'),
    threshold: z.number().min(0).max(1).default(0.2),
  }),
])
export type GlossSource = z.infer<typeof GlossSource>

/**
 * What of a sign is one instance of its gloss. centre: the feature nearest to its middle, as the paper has one frame for
 * each sign; mean: the mean of the features in it; every: each of them, so that neighbours of one sign count as well.
 */
export const INSTANCE_CHOICES = ['centre', 'mean', 'every'] as const
export const InstanceChoice = z.enum(INSTANCE_CHOICES)
export type InstanceChoice = z.infer<typeof InstanceChoice>

export const DensityInput = z.strictObject({
  selection: ClipSelection,
  /** The model whose features they are. */
  modelId: ModelId,
  stream: FeatureStream,
  glosses: GlossSource,
  instances: InstanceChoice.default('centre'),
  /** Glosses of fewer instances are left out. */
  least: z.int().min(2).max(1000).default(2),
  /** Of a gloss with more instances so many are taken, evenly over the corpus. */
  most: z.int().min(2).max(10_000).default(200),
})
export type DensityInput = z.infer<typeof DensityInput>

export const GLOSS_FIGURES = ['intra', 'inter', 'ratio'] as const
export const GlossDensity = z.strictObject({
  gloss: z.string(),
  instances: z.int(),
  /** Mean distance of two instances of the gloss. */
  intra: z.number(),
  /** Mean distance to another gloss, averaged over the other glosses. */
  inter: z.number(),
  /** intra / inter; null where inter is 0. */
  ratio: z.number().nullable(),
  /** The gloss with the least mean distance, which is taken for this one first. */
  nearest: z.string(),
  nearestDistance: z.number(),
})
export type GlossDensity = z.infer<typeof GlossDensity>

export const DensityPoint = z.strictObject({
  /** Position in `glosses`. */
  gloss: z.int(),
  x: z.number(),
  y: z.number(),
  clipId: ClipId,
  clip: z.string(),
  recordingId: RecordingId,
  startMs: Milliseconds,
  endMs: Milliseconds,
})
export type DensityPoint = z.infer<typeof DensityPoint>

export const DensityReport = z.strictObject({
  kind: z.literal('done'),
  /** Means over glosses; `ratio` is the Sign Density Ratio of the features. Null where no gloss has one. */
  ratio: z.number().nullable(),
  intra: z.number(),
  inter: z.number(),
  /** The densest first. */
  glosses: z.array(GlossDensity),
  instances: z.int(),
  /** Numbers of a feature. */
  columns: z.int(),
  clips: z.int(),
  /** In the plane of the two largest principal components; of very many, some of each gloss. */
  points: z.array(DensityPoint),
  /** What each axis of the plane explains of the variance. */
  axes: z.tuple([z.number(), z.number()]),
  leftOut: z.strictObject({
    /** Names of clips without features of the model. */
    withoutFeatures: z.array(z.string()),
    /** Names of clips whose features do not have a row for each step of their frames: nobody knows where they belong. */
    misfits: z.array(z.string()),
    /** Clips without a stretch that has a gloss. */
    withoutGlosses: z.int(),
    /** Stretches that are too short for the middle of any feature to lie in them. */
    tooShort: z.int(),
    /** Glosses of too few instances. */
    tooFew: z.array(z.strictObject({ gloss: z.string(), instances: z.int() })),
    /** Instances of frequent glosses that were not taken. */
    beyondMost: z.int(),
  }),
})
export type DensityReport = z.infer<typeof DensityReport>

export const DENSITY_PHASES = ['glosses', 'features', 'distances'] as const
export const DensityProgress = z.strictObject({
  kind: z.literal('progress'),
  phase: z.enum(DENSITY_PHASES),
  done: z.int(),
  total: z.int(),
})
export type DensityProgress = z.infer<typeof DensityProgress>

export const density = {
  /**
   * Sign Density Ratio of extracted features (`metrics/sign-density.ts` has the definition): how far apart instances of one
   * gloss lie, over how far apart glosses lie.
   */
  measure: base
    .input(DensityInput)
    .output(eventIterator(z.discriminatedUnion('kind', [DensityProgress, DensityReport]))),
}
