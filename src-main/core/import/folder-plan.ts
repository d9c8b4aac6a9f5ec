import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ColumnRole, ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import { guessColumns, type TableGuess } from '../../formats/folder-table.ts'
import { type ListedClip, listedClip, type TableRow, type TimeUnit } from '../../formats/listed-clip.ts'
import { isKnownSplit, shownFile } from './check-clips.ts'
import type { FolderScan } from './folder-scan.ts'
import { createMediaLookup, type MediaLookup, mediaName, mediaNameFromRoot } from './media-lookup.ts'
import { type ImportPlan, type MediaPlace, NO_TABLE, type PlannedClip } from './plan.ts'
import { rowProblem } from './row-problems.ts'
import { readSourceTable, type SourceTable } from './source-table.ts'

/** More tables than this in one folder are data of another kind. */
const MAX_CANDIDATES = 20
const SAMPLE_ROWS = 8

interface ReadTable {
  source: SourceTable
  guess: TableGuess
  /** Rows that name a media file. */
  matches: number
}

/** A folder of videos or of folders of pictures, with or without a table of references. */
export async function planFolder(source: ImportSource, root: string, scan: FolderScan): Promise<ImportPlan> {
  const lookup = createMediaLookup(root, scan)
  const table = await chooseTable(source, root, scan.tables, lookup)
  const tables = scan.tables.map(path => shownFile(root, path))
  const names = wholeFileNames(root, lookup)
  const emptyFolders = scan.emptyFolders.length > 0 && scan.frameFolders.length > 0 ? scan.emptyFolders : []
  const issues = emptyFolders.map(path =>
    issue('error', shownFile(root, path), 'The folder holds no pictures.'),
  )
  if (!table) {
    const clips = lookup.places.map(place => wholeFile(source, root, place, names))
    return {
      ...NO_TABLE,
      tables,
      format: 'folder',
      root,
      clips,
      issues: [...issues, ...unusedTables(tables)],
    }
  }

  const columns = source.columns ?? table.guess.columns
  const header = table.guess.hasHeader ? [...(table.source.rows[0]?.cells ?? [])] : []
  const body = table.guess.hasHeader ? table.source.rows.slice(1) : table.source.rows
  const listed = body.map(row =>
    plannedClip(source, root, { table: table.source, row, columns, unit: table.guess.unit }, lookup),
  )
  const used = new Set(listed.map(clip => clip.media?.path))
  const unlisted = lookup.places
    .filter(place => !used.has(place.path))
    .map(place => wholeFile(source, root, place, names))
  return {
    format: 'folder',
    root,
    table: shownFile(root, table.source.path),
    tables,
    delimiter: table.source.delimiter,
    encoding: table.source.encoding,
    header,
    columns,
    sampleRows: body.slice(0, SAMPLE_ROWS).map(row => [...row.cells]),
    clips: [...listed, ...unlisted],
    issues: [...issues, ...table.source.issues, ...columnIssues(root, table, columns)],
  }
}

/** The named table, or the one whose rows name the most media; none where no table has to do with the media. */
async function chooseTable(
  source: ImportSource,
  root: string,
  candidates: readonly string[],
  lookup: MediaLookup,
): Promise<ReadTable | null> {
  if (source.table !== undefined) return readTable(source, root, resolve(root, source.table), lookup)
  let best: ReadTable | null = null
  for (const path of candidates.slice(0, MAX_CANDIDATES)) {
    const table = await readTable(source, root, path, lookup).catch((error: unknown) => {
      if (error instanceof AppError) return null
      throw error
    })
    if (table && isTableOfReferences(table) && (!best || table.matches > best.matches)) best = table
  }
  return best
}

async function readTable(
  source: ImportSource,
  root: string,
  path: string,
  lookup: MediaLookup,
): Promise<ReadTable> {
  const table = await readSourceTable(path, { root, encoding: source.encoding })
  const isMedia = (cell: string) => lookup.find(cell).length > 0
  const guess = guessColumns(table.rows, isMedia)
  const at = columnOf(guess.columns, 'file') ?? columnOf(guess.columns, 'id')
  const matches = at === null ? 0 : table.rows.filter(row => isMedia(row.cells[at] ?? '')).length
  return { source: table, guess, matches }
}

/** A table of which no row is here counts only where its header leaves no doubt: a README is full of lines too. */
function isTableOfReferences({ source, guess, matches }: ReadTable): boolean {
  if (matches > 0) return true
  const isTable = !source.path.toLowerCase().endsWith('.txt')
  const namesMedia = guess.columns.includes('id') || guess.columns.includes('file')
  return isTable && guess.hasHeader && namesMedia && guess.columns.includes('text')
}

