import { z } from 'zod'
import { ImportIssue } from './issue.ts'
import { TASK_TYPES } from '../domain/task-type.ts'
import { TEXT_ENCODINGS } from '../domain/text-encodings.ts'

/** `pairs`: `name|hypothesis` or `name|hypothesis|reference`, as SLT code writes them. `wmt`: XML of the shared tasks. `ctc`: labels or probabilities of each step, of a recogniser. */
export const PREDICTION_FORMATS = ['auto', 'lines', 'pairs', 'table', 'json', 'pickle', 'wmt', 'ctc'] as const
export type PredictionFormat = Exclude<(typeof PREDICTION_FORMATS)[number], 'auto'>

export const PREDICTION_ROLES = ['ignore', 'id', 'text', 'reference', 'system', 'score'] as const
export const PredictionRole = z.enum(PREDICTION_ROLES)
export type PredictionRole = z.infer<typeof PredictionRole>

/** What happens to references of the file that differ from those of the corpus. Clips without any get the file's. */
export const REFERENCE_CHOICES = ['keep', 'add', 'replace'] as const
export const ReferenceChoice = z.enum(REFERENCE_CHOICES)
export type ReferenceChoice = z.infer<typeof ReferenceChoice>

/** How a sequence of glosses is read from the steps of CTC: sums over paths, or the likeliest label of each step. */
export const CTC_DECODINGS = ['beam', 'greedy'] as const
export const CtcDecoding = z.strictObject({
  decoding: z.enum(CTC_DECODINGS).default('beam'),
  beams: z.int().min(1).max(1000).default(10),
  /** The glosses of a matrix, one a line; `vocabulary.txt` beside it unless stated. */
  vocabulary: z.string().min(1).optional(),
  /** Frames of video from one step to the next, where the file does not say so; unless stated the steps divide the clip evenly. */
  stride: z.number().positive().max(1000).optional(),
})
export type CtcDecoding = z.infer<typeof CtcDecoding>

export const PredictionSource = z.strictObject({
  /** A file; for WMT also the folder that holds the systems' XML and the raters' CSV. */
  source: z.string().min(1),
  format: z.enum(PREDICTION_FORMATS).default('auto'),
  /** Names of the clips, line by line, for files that have sentences only. */
  names: z.string().optional(),
  /** References line by line. */
  references: z.array(z.string()).max(16).default([]),
  /** Corrected meaning of each column, in order. */
  columns: z.array(PredictionRole).optional(),
  encoding: z.enum(TEXT_ENCODINGS).optional(),
  /** Name of the run; for files of several systems they keep their own names. */
  run: z.string().trim().max(120).optional(),
  /** What the systems turn into what: recognition writes glosses, which become no references of sentences. */
  task: z.enum(TASK_TYPES).default('S2T'),
  /** The clips that the file is about; also the split of clips that are made. */
  split: z.string().optional(),
  language: z.string().max(20).optional(),
  referenceChoice: ReferenceChoice.default('keep'),
  /** For labels and probabilities of steps (`ctc`). */
  ctc: CtcDecoding.prefault({}),
  /** Makes clips without video for names that the corpus does not have. */
  makeClips: z.boolean().default(false),
})
export type PredictionSource = z.infer<typeof PredictionSource>

export const PredictedRow = z.strictObject({
  file: z.string(),
  line: z.int().nullable(),
  system: z.string(),
  /** As the file has it; empty where lines are counted. */
  name: z.string(),
  /** The clip that it belongs to; null where it is left out. */
  clip: z.string().nullable(),
  isNewClip: z.boolean(),
  text: z.string(),
  status: z.enum(['imported', 'repaired', 'skipped']),
  /** What was repaired, or why it is left out. */
  reason: z.string().nullable(),
})
export type PredictedRow = z.infer<typeof PredictedRow>

export const ReferenceDifference = z.strictObject({
  clip: z.string(),
  file: z.string(),
  line: z.int().nullable(),
  ours: z.string(),
  theirs: z.string(),
  /** The same words: only case, punctuation or white space differ. */
  isFormOnly: z.boolean(),
})
export type ReferenceDifference = z.infer<typeof ReferenceDifference>

export const PredictedSystem = z.strictObject({
  name: z.string(),
  /** The name that its run gets. */
  run: z.string(),
  clips: z.int(),
  /** Clips of the scope that it says nothing about. */
  missing: z.int(),
  ratings: z.int(),
})

export const PredictionPreview = z.strictObject({
  format: z.enum(['lines', 'pairs', 'table', 'json', 'pickle', 'wmt', 'ctc']),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int(), sha256: z.string() })),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  header: z.array(z.string()),
  columns: z.array(PredictionRole),
  sampleRows: z.array(z.array(z.string())),
  /** How rows were given to clips: by name, or by counting lines against clips in this order. */
  alignment: z.enum(['names', 'name-order', 'import-order']),
  systems: z.array(PredictedSystem),
  /** Of all rows: every one is exactly one of these. */
  counts: z.strictObject({ imported: z.int(), repaired: z.int(), skipped: z.int() }),
  newClips: z.int(),
  references: z.strictObject({
    same: z.int(),
    formOnly: z.int(),
    different: z.int(),
    /** Clips that have none and get the file's. */
    filled: z.int(),
  }),
  /** The first 200; those with other words before those with another form. */
  differences: z.array(ReferenceDifference),
  ratings: z.strictObject({
    annotators: z.array(z.string()),
    segments: z.int(),
    repeats: z.int(),
    documents: z.int(),
  }),
  /** Names of clips of the scope that no system says anything about; the first 50. */
  missing: z.strictObject({ count: z.int(), names: z.array(z.string()) }),
  /** The first 500: what is left out or repaired before the rest. */
  rows: z.array(PredictedRow),
  issues: z.array(ImportIssue),
})
export type PredictionPreview = z.infer<typeof PredictionPreview>
