import { z } from 'zod'
import { ERROR_CATEGORIES, RATING_PROTOCOLS, SEVERITIES } from '../domain/rating-protocols.ts'
import { base } from './base.ts'
import { CampaignId, CampaignItemId, ClipId, RunId, Timestamp } from './ids.ts'

export const MOST_COMPARED = 8

export const CampaignPlan = z.strictObject({
  runIds: z.array(RunId).min(1).max(MOST_COMPARED),
  /** Clips of this split; null: of all. */
  split: z.string().nullable().default(null),
  /** So many clips, drawn by the seed; null: all. */
  clips: z.int().min(1).max(100_000).nullable().default(null),
  protocol: z.enum(RATING_PROTOCOLS),
  /** All outputs of a clip on one screen; protocols that compare always do so. */
  isSideBySide: z.boolean().default(false),
  /** Raters also read the first reference. */
  showsReference: z.boolean().default(false),
  /** Screens shown a second time, and texts made worse on purpose, as shares of all. */
  repeatShare: z.number().min(0).max(0.5).default(0.1),
  checkShare: z.number().min(0).max(0.5).default(0.1),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
})
export type CampaignPlan = z.infer<typeof CampaignPlan>

export const CampaignPreview = z.strictObject({
  clips: z.int(),
  /** Clips of the split that not every run has translated. */
  leftOut: z.int(),
  screens: z.int(),
  repeats: z.int(),
  checks: z.int(),
})
export type CampaignPreview = z.infer<typeof CampaignPreview>

export const Campaign = z.strictObject({
  id: CampaignId,
  name: z.string(),
  protocol: z.enum(RATING_PROTOCOLS),
  seed: z.int(),
  showsReference: z.boolean(),
  /** The file that its judgements were read from; empty where people judge here. */
  source: z.string(),
  createdAt: Timestamp,
  createdBy: z.string(),
  runs: z.int(),
  clips: z.int(),
  screens: z.int(),
  /** Of the current annotator. */
  finished: z.int(),
  progress: z.array(
    z.strictObject({ annotator: z.string(), finished: z.int(), lastAt: Timestamp.nullable() }),
  ),
})
export type Campaign = z.infer<typeof Campaign>

/** Code points of the text that is shown, `endCp` not included. */
export const ErrorMark = z.strictObject({
  startCp: z.int().nonnegative(),
  endCp: z.int().nonnegative(),
  isMissing: z.boolean(),
  severity: z.enum(SEVERITIES),
  category: z.enum(ERROR_CATEGORIES).nullable(),
  comment: z.string().max(1000).default(''),
})

export const JudgedText = z.strictObject({
  outputId: z.int().positive(),
  /** On the protocol's scale; null while open, and where errors alone are marked. */
  value: z.number().nullable(),
  marks: z.array(ErrorMark).max(200),
})
export type JudgedText = z.infer<typeof JudgedText>

/** What a rater sees. It names no system, and nothing in it tells repeats and checks from the rest. */
export const CampaignScreen = z.strictObject({
  itemId: CampaignItemId,
  campaign: z.string(),
  protocol: z.enum(RATING_PROTOCOLS),
  place: z.int(),
  screens: z.int(),
  finished: z.int(),
  clipId: ClipId,
  reference: z.string().nullable(),
  language: z.string(),
  outputs: z.array(z.strictObject({ outputId: z.int().positive(), text: z.string() })),
  /** What this annotator has said so far. */
  judged: z.array(JudgedText),
  startedAt: Timestamp.nullable(),
  isFinished: z.boolean(),
})
export type CampaignScreen = z.infer<typeof CampaignScreen>

export const RATING_FILE_FORMATS = [
  'appraise',
  'appraise-batch',
  'pearmut',
  'pearmut-campaign',
  'mqm',
] as const
export const RatingFileFormat = z.enum(RATING_FILE_FORMATS)
export type RatingFileFormat = z.infer<typeof RatingFileFormat>

export const RatingExport = z.strictObject({ campaignId: CampaignId, format: RatingFileFormat })

export const RatingExportPreview = z.strictObject({
  /** Judgements, or items to be judged for the formats that start a campaign elsewhere. */
  rows: z.int(),
  bytes: z.int(),
  /** What the format has no place for, in sentences. */
  losses: z.array(z.string()),
  fileName: z.string(),
})
export type RatingExportPreview = z.infer<typeof RatingExportPreview>

export const RatingImportPreview = z.strictObject({
  format: z.enum(['appraise', 'pearmut', 'mqm']),
  protocol: z.enum(RATING_PROTOCOLS),
  /** Of all rows: each is exactly one of these. */
  imported: z.int(),
  skipped: z.int(),
  annotators: z.array(z.string()),
  systems: z.array(z.string()),
  clips: z.int(),
  losses: z.array(z.string()),
  /** The first 200 rows that are left out. */
  leftOut: z.array(z.strictObject({ line: z.int(), reason: z.string() })),
})
export type RatingImportPreview = z.infer<typeof RatingImportPreview>

export const campaign = {
  list: base.output(z.array(Campaign)),
  preview: base.input(CampaignPlan).output(CampaignPreview),
  create: base.input(CampaignPlan.extend({ name: z.string().trim().min(1).max(120) })).output(Campaign),
  remove: base.input(z.strictObject({ campaignId: CampaignId })).output(z.void()),
  /** The screen at a place, or the first that the current annotator has not finished; null: all are. */
  open: base
    .input(z.strictObject({ campaignId: CampaignId, place: z.int().nonnegative().optional() }))
    .output(CampaignScreen.nullable()),
  /** Stores what is said so far; durable when it returns. */
  judge: base
    .input(
      z.strictObject({
        itemId: CampaignItemId,
        judged: z.array(JudgedText).min(1),
        /** When the screen was first seen. */
        startedAt: Timestamp,
        isFinished: z.boolean(),
      }),
    )
    .output(z.void()),
}
