import { z } from 'zod'
import { base, eventIterator, Nothing } from './base.ts'
import { AnnotationId, ClipId, TierId, Timestamp } from './ids.ts'

export const CorpusSummary = z.strictObject({
  dir: z.string(),
  name: z.string(),
  isDemo: z.boolean(),
  clips: z.int(),
  recordings: z.int(),
  /** Share of clips per review state and split, for facets and Home. */
  splits: z.array(z.strictObject({ split: z.string(), clips: z.int() })),
  states: z.array(z.strictObject({ state: z.string(), clips: z.int() })),
  signers: z.array(z.strictObject({ signer: z.string(), clips: z.int() })),
  missingMedia: z.int(),
})
export type CorpusSummary = z.infer<typeof CorpusSummary>

export const RecentCorpus = z.strictObject({
  dir: z.string(),
  name: z.string(),
  clips: z.int(),
  openedAt: Timestamp,
  isThere: z.boolean(),
  thumbnailUrl: z.string().nullable(),
})
export type RecentCorpus = z.infer<typeof RecentCorpus>

export const Backup = z.strictObject({
  file: z.string(),
  takenAt: Timestamp,
  bytes: z.int(),
  reason: z.enum(['opened', 'hourly', 'daily', 'manual', 'before-migration', 'before-restore']),
})
export type Backup = z.infer<typeof Backup>

const Changes = z.strictObject({ added: z.int(), changed: z.int(), removed: z.int() })

/** What a backup holds, read without opening it for work. */
export const BackupPreview = z.strictObject({
  /** False: it is damaged itself, and the rest is empty. */
  isSound: z.boolean(),
  clips: z.int(),
  recordings: z.int(),
  references: z.int(),
  annotations: z.int(),
  /** Its newest edits, newest first. */
  lastEdits: z.array(z.strictObject({ at: Timestamp, author: z.string(), label: z.string() })),
  /** From the backup to the present state; null where that cannot be read or the backup has another format. */
  since: z
    .strictObject({ edits: z.int(), clips: Changes, references: Changes, annotations: Changes })
    .nullable(),
})
export type BackupPreview = z.infer<typeof BackupPreview>

/** What changed, never the new value: a store that cares asks again. */
export const CorpusChange = z.strictObject({
  kind: z.enum([
    'clips',
    'clip',
    'reference',
    'annotation',
    'suggestion',
    'tier',
    'vocabulary',
    'media',
    'run',
    'rating',
    'rights',
    'pseudo-gloss',
    'evaluation',
    'corpus',
    'edit',
  ]),
  clipId: ClipId.nullable(),
  /** With `annotation`: the tiers that hold or held what changed. Absent: any of them. */
  tierIds: z.array(TierId).optional(),
  /** With `annotation`: the only ones that changed, came or went, where they are few. */
  annotationIds: z.array(AnnotationId).optional(),
})
export type CorpusChange = z.infer<typeof CorpusChange>

const Dir = z.strictObject({ dir: z.string().min(1) })

export const corpus = {
  recent: base.output(z.array(RecentCorpus)),
  current: base.output(CorpusSummary.nullable()),
  create: base
    .input(z.strictObject({ dir: z.string().min(1), name: z.string().min(1).max(200) }))
    .output(CorpusSummary),
  open: base.input(Dir).output(CorpusSummary),
  /** Makes the demo corpus where there is none yet, and opens it. */
  demo: base.input(z.strictObject({ dir: z.string().optional() })).output(CorpusSummary),
  close: base.output(Nothing),
  forget: base.input(Dir).output(Nothing),
  backups: base.output(z.array(Backup)),
  /** Of any corpus folder, also of one that is closed or too damaged to be opened. */
  backupsOf: base.input(Dir).output(z.array(Backup)),
  previewBackup: base.input(z.strictObject({ file: z.string() })).output(BackupPreview),
  backup: base.output(Backup),
  restore: base.input(z.strictObject({ file: z.string() })).output(CorpusSummary),
  changes: base.output(eventIterator(CorpusChange)),
}