/** A table that says nothing about the videos may be about others, or may have been misunderstood. */
function unusedTables(tables: readonly string[]): ImportIssue[] {
  const message =
    'This table is not used: no column of it names the videos. If it is about them, choose it and say what its columns mean.'
  return tables
    .filter(file => !/\.txt$/i.test(file))
    .slice(0, MAX_CANDIDATES)
    .map(file => issue('info', file, message))
}

function columnOf(columns: readonly ColumnRole[], role: ColumnRole): number | null {
  const at = columns.indexOf(role)
  return at < 0 ? null : at
}

interface TableLine {
  table: SourceTable
  row: TableRow
  columns: readonly ColumnRole[]
  unit: TimeUnit
}

function plannedClip(
  source: ImportSource,
  root: string,
  { table, row, columns, unit }: TableLine,
  lookup: MediaLookup,
): PlannedClip {
  const listed = listedClip(row, columns, unit)
  const byFile = lookup.find(listed.file)
  const found = byFile.length > 0 ? byFile : lookup.find(listed.name)
  const media = found.length === 1 ? (found[0] ?? null) : null
  return {
    origin: table.path,
    line: row.line,
    name: columns.includes('id') ? listed.name : spanName(listed, media),
    split: listed.split || source.split || (media ? splitOfPath(root, media) : ''),
    signer: listed.signer,
    language: listed.language || source.language || '',
    text: listed.text,
    gloss: listed.gloss,
    startMs: listed.startMs,
    endMs: listed.endMs,
    media,
    recording: media ? mediaName(media) : '',
    problem: rowProblem(table, row, columns, listed) ?? mediaProblem(listed, found.length),
  }
}

/** Clips without an id that are parts of one file are told apart by where they start. */
function spanName(listed: ListedClip, media: MediaPlace | null): string {
  const name = media ? mediaName(media) : listed.name
  return listed.startMs === null ? name : `${name}_${listed.startMs}`
}

function mediaProblem(listed: { name: string; file: string }, found: number): string | null {
  if (found === 1) return null
  if (listed.name === '' && listed.file === '') return 'The line names no clip and no file.'
  if (found > 1) return `${found} files are called ${listed.file}. Write the folder into the table as well.`
  return `There is no video or folder of pictures for ${listed.file || listed.name}.`
}

/** A clip that is a whole file and stands in no table. */
function wholeFile(
  source: ImportSource,
  root: string,
  media: MediaPlace,
  names: ReadonlyMap<string, string>,
): PlannedClip {
  const name = names.get(media.path) ?? mediaName(media)
  return {
    origin: media.path,
    line: null,
    name,
    split: source.split || splitOfPath(root, media),
    signer: null,
    language: source.language ?? '',
    text: '',
    gloss: '',
    startMs: null,
    endMs: null,
    media,
    recording: name,
    problem: null,
  }
}

/** Files are named as they are called; those that share a name, by their path from the folder on. */
function wholeFileNames(root: string, lookup: MediaLookup): Map<string, string> {
  const counts = new Map<string, number>()
  for (const place of lookup.places) counts.set(mediaName(place), (counts.get(mediaName(place)) ?? 0) + 1)
  return new Map(
    lookup.places.map(place => {
      const name = mediaName(place)
      return [place.path, counts.get(name) === 1 ? name : mediaNameFromRoot(root, place)]
    }),
  )
}

/** `train/a.mp4` is of the split `train`. */
function splitOfPath(root: string, media: MediaPlace): string {
  const folders = mediaNameFromRoot(root, media).split('/').slice(0, -1)
  return folders.findLast(isKnownSplit) ?? ''
}

function columnIssues(root: string, table: ReadTable, columns: readonly ColumnRole[]): ImportIssue[] {
  const file = shownFile(root, table.source.path)
  const issues: ImportIssue[] = []
  const width = table.guess.columns.length
  if (columns.length !== width)
    issues.push(
      issue('error', file, `The table has ${width} columns, but ${columns.length} are described.`, 1),
    )
  if (!columns.includes('id') && !columns.includes('file'))
    issues.push(issue('error', file, 'No column names the clip or its file. Say which one does.', 1))
  if (!columns.includes('text'))
    issues.push(
      issue(
        'warning',
        file,
        'No column holds the sentences. Say which one does, or import without references.',
        1,
      ),
    )
  if (columns.includes('start') || columns.includes('end'))
    issues.push(issue('info', file, `Start and end are read as ${table.guess.unit}.`, 1))
  return issues
}

function issue(
  severity: ImportIssue['severity'],
  file: string,
  message: string,
  line: number | null = null,
): ImportIssue {
  return { severity, file, line, message }
}
