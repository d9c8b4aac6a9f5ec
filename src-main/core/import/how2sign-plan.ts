import { basename } from 'node:path'
import type { ImportSource } from '#shared/contract/transfer.ts'
import { HOW2SIGN_LANGUAGE, how2SignColumns, how2SignSigner, how2SignSplit } from '../../formats/how2sign.ts'
import { listedClip, type TableRow } from '../../formats/listed-clip.ts'
import { shownFile } from './check-clips.ts'
import type { FolderScan } from './folder-scan.ts'
import { createMediaLookup, type MediaLookup, mediaName } from './media-lookup.ts'
import { type ImportPlan, NO_TABLE, type PlannedClip } from './plan.ts'
import { rowProblem } from './row-problems.ts'
import type { SourceTable } from './source-table.ts'

const SAMPLE_ROWS = 8

/** Sentence clips, or the whole videos that the re-aligned times cut into clips of one recording. */
export function planHow2Sign(
  source: ImportSource,
  root: string,
  scan: FolderScan,
  tables: readonly SourceTable[],
): ImportPlan {
  const lookup = createMediaLookup(root, scan)
  const first = tables[0]
  const facts = first
    ? {
        table: shownFile(root, first.path),
        tables: tables.map(table => shownFile(root, table.path)),
        delimiter: first.delimiter,
        encoding: first.encoding,
        header: [...(first.rows[0]?.cells ?? [])],
        columns: source.columns ?? how2SignColumns(first.rows[0]?.cells ?? []) ?? [],
        sampleRows: first.rows.slice(1, 1 + SAMPLE_ROWS).map(row => [...row.cells]),
      }
    : NO_TABLE
  return {
    ...facts,
    format: 'how2sign',
    root,
    clips: tables.flatMap(table => table.rows.slice(1).map(row => plannedClip(source, table, row, lookup))),
    issues: tables.flatMap(table => table.issues),
  }
}

function plannedClip(
  source: ImportSource,
  table: SourceTable,
  row: TableRow,
  lookup: MediaLookup,
): PlannedClip {
  const columns = source.columns ?? how2SignColumns(table.rows[0]?.cells ?? []) ?? []
  const listed = listedClip(row, columns, 'seconds')
  const [clipFile] = lookup.find(listed.name)
  const [video] = lookup.find(listed.file)
  const media = clipFile ?? video ?? null
  const isSpan = !clipFile && video !== undefined
  const missing = `There is neither a clip ${listed.name}.mp4 nor a video ${listed.file}.mp4.`
  return {
    origin: table.path,
    line: row.line,
    name: listed.name,
    split: source.split || listed.split || how2SignSplit(basename(table.path)),
    signer: listed.signer ?? how2SignSigner(listed.file),
    language: source.language || HOW2SIGN_LANGUAGE,
    text: listed.text,
    gloss: listed.gloss,
    startMs: isSpan ? listed.startMs : null,
    endMs: isSpan ? listed.endMs : null,
    media,
    recording: media ? mediaName(media) : '',
    problem: rowProblem(table, row, columns, listed) ?? (media ? null : missing),
  }
}
