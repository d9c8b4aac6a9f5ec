import { z } from 'zod'
import { RATING_PROTOCOLS } from '../domain/rating-protocols.ts'
import { base } from './base.ts'
import { Campaign, RatingExport, RatingExportPreview, RatingImportPreview } from './campaign.ts'
import { ClipFilter } from './clip.ts'
import { CampaignId, ClipId, HypothesisId, RunId, Timestamp } from './ids.ts'

/** Judgements that belong together: those of sliders and imported files, or those of one campaign. */
export const RatingSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ratings') }),
  z.strictObject({ kind: z.literal('campaign'), campaignId: CampaignId }),
])
export type RatingSource = z.infer<typeof RatingSource>

export const RatingSet = z.strictObject({
  source: RatingSource,
  /** Empty for the ratings outside campaigns. */
  name: z.string(),
  protocol: z.enum(RATING_PROTOCOLS),
  judgements: z.int(),
  annotators: z.array(z.string()),
})
export type RatingSet = z.infer<typeof RatingSet>

export const RatingScope = z.strictObject({
  source: RatingSource,
  /** Only these runs; absent: all that were rated. */
  runIds: z.array(RunId).optional(),
  /** Judgements of clips, of whole documents, or both. */
  of: z.enum(['both', 'clips', 'documents']).default('both'),
})
export type RatingScope = z.infer<typeof RatingScope>

const Interval = z.strictObject({ low: z.number(), high: z.number() })

export const RatedSystem = z.strictObject({
  runId: RunId,
  run: z.string(),
  /** Outputs and documents that somebody judged. */
  units: z.int(),
  judgements: z.int(),
  /** Mean over the units of the means of their judgements, on the protocol's scale. */
  mean: z.number(),
  /** 95 % interval of the mean, by bootstrap over units. */
  interval: Interval.nullable(),
  /** The same over values standardised within each annotator; null where nobody's values vary. */
  z: z.number().nullable(),
  /** The places that it may have, given which differences are significant at .05. */
  rankFrom: z.int(),
  rankTo: z.int(),
  /** Judgements in each of eleven equal steps of the scale. */
  bins: z.array(z.int()),
})
export type RatedSystem = z.infer<typeof RatedSystem>

/** Every coefficient is null where it is undefined. */
const Coefficient = z.number().nullable()

export const RatingAgreement = z.strictObject({
  /** All runs, all but one, or one alone. */
  part: z.enum(['all', 'without', 'only']),
  runId: RunId.nullable(),
  run: z.string().nullable(),
  /** Units that two or more annotators judged. */
  units: z.int(),
  alpha: z.strictObject({
    nominal: Coefficient,
    ordinal: Coefficient,
    interval: Coefficient,
    ratio: Coefficient,
  }),
  /** 95 % interval of the interval-level α, by bootstrap over units. */
  interval: Interval.nullable(),
  /** ICC(2,1) over the units that every annotator judged. */
  icc: Coefficient,
})
export type RatingAgreement = z.infer<typeof RatingAgreement>

export const RaterPair = z.strictObject({
  first: z.string(),
  second: z.string(),
  units: z.int(),
  /** On a scale of 0–100 over its seven labelled points. */
  kappa: Coefficient,
  linear: Coefficient,
  quadratic: Coefficient,
  /** How much higher the second judges, on average. */
  bias: z.number(),
})
export type RaterPair = z.infer<typeof RaterPair>

/** A stretch of one annotator's work. */
export const DriftStep = z.strictObject({
  at: Timestamp,
  judgements: z.int(),
  /** How much higher than the others on the same units; null where nobody else judged them. */
  bias: z.number().nullable(),
  /** Median time for a screen; null where it was not kept. */
  seconds: z.number().nullable(),
})

export const Rater = z.strictObject({
  annotator: z.string(),
  judgements: z.int(),
  mean: z.number(),
  deviation: z.number().nullable(),
  bias: z.number().nullable(),
  seconds: z.number().nullable(),
  /** With themselves: judgements given twice. κ on a scale of 0–100 is over its seven labelled points. */
  repeats: z.int(),
  repeatKappa: Coefficient,
  repeatQuadratic: Coefficient,
  repeatDifference: z.number().nullable(),
  checks: z.int(),
  checksPassed: z.int(),
  drift: z.array(DriftStep),
})
export type Rater = z.infer<typeof Rater>

export const RatingReport = z.strictObject({
  name: z.string(),
  protocol: z.enum(RATING_PROTOCOLS),
  units: z.int(),
  judgements: z.int(),
  /** Best first. */
  systems: z.array(RatedSystem),
  agreement: z.array(RatingAgreement),
  pairs: z.array(RaterPair),
  raters: z.array(Rater),
})
export type RatingReport = z.infer<typeof RatingReport>

