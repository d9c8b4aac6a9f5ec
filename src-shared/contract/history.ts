import { z } from 'zod'
import { EditEntry, UndoState } from './annotation.ts'
import { base } from './base.ts'
import { ClipId, EditId, Milliseconds, RecordingId, TierId, Timestamp } from './ids.ts'

export const HistoryEdit = z.strictObject({
  ...EditEntry.shape,
  /**
   * `undone`: within reach of redo. `dropped`: undone, then overtaken by a newer edit. `settled`: what it changed has
   * been changed by other means since, so that undo passes over it.
   */
  state: z.enum(['applied', 'undone', 'dropped', 'settled']),
})
export type HistoryEdit = z.infer<typeof HistoryEdit>

export const HISTORY_KINDS = ['annotation', 'reference', 'tier', 'clip'] as const

/** One row whose values have a history; ids of the sentence view stand for the first reference of their clip. */
export const HistorySubject = z.strictObject({ kind: z.enum(HISTORY_KINDS), id: z.int().positive() })
export type HistorySubject = z.infer<typeof HistorySubject>

/** Times are milliseconds in decimal; null where the row was not there. */
export const FieldChange = z.strictObject({
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type FieldChange = z.infer<typeof FieldChange>

export const RowChange = z.strictObject({
  /** The table: annotation, reference, clip, clip_tag, tier, rating … */
  table: z.string(),
  id: z.int(),
  change: z.enum(['added', 'changed', 'removed']),
  recordingId: RecordingId.nullable(),
  recording: z.string(),
  tierId: TierId.nullable(),
  clipId: ClipId.nullable(),
  /** The tier of an annotation, the clip of a reference or tag. */
  place: z.string(),
  /** What the row says, in a few words. */
  text: z.string(),
  startMs: Milliseconds.nullable(),
  fields: z.array(FieldChange),
})
export type RowChange = z.infer<typeof RowChange>

/** Many changes of rows: all counted, the first 200 told. */
export const ChangeList = z.strictObject({
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  changes: z.array(RowChange),
})
export type ChangeList = z.infer<typeof ChangeList>

/** Something that happened to one row. */
export const HistoryMoment = z.strictObject({
  editId: EditId,
  at: Timestamp,
  author: z.string(),
  label: z.string(),
  /** `undo` and `redo`: the edit was taken back, or done again, at this moment. */
  act: z.enum(['edit', 'undo', 'redo']),
  change: z.enum(['added', 'changed', 'removed']),
  fields: z.array(FieldChange),
  /** What the row was after it; null: gone. */
  state: z.record(z.string(), z.string()).nullable(),
})
export type HistoryMoment = z.infer<typeof HistoryMoment>

const Dates = {
  fromAt: Timestamp,
  /** Now if absent. */
  toAt: Timestamp.optional(),
}

export const DateDiff = z.strictObject({
  /** By tier, and the references and clips of each recording; in order of the recordings' names. */
  groups: z.array(
    z.strictObject({
      recordingId: RecordingId,
      recording: z.string(),
      kind: z.enum(['tier', 'references', 'clips']),
      tierId: TierId.nullable(),
      /** The name of the tier. */
      name: z.string(),
      added: z.int(),
      changed: z.int(),
      removed: z.int(),
    }),
  ),
  ...ChangeList.shape,
  /** Edits, undos and redos between the two dates. */
  acts: z.int(),
})
export type DateDiff = z.infer<typeof DateDiff>

export const TierRestoration = z.strictObject({
  tier: z.string(),
  /** The tier had been removed, and comes back with its annotations. */
  isTierBack: z.boolean(),
  ...ChangeList.shape,
  /** Annotations on tiers below that hang on removed ones, and go with them. */
  alsoRemoved: z.int(),
  /** Left out, because the annotation of the parent tier that they hung on is gone. */
  withoutParent: z.int(),
})
export type TierRestoration = z.infer<typeof TierRestoration>

const TierAt = z.strictObject({ tierId: TierId, at: Timestamp })

/** What the edit log knows. Imports and jobs are not edits: what they brought counts as there from the beginning. */
export const history = {
  /** Newest first. */
  edits: base
    .input(
      z.strictObject({
        skip: z.int().nonnegative().default(0),
        limit: z.int().positive().max(500).default(200),
        /** In label or author. */
        text: z.string().max(200).default(''),
      }),
    )
    .output(z.strictObject({ total: z.int(), edits: z.array(HistoryEdit) })),
  /** What this edit did when it was made. */
  ofEdit: base.input(z.strictObject({ editId: EditId })).output(ChangeList),
  /** What a jump to this edit would change from now on; null: to before the first edit. */
  previewJump: base
    .input(z.strictObject({ editId: EditId.nullable() }))
    .output(z.strictObject({ undone: z.int(), redone: z.int(), ...ChangeList.shape })),
  /** Undoes or does again until this edit is the newest that is done: all of it, or none. */
  jumpTo: base.input(z.strictObject({ editId: EditId.nullable() })).output(UndoState),
  /** Newest first. */
  of: base.input(HistorySubject).output(z.array(HistoryMoment)),
  /** Gives the row the values that it had after (or, with `before`, before) this edit: one edit. */
  restoreValue: base
    .input(z.strictObject({ subject: HistorySubject, editId: EditId, side: z.enum(['before', 'after']) }))
    .output(UndoState),
  /** Of one recording, or of the whole corpus. */
  diff: base.input(z.strictObject({ recordingId: RecordingId.optional(), ...Dates })).output(DateDiff),
  previewRestoreTier: base.input(TierAt).output(TierRestoration),
  /** Makes the annotations of a tier what they were at this date: one edit. */
  restoreTier: base.input(TierAt).output(TierRestoration),
}
