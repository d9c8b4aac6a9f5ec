import type { ColumnRole, ImportIssue, ImportPreview } from '#shared/contract/transfer.ts'

export interface MediaPlace {
  kind: 'video' | 'frames'
  /** Absolute: of the file, or of the folder of pictures. */
  path: string
  /** Set where nothing is there: what the description tells. */
  absent?: { frames: number; problem: string }
}

/** One clip as it is going to be imported. */
export interface PlannedClip {
  /** Where it is described: the table, or the media file itself. */
  origin: string
  line: number | null
  name: string
  split: string
  signer: string | null
  language: string
  text: string
  gloss: string
  /** Null: from the first frame, to the last one. */
  startMs: number | null
  endMs: number | null
  media: MediaPlace | null
  /** Size of the file, where it has been looked at. */
  bytes?: number
  /** The recording that a media file not seen before becomes part of. */
  recording: string
  /** Absolute paths of features that were made elsewhere. */
  features?: { spatial: string | null; motion: string | null }
  /** Why it cannot be imported. */
  problem: string | null
}

/** What the preview tells of the table. */
export type TableFacts = Pick<
  ImportPreview,
  'table' | 'tables' | 'delimiter' | 'encoding' | 'header' | 'sampleRows'
> & {
  columns: ColumnRole[]
}

export interface ImportPlan extends TableFacts {
  format: ImportPreview['format']
  /** The folder that issues name their files relative to. */
  root: string
  clips: PlannedClip[]
  issues: ImportIssue[]
}

export const NO_TABLE: TableFacts = {
  table: null,
  tables: [],
  delimiter: null,
  encoding: null,
  header: [],
  columns: [],
  sampleRows: [],
}
