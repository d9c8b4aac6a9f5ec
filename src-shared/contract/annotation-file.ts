import { z } from 'zod'
import { Stereotype } from './annotation.ts'
import { base } from './base.ts'
import { AnnotationFileId, MediaId, RecordingId, TierId, Timestamp } from './ids.ts'
import { Job } from './job.ts'

export const ANNOTATION_FORMATS = [
  'eaf',
  'srt',
  'vtt',
  'textgrid',
  'cha',
  'flextext',
  'tsv',
  'csv',
  'json',
] as const
export const AnnotationFormat = z.enum(ANNOTATION_FORMATS)
export type AnnotationFormat = z.infer<typeof AnnotationFormat>

/** Formats that write which tier hangs on which: of a chosen tier, those above it are written too. */
export const FORMATS_WITH_PARENTS: readonly AnnotationFormat[] = ['eaf', 'cha', 'flextext', 'json']

export const FileDefect = z.strictObject({
  code: z.string(),
  /** Counted from 1; 0 where the file has no such place. */
  line: z.int(),
  message: z.string(),
  repair: z.string(),
  /** The program can mend it; otherwise it is kept as it is. */
  isMendable: z.boolean(),
})
export type FileDefect = z.infer<typeof FileDefect>

export const AnnotationLoss = z.strictObject({ code: z.string(), count: z.int(), sentence: z.string() })
export type AnnotationLoss = z.infer<typeof AnnotationLoss>

/** A medium that an annotation file names, and where it is. */
export const NamedMedia = z.strictObject({
  url: z.string(),
  relativeUrl: z.string(),
  mimeType: z.string(),
  /** A sound file has no picture to show: it stays named in the file, and nothing is looked for. */
  kind: z.enum(['video', 'sound']),
  /** TIME_ORIGIN: media time minus annotation time. */
  offsetMs: z.int(),
  /** Absolute; null where none of the places that the file names has it. */
  path: z.string().nullable(),
  /** The same file in the corpus already. */
  mediaId: MediaId.nullable(),
})
export type NamedMedia = z.infer<typeof NamedMedia>

export const FileTier = z.strictObject({
  name: z.string(),
  typeName: z.string(),
  stereotype: Stereotype,
  parent: z.string().nullable(),
  participant: z.string(),
  vocabulary: z.string(),
  annotations: z.int(),
  /** The text of the first annotation that has one. */
  sample: z.string(),
})
export type FileTier = z.infer<typeof FileTier>

/** How ELAN showed a document: the .pfsx of the same name beside it. */
export const DisplaySettings = z.strictObject({
  file: z.string(),
  /** How many tiers come in an order, with a colour of their own, hidden. */
  ordered: z.int(),
  coloured: z.int(),
  hidden: z.int(),
  /** What stays behind, by ELAN's names. */
  leftOut: z.array(z.string()),
  /** Why nothing of it can be taken over; null where it can. */
  problem: z.string().nullable(),
})
export type DisplaySettings = z.infer<typeof DisplaySettings>

export const AnnotationFilePreview = z.strictObject({
  file: z.string(),
  format: AnnotationFormat,
  /** FORMAT of an EAF; empty otherwise. */
  formatVersion: z.string(),
  author: z.string(),
  date: z.string(),
  /** Where it would go: the recording of its media, else a new one of this name. */
  recordingId: RecordingId.nullable(),
  recording: z.string(),
  tiers: z.array(FileTier),
  annotations: z.int(),
  types: z.array(z.string()),
  vocabularies: z.array(z.strictObject({ name: z.string(), entries: z.int(), externalUrl: z.string() })),
  media: z.array(NamedMedia),
  /** What the file holds and the corpus has no place for; nothing for an EAF, which is kept and written onto. */
  losses: z.array(AnnotationLoss),
  /** Null where no such file lies beside it. */
  display: DisplaySettings.nullable(),
  /** The same bytes came in before. */
  isKnown: z.boolean(),
})
export type AnnotationFilePreview = z.infer<typeof AnnotationFilePreview>

export const AnnotationFileCheck = z.strictObject({
  /** The first 500. */
  defects: z.array(FileDefect),
  defectCount: z.int(),
  mendableCount: z.int(),
})
export type AnnotationFileCheck = z.infer<typeof AnnotationFileCheck>

