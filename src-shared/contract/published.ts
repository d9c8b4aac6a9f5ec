import { z } from 'zod'
import { base } from './base.ts'

export const PublishedSource = z.strictObject({
  id: z.string(),
  title: z.string(),
  authors: z.string(),
  year: z.int().nullable(),
  venue: z.string(),
  url: z.string(),
})
export type PublishedSource = z.infer<typeof PublishedSource>

/** What is odd about a number, or was set right; the windows say it in words. */
export const PUBLISHED_NOTES = [
  'nslt-bleu1',
  'nslt-bleu3',
  'gfslt-rouge',
  'sign2gpt-misfiled',
  'signcl-abstract',
  'second-hand',
  'spamo-csl-rouge',
  'tspnet-csl',
  'remeasured',
  'at-least',
  'probably-dev',
  'csl-inferred',
  'split-unstated',
  'f1-rounding',
] as const
export const PublishedRow = z.strictObject({
  system: z.string(),
  year: z.int().nullable(),
  /** How the system was taught: with glosses, with some, without; null for parts of a system. */
  group: z.enum(['gloss', 'weak', 'free']).nullable(),
  /** In the order of the table's metrics; null where the source gives none. */
  values: z.array(z.number().nullable()),
  /** The source repeats it from another paper. */
  isQuoted: z.boolean(),
  /** The paper it is repeated from, as the source names it. */
  cited: z.string().optional(),
  isFineTuned: z.boolean().optional(),
  input: z.string().optional(),
  notes: z.array(z.enum(PUBLISHED_NOTES)).optional(),
})
export type PublishedRow = z.infer<typeof PublishedRow>

export const PublishedTable = z.strictObject({
  id: z.string(),
  source: z.string(),
  /** Where in the source. */
  place: z.string(),
  kind: z.enum(['result', 'ablation']),
  /** Of an ablation: what was varied. */
  subject: z.string().optional(),
  dataset: z.string(),
  /** Null where the source does not say. */
  split: z.string().nullable(),
  /** Segments of the split, where known. */
  segments: z.int().nullable(),
  metrics: z.array(z.string()),
  /** How the source's own numbers were computed, where its code tells. */
  recipe: z.string().nullable(),
  rows: z.array(PublishedRow),
})
export type PublishedTable = z.infer<typeof PublishedTable>

export const PublishedResults = z.strictObject({
  sources: z.array(PublishedSource),
  tables: z.array(PublishedTable),
})
export type PublishedResults = z.infer<typeof PublishedResults>

export const published = {
  /** Results and ablations of papers, in the order of their sources. */
  list: base.output(PublishedResults),
  /** What of the open corpus bears on a comparison with them. */
  corpus: base
    .input(z.strictObject({ split: z.string().nullable().default(null) }))
    .output(z.strictObject({ segments: z.int(), editedReferences: z.int() })),
}
