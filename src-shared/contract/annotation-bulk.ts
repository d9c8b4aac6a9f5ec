import { z } from 'zod'
import { AnnotationId, Milliseconds, RecordingId, TierId } from './ids.ts'
import { SearchQuery } from './search.ts'

const Span = { startMs: Milliseconds, endMs: Milliseconds }

/** Which annotations a bulk operation looks at. */
export const AnnotationScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('annotations'), annotationIds: z.array(AnnotationId).min(1) }),
  z.strictObject({ kind: z.literal('tiers'), tierIds: z.array(TierId).min(1) }),
  z.strictObject({ kind: z.literal('recording'), recordingId: RecordingId }),
  /** Everything of a recording that begins at this time or later. */
  z.strictObject({ kind: z.literal('after'), recordingId: RecordingId, fromMs: Milliseconds }),
  z.strictObject({ kind: z.literal('corpus') }),
  /** What a search finds at that moment, of a sequence its first annotation; at most 500,000. */
  z.strictObject({ kind: z.literal('hits'), query: SearchQuery }),
])
export type AnnotationScope = z.infer<typeof AnnotationScope>

export const SearchPattern = z.strictObject({
  text: z.string().min(1).max(2000),
  /** JavaScript syntax with the `u` flag; `$1` and `$<name>` in a replacement are its groups. */
  isRegex: z.boolean().default(false),
  isCaseSensitive: z.boolean().default(false),
  /** The pattern has to be the whole value. */
  isWholeValue: z.boolean().default(false),
})
export type SearchPattern = z.infer<typeof SearchPattern>

/** Edits that touch many annotations: each is one step of undo, and has a preview that writes nothing. */
export const BulkOperation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('shift'), scope: AnnotationScope, byMs: z.int() }),
  z.strictObject({
    kind: z.literal('copy'),
    annotationIds: z.array(AnnotationId).min(1),
    tierId: TierId,
    /** Take them off their own tier. */
    isMove: z.boolean().default(false),
  }),
  /** Annotations of equal length, end to end; those that would overlap one that is there are left out. */
  z.strictObject({
    kind: z.literal('regular'),
    tierId: TierId,
    ...Span,
    intervalMs: z.int().min(1),
    value: z.string().default(''),
  }),
  /** One annotation on a tier below for each annotation of another tier. */
  z.strictObject({
    kind: z.literal('depend'),
    fromTierId: TierId,
    toTierId: TierId,
    value: z.enum(['copy', 'empty']).default('empty'),
  }),
  z.strictObject({
    kind: z.literal('gaps'),
    /** Gaps that all of these have in common. */
    tierIds: z.array(TierId).min(1),
    toTierId: TierId,
    minMs: z.int().min(1).default(1),
    value: z.string().default(''),
  }),
  z.strictObject({
    kind: z.literal('overlaps'),
    /** Time that annotations of all of these share. */
    tierIds: z.array(TierId).min(2),
    toTierId: TierId,
    minMs: z.int().min(1).default(1),
    value: z.enum(['join', 'empty']).default('join'),
  }),
  z.strictObject({
    kind: z.literal('replace'),
    scope: AnnotationScope,
    pattern: SearchPattern,
    replacement: z.string().max(2000),
  }),
  /** Takes the texts away, and the links to vocabulary entries with them. */
  z.strictObject({ kind: z.literal('clear'), scope: AnnotationScope }),
  z.strictObject({ kind: z.literal('remove-empty'), scope: AnnotationScope }),
  z.strictObject({
    kind: z.literal('copy-tier'),
    tierId: TierId,
    recordingIds: z.array(RecordingId).min(1),
    withAnnotations: z.boolean().default(false),
  }),
])
export type BulkOperation = z.infer<typeof BulkOperation>

export const BulkChange = z.strictObject({
  change: z.enum(['create', 'change', 'remove']),
  recording: z.string(),
  tier: z.string(),
  ...Span,
  /** Where it was; null where it keeps its time, is new or goes. */
  from: z.strictObject(Span).nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type BulkChange = z.infer<typeof BulkChange>

export const BulkOutcome = z.strictObject({
  /** As undo will call it. */
  label: z.string(),
  created: z.int(),
  changed: z.int(),
  removed: z.int(),
  tiersCreated: z.int(),
  /** Left out, with the reason in a sentence, counted by reason. */
  skipped: z.array(z.strictObject({ reason: z.string(), count: z.int() })),
  /** The first 200. */
  changes: z.array(BulkChange),
})
export type BulkOutcome = z.infer<typeof BulkOutcome>
