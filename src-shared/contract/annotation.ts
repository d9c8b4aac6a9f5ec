import { z } from 'zod'
import { base } from './base.ts'
import { AnnotationId, EditId, Milliseconds, RecordingId, TierId, Timestamp } from './ids.ts'

/** EAF 3.0 constraints; `none` is a tier type without one. */
export const STEREOTYPES = [
  'none',
  'time-subdivision',
  'included-in',
  'symbolic-subdivision',
  'symbolic-association',
] as const
export const Stereotype = z.enum(STEREOTYPES)
export type Stereotype = z.infer<typeof Stereotype>

export const Tier = z.strictObject({
  id: TierId,
  recordingId: RecordingId,
  parentId: TierId.nullable(),
  name: z.string(),
  typeName: z.string(),
  stereotype: Stereotype,
  ordinal: z.int(),
  participant: z.string(),
  annotator: z.string(),
  language: z.string(),
  /** The sentence tier is a view of clips and references: its spans are edited there. */
  isSentenceView: z.boolean(),
})
export type Tier = z.infer<typeof Tier>

export const Annotation = z.strictObject({
  id: AnnotationId,
  tierId: TierId,
  startMs: Milliseconds,
  endMs: Milliseconds,
  value: z.string(),
})
export type Annotation = z.infer<typeof Annotation>

/**
 * The annotations of one tier in order of start, as columns: base64 of little-endian 32-bit unsigned integers,
 * `count` of each. A tenth of the work of as many objects, on both sides of the wire.
 */
export const TierColumns = z.strictObject({
  tierId: TierId,
  count: z.int().nonnegative(),
  ids: z.base64(),
  startsMs: z.base64(),
  endsMs: z.base64(),
  /** The annotation of the parent tier that each hangs on; 0 for none. */
  parentIds: z.base64(),
  /** Each different text once. */
  texts: z.array(z.string()),
  /** Positions in `texts`. */
  values: z.base64(),
})
export type TierColumns = z.infer<typeof TierColumns>

const Span = { startMs: Milliseconds, endMs: Milliseconds }

export const annotation = {
  tiers: base.input(z.strictObject({ recordingId: RecordingId })).output(z.array(Tier)),
  createTier: base
    .input(
      z.strictObject({
        recordingId: RecordingId,
        name: z.string().min(1).max(200),
        stereotype: Stereotype.default('none'),
        parentId: TierId.nullable().default(null),
      }),
    )
    .output(Tier),
  renameTier: base.input(z.strictObject({ tierId: TierId, name: z.string().min(1).max(200) })).output(Tier),
  removeTier: base.input(z.strictObject({ tierId: TierId })).output(z.void()),
  list: base
    .input(
      z.strictObject({
        recordingId: RecordingId,
        fromMs: Milliseconds.optional(),
        toMs: Milliseconds.optional(),
      }),
    )
    .output(z.array(Annotation)),
  /** For views of many annotations. Tiers that are gone are left out. */
  columns: base.input(z.strictObject({ tierIds: z.array(TierId).max(1000) })).output(z.array(TierColumns)),
  create: base
    .input(z.strictObject({ tierId: TierId, ...Span, value: z.string().default('') }))
    .output(Annotation),
  update: base
    .input(
      z.strictObject({
        annotationId: AnnotationId,
        startMs: Milliseconds.optional(),
        endMs: Milliseconds.optional(),
        value: z.string().optional(),
        tierId: TierId.optional(),
      }),
    )
    .output(Annotation),
  remove: base.input(z.strictObject({ annotationIds: z.array(AnnotationId).min(1) })).output(z.void()),
}

export const EditEntry = z.strictObject({
  id: EditId,
  at: Timestamp,
  author: z.string(),
  label: z.string(),
  isUndone: z.boolean(),
})
export type EditEntry = z.infer<typeof EditEntry>

export const UndoState = z.strictObject({
  undo: EditEntry.nullable(),
  redo: EditEntry.nullable(),
  savedAt: Timestamp.nullable(),
})
export type UndoState = z.infer<typeof UndoState>

export const edit = {
  state: base.output(UndoState),
  undo: base.output(UndoState),
  redo: base.output(UndoState),
  history: base
    .input(z.strictObject({ before: EditId.optional(), limit: z.int().positive().max(500).default(100) }))
    .output(z.array(EditEntry)),
}
