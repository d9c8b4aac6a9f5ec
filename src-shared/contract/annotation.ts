import { z } from 'zod'
import { AnnotationScope, BulkOperation, BulkOutcome, SearchPattern } from './annotation-bulk.ts'
import { base } from './base.ts'
import {
  AnnotationId,
  EditId,
  Milliseconds,
  RecordingId,
  TierId,
  TierTypeId,
  Timestamp,
  VocabularyEntryId,
  VocabularyId,
} from './ids.ts'

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

export const TierHeight = z.enum(['low', 'medium', 'high'])
export type TierHeight = z.infer<typeof TierHeight>

/** How tiers are shown, in every window on the corpus. By name, so that it holds for all its recordings. */
export const TierLayout = z.strictObject({
  height: TierHeight,
  hidden: z.array(z.string()),
  /** Tiers whose dependent tiers are folded away. */
  collapsed: z.array(z.string()),
  /** `#rrggbb`, for tiers that somebody gave one; the others have the colour of their type. */
  colours: z.record(z.string(), z.string().regex(/^#[0-9a-f]{6}$/)).default({}),
})
export type TierLayout = z.infer<typeof TierLayout>

/** A linguistic type of ELAN: the rules that its tiers share, in all recordings of the corpus. */
export const TierType = z.strictObject({
  id: TierTypeId,
  name: z.string(),
  stereotype: Stereotype,
  /** EAF's GRAPHIC_REFERENCES: annotations may point to places in a picture. Kept, not edited here. */
  hasGraphicReferences: z.boolean(),
  vocabularyId: VocabularyId.nullable(),
  /** Name of EAF's LEXICON_REF; empty without one. */
  lexiconRef: z.string(),
  /** Tiers of this type in the whole corpus. */
  tiers: z.int(),
})
export type TierType = z.infer<typeof TierType>

export const Tier = z.strictObject({
  id: TierId,
  recordingId: RecordingId,
  parentId: TierId.nullable(),
  name: z.string(),
  typeId: TierTypeId.nullable(),
  typeName: z.string(),
  stereotype: Stereotype,
  vocabularyId: VocabularyId.nullable(),
  ordinal: z.int(),
  participant: z.string(),
  annotator: z.string(),
  language: z.string(),
  defaultLocale: z.string(),
  /**
   * The sentence tier is a view: its annotations are the recording's clips with their first references, and
   * whatever is edited on it edits those. Its id and theirs come from `domain/sentence-view`; its type is null.
   */
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

/** An annotation with what it hangs on and stands for. */
export const LinkedAnnotation = z.strictObject({
  ...Annotation.shape,
  /** On the parent tier; null on a tier without parent, and for one that lies outside every parent. */
  parentId: AnnotationId.nullable(),
  /** The entry of the tier's vocabulary that the value stands for. */
  entryId: VocabularyEntryId.nullable(),
})
export type LinkedAnnotation = z.infer<typeof LinkedAnnotation>

/**
 * The annotations of one tier in order of start, as columns: base64 of little-endian 32-bit unsigned integers,
 * `count` of each. A tenth of the work of as many objects, on both sides of the wire.
 * Times before the beginning, which files of other programs have, are 0 here.
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
const ById = z.strictObject({ annotationId: AnnotationId })
const TierName = z.string().min(1).max(200)

export const FoundAnnotation = z.strictObject({
  ...LinkedAnnotation.shape,
  recordingId: RecordingId,
  recording: z.string(),
  tier: z.string(),
})
export type FoundAnnotation = z.infer<typeof FoundAnnotation>

export const RemovalCount = z.strictObject({ annotations: z.int(), tiers: z.int() })

const NewAnnotation = z.strictObject({
  tierId: TierId,
  ...Span,
  value: z.string().default(''),
  entryId: VocabularyEntryId.optional(),
})
const AnnotationChange = z.strictObject({
  annotationId: AnnotationId,
  startMs: Milliseconds.optional(),
  endMs: Milliseconds.optional(),
  value: z.string().optional(),
  entryId: VocabularyEntryId.nullable().optional(),
  tierId: TierId.optional(),
})
const AnnotationRemoval = z.strictObject({ annotationIds: z.array(AnnotationId).min(1) })

/** One of several edits that belong together. */
export const AnnotationStep = z.discriminatedUnion('kind', [
  NewAnnotation.extend({ kind: z.literal('create') }),
  AnnotationChange.extend({ kind: z.literal('update') }),
  AnnotationRemoval.extend({ kind: z.literal('remove') }),
])
export type AnnotationStep = z.infer<typeof AnnotationStep>

export const BatchOutcome = z.strictObject({
  /** As undo calls it. */
  label: z.string(),
  /** In the order of the steps that made them. */
  created: z.array(LinkedAnnotation),
  changed: z.int(),
  removed: z.int(),
})
export type BatchOutcome = z.infer<typeof BatchOutcome>

const TierFacts = {
  name: TierName,
  typeId: TierTypeId,
  parentId: TierId.nullable(),
  participant: z.string().max(200),
  annotator: z.string().max(200),
  language: z.string().max(40),
  defaultLocale: z.string().max(40),
}

export const annotation = {
  /** The sentence view comes first where the recording has clips. */
  tiers: base.input(z.strictObject({ recordingId: RecordingId })).output(z.array(Tier)),
  createTier: base
    .input(
      z.strictObject({
        recordingId: RecordingId,
        name: TierName,
        /** Without a type: the oldest one with this stereotype. */
        typeId: TierTypeId.optional(),
        stereotype: Stereotype.default('none'),
        parentId: TierId.nullable().default(null),
        participant: TierFacts.participant.default(''),
        annotator: TierFacts.annotator.optional(),
        language: TierFacts.language.default(''),
        defaultLocale: TierFacts.defaultLocale.default(''),
      }),
    )
    .output(Tier),
  renameTier: base.input(z.strictObject({ tierId: TierId, name: TierName })).output(Tier),
  /** Type and parent change where the annotations of the tier fit the new rules. */
  updateTier: base
    .input(z.strictObject({ tierId: TierId, changes: z.strictObject(TierFacts).partial() }))
    .output(Tier),
  /** All tiers of the recording, in the order in which they are to be shown. */
  orderTiers: base
    .input(z.strictObject({ recordingId: RecordingId, tierIds: z.array(TierId).min(1) }))
    .output(z.array(Tier)),
  removeTier: base.input(z.strictObject({ tierId: TierId })).output(z.void()),
  types: base.output(z.array(TierType)),
  createType: base
    .input(
      z.strictObject({
        name: TierName,
        stereotype: Stereotype,
        vocabularyId: VocabularyId.nullable().default(null),
      }),
    )
    .output(TierType),
  /** A type that has tiers keeps its stereotype. */
  updateType: base
    .input(
      z.strictObject({
        typeId: TierTypeId,
        changes: z
          .strictObject({
            name: TierName,
            stereotype: Stereotype,
            vocabularyId: VocabularyId.nullable(),
          })
          .partial(),
      }),
    )
    .output(TierType),
  /** Only one that no tier uses. */
  removeType: base.input(z.strictObject({ typeId: TierTypeId })).output(z.void()),
  layout: base.output(TierLayout),
  /** A view, not an edit: undo does not know of it. */
  saveLayout: base.input(TierLayout).output(z.void()),
  list: base
    .input(
      z.strictObject({
        recordingId: RecordingId,
        fromMs: Milliseconds.optional(),
        toMs: Milliseconds.optional(),
      }),
    )
    .output(z.array(LinkedAnnotation)),
  /** For views of many annotations. Tiers that are gone are left out. */
  columns: base.input(z.strictObject({ tierIds: z.array(TierId).max(1000) })).output(z.array(TierColumns)),
  /** Those of them that are there. */
  some: base
    .input(z.strictObject({ annotationIds: z.array(AnnotationId).max(1000) }))
    .output(z.array(LinkedAnnotation)),
  create: base.input(NewAnnotation).output(LinkedAnnotation),
  update: base.input(AnnotationChange).output(LinkedAnnotation),
  /** What hangs on them goes too. */
  remove: base.input(AnnotationRemoval).output(z.void()),
  /** Several edits, in this order, as one: undo takes back all of them, and where one is refused none is made. */
  batch: base.input(z.strictObject({ steps: z.array(AnnotationStep).min(1) })).output(BatchOutcome),
  /** How much `remove` or `removeTier` would take along. */
  countRemoval: base
    .input(
      z.strictObject({
        annotationIds: z.array(AnnotationId).default([]),
        tierIds: z.array(TierId).default([]),
      }),
    )
    .output(RemovalCount),
  /**
   * Two annotations, first and second; both keep the text unless each is given its own. What hangs on the first is cut or
   * goes along.
   */
  split: base
    .input(
      z.strictObject({
        annotationId: AnnotationId,
        atMs: Milliseconds,
        values: z.tuple([z.string(), z.string()]).optional(),
      }),
    )
    .output(z.array(LinkedAnnotation)),
  /** One annotation from this and the next of its tier and parent, with both texts. */
  mergeNext: base
    .input(z.strictObject({ annotationId: AnnotationId, separator: z.string().max(20).default(' ') }))
    .output(LinkedAnnotation),
  /** The same text and length behind it, or at `atMs`. */
  duplicate: base.input(ById.extend({ atMs: Milliseconds.optional() })).output(LinkedAnnotation),
  find: base
    .input(
      z.strictObject({
        scope: AnnotationScope,
        pattern: SearchPattern,
        limit: z.int().positive().max(5000).default(500),
      }),
    )
    .output(z.strictObject({ total: z.int(), annotations: z.array(FoundAnnotation) })),
  /** What `bulk` would do: the operation is carried out and taken back. */
  previewBulk: base.input(BulkOperation).output(BulkOutcome),
  bulk: base.input(BulkOperation).output(BulkOutcome),
  /** Tiers, types and vocabularies of an ELAN template (.etf); tiers that are there already stay. */
  applyTemplate: base
    .input(z.strictObject({ recordingId: RecordingId, file: z.string().min(1) }))
    .output(BulkOutcome),
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
