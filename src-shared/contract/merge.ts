import { z } from 'zod'
import { base } from './base.ts'
import { Milliseconds, RecordingId, Timestamp } from './ids.ts'

const MergeSide = z.strictObject({ startMs: Milliseconds, endMs: Milliseconds, value: z.string() })
export type MergeSide = z.infer<typeof MergeSide>

export const MergeConflict = z.strictObject({
  id: z.string(),
  /**
   * `changed`: on both sides, differently. `removed-here`, `removed-there`: removed on one side, changed on the other.
   * `overlap`: what the other copy has would share time with what is here.
   */
  kind: z.enum(['changed', 'removed-here', 'removed-there', 'overlap']),
  tier: z.string(),
  base: MergeSide.nullable(),
  /** Several where they share time with one annotation of the other copy. */
  ours: z.array(MergeSide),
  theirs: MergeSide.nullable(),
  /** What keeping both would give; null where that is not possible. */
  both: MergeSide.nullable(),
})
export type MergeConflict = z.infer<typeof MergeConflict>

export const MergeSource = z.strictObject({
  recordingId: RecordingId,
  /** A corpus folder, or an annotation file. */
  theirs: z.string().min(1),
  /**
   * What both copies began as. `auto`: for a copy of this corpus, where the two edit logs part; for a file, the file
   * that the recording's tiers were imported from. `date`: this recording as it was then. `file`: an annotation file.
   */
  base: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('auto') }),
    z.strictObject({ kind: z.literal('date'), at: Timestamp }),
    z.strictObject({ kind: z.literal('file'), file: z.string().min(1) }),
  ]),
})
export type MergeSource = z.infer<typeof MergeSource>

export const MergePreview = z.strictObject({
  /** Of exactly this merge: `apply` refuses when either side has changed since. */
  token: z.string(),
  recording: z.string(),
  /** `log`: the copies part after the edit of `baseAt`; `nothing`: no common beginning is known. */
  base: z.enum(['log', 'import', 'date', 'file', 'nothing']),
  baseAt: Timestamp.nullable(),
  /** What the other copy did and nothing here speaks against, by tier. */
  tiers: z.array(
    z.strictObject({
      tier: z.string(),
      added: z.int(),
      changed: z.int(),
      removed: z.int(),
      isNew: z.boolean(),
    }),
  ),
  /** Tiers that only this copy has; a merge never removes a tier. */
  onlyHere: z.array(z.string()),
  conflicts: z.array(MergeConflict),
})
export type MergePreview = z.infer<typeof MergePreview>

export const MergeResolution = z.strictObject({
  id: z.string(),
  choice: z.enum(['ours', 'theirs', 'both']),
  /** A text in place of the chosen one. */
  value: z.string().max(10_000).optional(),
})
export type MergeResolution = z.infer<typeof MergeResolution>

/** Two annotators' copies of one recording, joined three-way. */
export const merging = {
  preview: base.input(MergeSource).output(MergePreview),
  /** One edit; every conflict needs its answer. */
  apply: base
    .input(
      z.strictObject({
        source: MergeSource,
        token: z.string(),
        resolutions: z.array(MergeResolution),
      }),
    )
    .output(z.strictObject({ added: z.int(), changed: z.int(), removed: z.int() })),
}