const OneFile = z.strictObject({
  file: z.string().min(1),
  format: z.enum(['auto', ...ANNOTATION_FORMATS]).default('auto'),
})

export const AnnotationImport = z.strictObject({
  /** Files, or folders whose annotation files are all read. */
  sources: z.array(z.string().min(1)).min(1),
  format: z.enum(['auto', ...ANNOTATION_FORMATS]).default('auto'),
  /** Mend what can be mended; otherwise everything is taken as it is. */
  acceptRepairs: z.boolean().default(false),
  /** Into this recording, instead of the one of the file's media or a new one. */
  recordingId: RecordingId.optional(),
  /** The tier whose annotations become clips, with their texts as references. */
  sentenceTier: z.string().optional(),
  /** Where media are that the file's own places do not have: a file for a MEDIA_URL. */
  media: z.array(z.strictObject({ url: z.string(), path: z.string().min(1) })).default([]),
})
export type AnnotationImport = z.infer<typeof AnnotationImport>

/** A file whose annotations were taken into the corpus; its bytes are kept in the corpus folder. */
export const AnnotationFile = z.strictObject({
  id: AnnotationFileId,
  recordingId: RecordingId,
  recording: z.string(),
  path: z.string(),
  format: AnnotationFormat,
  contentHash: z.string(),
  isRepaired: z.boolean(),
  importedAt: Timestamp,
  annotations: z.int(),
  /** Media that it names and the corpus has not found. */
  missingMedia: z.array(NamedMedia),
})
export type AnnotationFile = z.infer<typeof AnnotationFile>

export const AnnotationExport = z.strictObject({
  recordingId: RecordingId,
  file: z.string().min(1),
  /** By the ending of the file if absent. */
  format: AnnotationFormat.optional(),
  /** Only these tiers; formats that hold parents also get the tiers that these hang on. All where absent. */
  tierIds: z.array(TierId).optional(),
  /** Clips with their references as a tier of sentences. */
  withSentences: z.boolean().default(false),
  /** The best hypothesis of each run as a tier. */
  withHypotheses: z.boolean().default(false),
  overwrite: z.boolean().default(false),
})
export type AnnotationExport = z.infer<typeof AnnotationExport>

export const AnnotationExportPreview = z.strictObject({
  format: AnnotationFormat,
  tiers: z.int(),
  annotations: z.int(),
  /** Written onto the bytes that were imported: everything that was not edited stays as it was. */
  isOntoOriginal: z.boolean(),
  /** What differs from the imported file, in sentences with counts. */
  edits: z.array(z.string()),
  losses: z.array(AnnotationLoss),
  /** Rules of EAF 3.0 that the written file would break. */
  defects: z.array(FileDefect),
  exists: z.boolean(),
})
export type AnnotationExportPreview = z.infer<typeof AnnotationExportPreview>

export const annotationFile = {
  /** The annotation files that an import of these files and folders would read, in its order. */
  find: base
    .input(z.strictObject({ sources: z.array(z.string().min(1)).min(1) }))
    .output(z.array(z.strictObject({ file: z.string(), bytes: z.int() }))),
  /** What is in a file: as soon as it is read, before anything in it is checked. */
  preview: base.input(OneFile).output(AnnotationFilePreview),
  /** What is wrong with it, and what can be mended; seconds for a file of hundreds of thousands of annotations. */
  check: base.input(OneFile).output(AnnotationFileCheck),
  /** A job over files; each file is taken in whole or not at all. */
  import: base.input(AnnotationImport).output(Job),
  list: base.input(z.strictObject({ recordingId: RecordingId.optional() })).output(z.array(AnnotationFile)),
  /** Links a medium that a file names and that was not found; a recording without clips gets one. */
  linkMedia: base
    .input(z.strictObject({ fileId: AnnotationFileId, url: z.string(), path: z.string().min(1) }))
    .output(AnnotationFile),
  previewExport: base.input(AnnotationExport).output(AnnotationExportPreview),
  export: base
    .input(AnnotationExport)
    .output(z.strictObject({ file: z.string(), bytes: z.int(), losses: z.array(AnnotationLoss) })),
}
