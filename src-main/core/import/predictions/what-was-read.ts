import type { PredictionFormat, PredictionRole } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import type { PredictionEntry, PredictionRating } from '../../../formats/predictions/prediction-entry.ts'

export interface SourceFile {
  path: string
  bytes: Buffer
  sha256: string
}

/** Everything that the chosen files say, before it meets the corpus. */
export interface ReadPredictions {
  format: PredictionFormat
  files: SourceFile[]
  encoding: string | null
  delimiter: string | null
  header: string[]
  columns: PredictionRole[]
  sampleRows: string[][]
  entries: PredictionEntry[]
  /** Human translations in files of their own: references of their clips. */
  references: PredictionEntry[]
  ratings: PredictionRating[]
  /** Clip → where its video is to be found. */
  videos: ReadonlyMap<string, string>
  language: string
  issues: ImportIssue[]
}

export const NOTHING_READ: Omit<ReadPredictions, 'format' | 'files' | 'entries'> = {
  encoding: null,
  delimiter: null,
  header: [],
  columns: [],
  sampleRows: [],
  references: [],
  ratings: [],
  videos: new Map(),
  language: '',
  issues: [],
}
