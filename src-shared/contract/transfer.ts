import { z } from 'zod'
import { base } from './base.ts'
import { ClipSelection } from './clip.ts'
import { Job } from './job.ts'
import { PredictionPreview, PredictionSource } from './predictions.ts'
import { ImportIssue } from './issue.ts'
import { Exclusion, Purpose } from './rights.ts'
import { RunId } from './ids.ts'
import { TEXT_ENCODINGS } from '../domain/text-encodings.ts'

export const IMPORT_FORMATS = [
  'auto',
  'folder',
  'phoenix14t',
  'how2sign',
  'csl-daily',
  'spamo-info',
  /** A release of this program, into a corpus of its own. */
  'release',
] as const

export const COLUMN_ROLES = [
  'ignore',
  'id',
  'file',
  'text',
  'gloss',
  'signer',
  'split',
  'language',
  'start',
  'end',
] as const
export const ColumnRole = z.enum(COLUMN_ROLES)
export type ColumnRole = z.infer<typeof ColumnRole>

export { ImportIssue }

export const ImportSource = z.strictObject({
  source: z.string().min(1),
  format: z.enum(IMPORT_FORMATS).default('auto'),
  /** The table of references; found by itself where the folder holds one. */
  table: z.string().optional(),
  /** Corrected meaning of each column, in order. */
  columns: z.array(ColumnRole).optional(),
  encoding: z.enum(TEXT_ENCODINGS).optional(),
  split: z.string().optional(),
  language: z.string().optional(),
  licence: z.string().default(''),
})
export type ImportSource = z.infer<typeof ImportSource>

export const ImportedClip = z.strictObject({
  line: z.int().nullable(),
  name: z.string(),
  file: z.string(),
  split: z.string(),
  signer: z.string().nullable(),
  text: z.string(),
  gloss: z.string(),
  startMs: z.int().nullable(),
  endMs: z.int().nullable(),
  status: z.enum(['new', 'known', 'changed', 'broken']),
})
export type ImportedClip = z.infer<typeof ImportedClip>

export const ImportPreview = z.strictObject({
  format: z.enum(['folder', 'phoenix14t', 'how2sign', 'csl-daily', 'spamo-info', 'release']),
  table: z.string().nullable(),
  tables: z.array(z.string()),
  delimiter: z.string().nullable(),
  encoding: z.string().nullable(),
  header: z.array(z.string()),
  columns: z.array(ColumnRole),
  sampleRows: z.array(z.array(z.string())),
  counts: z.strictObject({ new: z.int(), known: z.int(), changed: z.int(), broken: z.int() }),
  /** The first 500 clips. */
  clips: z.array(ImportedClip),
  issues: z.array(ImportIssue),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const importing = {
  preview: base.input(ImportSource).output(ImportPreview),
  /** Reads every media file's facts; adds nothing twice. */
  start: base.input(ImportSource).output(Job),
  /** What the rows of a file of predictions would become; changes nothing. */
  previewPredictions: base.input(PredictionSource).output(PredictionPreview),
  /** One edit that undo takes back; the job names the first of the runs that were made. */
  startPredictions: base.input(PredictionSource).output(Job),
}

/** What a release says of itself; empty: not stated. */
export const ReleaseMetadata = z.strictObject({
  /** Pseudonyms of people differ between releases of different names, and are the same when one is repeated. */
  name: z.string().trim().max(200).default(''),
  /** MAJOR.MINOR.PATCH; MAJOR where sentences that were published have changed. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .default('1.0.0'),
  description: z.string().max(20_000).default(''),
  creators: z.array(z.string().trim().min(1)).default([]),
  publisher: z.string().max(500).default(''),
  doi: z.string().trim().max(200).default(''),
  /** YYYY-MM-DD; empty: the day of the last change of what is in the release. */
  datePublished: z.union([z.iso.date(), z.literal('')]).default(''),
  /** SPDX id or address of the release as a whole; empty: that of the media where all have the same. */
  licence: z.string().trim().max(500).default(''),
  /** ISO 639-3. */
  signLanguage: z.union([z.string().regex(/^[a-z]{3}$/), z.literal('')]).default(''),
  homepage: z.string().max(2000).default(''),
})
export type ReleaseMetadata = z.infer<typeof ReleaseMetadata>

export const ExportRequest = z.strictObject({
  outDir: z.string().min(1),
  formats: z
    .array(z.enum(['jsonl', 'csv', 'parquet']))
    .min(1)
    .default(['jsonl', 'csv', 'parquet']),
  split: z.string().nullable().default(null),
  runIds: z.array(RunId).optional(),
  /** The run that the others are tested against; absent: the one that was made first. */
  baselineRunId: RunId.optional(),
  /** Sentences, glosses and outputs of the clips as annotation files, one a recording. */
  annotations: z.array(z.enum(['eaf', 'srt', 'vtt'])).default([]),
  /** The best outputs as files of shared tasks and of tools that people rate with. */
  tasks: z.array(z.enum(['wmt', 'pearmut', 'appraise'])).default([]),
  withFlagged: z.boolean().default(true),
  /** Within the split. */
  selection: ClipSelection.default({ kind: 'all' }),
  /** No clip leaves whose signer's consent or whose licence does not cover this. */
  purpose: Purpose.default('research'),
  /** The clips go along as videos of their own. */
  withVideo: z.boolean().default(false),
  /** Where the release goes: codes with spaces between; empty: everywhere. */
  territory: z.string().max(500).default(''),
  metadata: ReleaseMetadata.default(ReleaseMetadata.parse({})),
})
export type ExportRequest = z.infer<typeof ExportRequest>

export const exporting = {
  preview: base.input(ExportRequest).output(
    z.strictObject({
      clips: z.int(),
      /** Clips of the corpus that stay behind. */
      excluded: z.array(z.strictObject({ reason: Exclusion, clips: z.int() })),
      runs: z.array(z.string()),
      /** Videos of one folder are one line. */
      files: z.array(z.string()),
      fileCount: z.int(),
      /** What a reader of the release should know: no licence, no consent, clips without reference. */
      issues: z.array(ImportIssue),
    }),
  ),
  start: base.input(ExportRequest).output(Job),
  /** What was asked for last, as a start for the next release of this corpus. */
  last: base.output(ExportRequest.nullable()),
  /** Annotation files for SpaMo's scripts and loader, one pair a split. */
  spamo: base.input(z.strictObject({ outDir: z.string().min(1), selection: ClipSelection })).output(
    z.strictObject({
      files: z.array(z.string()),
      clips: z.int(),
      /** Clips that lack a translation which SpaMo's training asks for (en, es, fr). */
      withoutTranslations: z.int(),
    }),
  ),
}
