import { z } from 'zod'
import { base, eventIterator } from './base.ts'
import { AnnotationId, ClipId, Milliseconds, RecordingId, TierId } from './ids.ts'

/** What is looked through: annotations, or the texts of clips, which lie on the time line like annotations. */
export const SEARCH_SOURCES = ['annotations', 'references', 'glosses', 'hypotheses'] as const
export const SearchSource = z.enum(SEARCH_SOURCES)
export type SearchSource = z.infer<typeof SearchSource>

/** `word` has no letter or digit on either side; `whole` is all of the value. */
export const MATCH_KINDS = ['plain', 'word', 'whole', 'regex'] as const

export const SearchText = z.strictObject({
  text: z.string().min(1).max(2000),
  match: z.enum(MATCH_KINDS).default('plain'),
  isCaseSensitive: z.boolean().default(false),
  /** Values that do not match. */
  isNegated: z.boolean().default(false),
})
export type SearchText = z.infer<typeof SearchText>

const Name = z.string().min(1).max(200)
const Length = z.int().nonnegative()

/** One annotation, by what is written and where it stands. Names take `*` for any letters. */
export const SearchTerm = z.strictObject({
  sources: z.array(SearchSource).min(1).default(['annotations']),
  text: SearchText.optional(),
  tier: Name.optional(),
  type: Name.optional(),
  participant: Name.optional(),
  annotator: Name.optional(),
  recording: Name.optional(),
  /** The value of a vocabulary entry that the annotation stands for. */
  entry: Name.optional(),
  leastMs: Length.optional(),
  mostMs: Length.optional(),
  fromMs: Milliseconds.optional(),
  toMs: Milliseconds.optional(),
})
export type SearchTerm = z.infer<typeof SearchTerm>

/**
 * `overlaps`: shares time. `within`: lies inside. `contains`: the other lies inside. `before`: ends before the other
 * begins. `after`: begins after the other ends.
 */
export const RELATIONS = ['overlaps', 'within', 'contains', 'before', 'after'] as const

export const SearchRelation = z.strictObject({
  relation: z.enum(RELATIONS),
  /** There is no such annotation. */
  isNegated: z.boolean().default(false),
  /** Of `before` and `after`: at most so far. */
  mostMs: Length.optional(),
  /** Of `before` and `after`: the other is on the same tier, at most so many annotations away; 1 is the next one. */
  mostSteps: z.int().positive().max(1000).optional(),
  term: SearchTerm,
})
export type SearchRelation = z.infer<typeof SearchRelation>

export const SearchQuery = z.strictObject({
  ...SearchTerm.shape,
  /** An n-gram: the following annotations of the same tier, one by one. */
  next: z.array(SearchText.nullable()).max(9).default([]),
  relations: z.array(SearchRelation).max(8).default([]),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const SearchHit = z.strictObject({
  source: SearchSource,
  /** Null for the texts of clips. */
  annotationId: AnnotationId.nullable(),
  tierId: TierId.nullable(),
  clipId: ClipId.nullable(),
  recordingId: RecordingId,
  recording: z.string(),
  /** Name of the tier; the language of a reference; the name of a run. */
  tier: z.string(),
  startMs: Milliseconds,
  /** Of an n-gram: of its last annotation. */
  endMs: Milliseconds,
  value: z.string(),
  /** The part of `value` that matched, in UTF-16 units. */
  matchFrom: z.int(),
  matchTo: z.int(),
  /** The annotations before and after on the tier, in order; the texts of clips have none. */
  left: z.string(),
  right: z.string(),
})
export type SearchHit = z.infer<typeof SearchHit>

export const SearchProgress = z.strictObject({
  /** New ones since the last event; at most `limit` in all. */
  hits: z.array(SearchHit),
  total: z.int(),
  /** Recordings with hits, as far as they have been looked through. */
  recordings: z.array(z.strictObject({ recordingId: RecordingId, recording: z.string(), hits: z.int() })),
  /** Recordings looked through so far, and how many there are. */
  looked: z.int(),
  of: z.int(),
  isComplete: z.boolean(),
  elapsedMs: z.number(),
})
export type SearchProgress = z.infer<typeof SearchProgress>

export const SavedSearch = z.strictObject({ name: Name, query: z.string() })
export type SavedSearch = z.infer<typeof SavedSearch>

export const search = {
  /** Hits in the order of recordings, tiers and times as they are found; ends when the reader leaves. */
  run: base
    .input(z.strictObject({ query: SearchQuery, limit: z.int().positive().max(50_000).default(5000) }))
    .output(eventIterator(SearchProgress)),
  /** Makes the index of what has changed since the last search; ends when the reader leaves. */
  prepare: base.output(eventIterator(z.strictObject({ tiersLeft: z.int() }))),
  /** All hits as a tab-separated table. */
  export: base
    .input(
      z.strictObject({ query: SearchQuery, file: z.string().min(1), overwrite: z.boolean().default(false) }),
    )
    .output(z.strictObject({ file: z.string(), rows: z.int() })),
  /** What the fields of the form may hold. */
  names: base.output(
    z.strictObject({
      tiers: z.array(z.string()),
      types: z.array(z.string()),
      participants: z.array(z.string()),
    }),
  ),
  saved: base.output(z.array(SavedSearch)),
  /** Takes the place of the one with this name. */
  save: base.input(SavedSearch).output(z.array(SavedSearch)),
  forget: base.input(z.strictObject({ name: Name })).output(z.array(SavedSearch)),
}