const Correlation = z.strictObject({ value: Coefficient, interval: Interval.nullable() })
const CorrelationLevel = z.strictObject({
  units: z.int(),
  pearson: Correlation,
  spearman: Correlation,
  kendall: Correlation,
  /** Share of pairs that the metric puts into the order that people see; ties count where both tie. */
  accuracy: Correlation,
})
export type CorrelationLevel = z.infer<typeof CorrelationLevel>

export const MetricAgainstPeople = z.strictObject({
  metric: z.string(),
  signature: z.string(),
  segment: CorrelationLevel,
  system: CorrelationLevel,
  /** How much lower its correlation of segments (Pearson) is than that of the best metric; null for the best. */
  behindBest: Interval.nullable(),
})
export type MetricAgainstPeople = z.infer<typeof MetricAgainstPeople>

export const MetricsReport = z.strictObject({
  metrics: z.array(MetricAgainstPeople),
  systems: z.array(
    z.strictObject({ runId: RunId, run: z.string(), human: z.number(), scores: z.array(z.number()) }),
  ),
  /** Judged clips without a reference: no metric can score them. */
  leftOut: z.int(),
  resamples: z.int(),
})
export type MetricsReport = z.infer<typeof MetricsReport>

/** Which judgements a number stands for. */
export const RatedFilter = z.strictObject({
  runId: RunId.optional(),
  /** All but this run. */
  exceptRunId: RunId.optional(),
  annotators: z.array(z.string()).optional(),
  /** One of the eleven steps of the scale. */
  bin: z.int().min(0).max(10).optional(),
  only: z.enum(['all', 'disagreements', 'repeats', 'checks']).default('all'),
})
export type RatedFilter = z.infer<typeof RatedFilter>

export const RatedUnit = z.strictObject({
  /** Null for a document. */
  clipId: ClipId.nullable(),
  /** The clip's name, or the document's. */
  name: z.string(),
  runId: RunId,
  run: z.string(),
  text: z.string(),
  judgements: z.array(
    z.strictObject({
      annotator: z.string(),
      value: z.number(),
      repeats: z.array(z.number()),
      at: Timestamp,
    }),
  ),
  mean: z.number(),
  /** Highest less lowest value. */
  spread: z.number(),
})
export type RatedUnit = z.infer<typeof RatedUnit>

/** Why a clip is worth a reviewer's time. */
export const WORTH_REASONS = ['unseen', 'seen', 'flagged', 'systems-differ', 'low-score', 'reviewed'] as const
export type WorthReason = (typeof WORTH_REASONS)[number]

export const WorthwhileClip = z.strictObject({
  clipId: ClipId,
  reason: z.enum(WORTH_REASONS),
  /** How alike the outputs are, or the best sentence BLEU, as a share of 1; null for the other reasons. */
  share: z.number().nullable(),
})
export type WorthwhileClip = z.infer<typeof WorthwhileClip>

export const AnnotatorProgress = z.strictObject({
  annotator: z.string(),
  /** Clips that they changed something of. */
  clips: z.int(),
  ratings: z.int(),
  lastAt: Timestamp,
})
export type AnnotatorProgress = z.infer<typeof AnnotatorProgress>

export const rating = {
  /** Clips in the order in which a reviewer's time is worth most. */
  queue: base.input(z.strictObject({ filter: ClipFilter.default({}) })).output(z.array(WorthwhileClip)),
  progress: base.output(z.array(AnnotatorProgress)),
  /** Direct assessment of one output by the current annotator; null takes it back. */
  set: base
    .input(z.strictObject({ hypothesisId: HypothesisId, value: z.int().min(0).max(100).nullable() }))
    .output(z.void()),
  sources: base.output(z.array(RatingSet)),
  results: base.input(RatingScope).output(RatingReport),
  /** How far automatic metrics follow the people; takes seconds on large sets. */
  metrics: base
    .input(RatingScope.extend({ resamples: z.int().min(50).max(5000).default(500) }))
    .output(MetricsReport),
  previewExport: base.input(RatingExport).output(RatingExportPreview),
  exportFile: base
    .input(RatingExport.extend({ path: z.string().min(1) }))
    .output(z.strictObject({ path: z.string() })),
  previewImport: base.input(z.strictObject({ path: z.string().min(1) })).output(RatingImportPreview),
  importFile: base
    .input(z.strictObject({ path: z.string().min(1), name: z.string().trim().min(1).max(120) }))
    .output(Campaign),
  /** What a number of the results was made of. */
  units: base
    .input(
      RatingScope.extend({
        filter: RatedFilter.default({ only: 'all' }),
        offset: z.int().nonnegative().default(0),
        limit: z.int().positive().max(1000).default(200),
      }),
    )
    .output(z.strictObject({ total: z.int(), rows: z.array(RatedUnit) })),
}
