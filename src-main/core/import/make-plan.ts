import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import { how2SignColumns } from '../../formats/how2sign.ts'
import { phoenixSplit } from '../../formats/phoenix.ts'
import { shownFile } from './check-clips.ts'
import { findCslFiles, planCslDaily } from './csl-daily-plan.ts'
import { planFolder } from './folder-plan.ts'
import { type FolderScan, isTableName, isVideoName, listFolder, scanFolder } from './folder-scan.ts'
import { planHow2Sign } from './how2sign-plan.ts'
import { findPhoenixTables, planPhoenix } from './phoenix-plan.ts'
import type { ImportPlan } from './plan.ts'
import { hasSpamoInfo, planSpamo } from './spamo-plan.ts'
import { readSourceTable, type SourceTable } from './source-table.ts'

/** Reads folder and tables, and says what every clip would be; looks into no media file. */
export async function makePlan(source: ImportSource, signal?: AbortSignal): Promise<ImportPlan> {
  const place = await placeOf(source)
  if (!place.file && (source.format === 'phoenix14t' || source.format === 'auto')) {
    const tables = await findPhoenixTables(place.root)
    const isNamed = place.source.table === undefined || phoenixSplit(basename(place.source.table)) !== null
    if (source.format === 'phoenix14t' || (tables.length > 0 && isNamed)) return phoenixPlan(place, tables)
  }
  if (
    !place.file &&
    (source.format === 'spamo-info' || (source.format === 'auto' && (await hasSpamoInfo(place.root))))
  )
    return planSpamo(place.source, place.root)
  if (!place.file && source.format === 'csl-daily') return planCslDaily(place.source, place.root)
  if (!place.file && source.format === 'auto' && (await findCslFiles(place.root)))
    return planCslDaily(place.source, place.root)
  const scan = place.file ? await scanBeside(place.file) : await scanFolder(place.root, signal)
  const how2Sign = source.format === 'folder' ? [] : await readHow2SignTables(place, scan)
  const isHow2Sign = source.format === 'how2sign' || how2Sign.length > 0
  const plan = isHow2Sign
    ? how2SignPlan(place, scan, how2Sign)
    : await planFolder(place.source, place.root, scan)
  // A table beside a chosen video is about other videos too.
  const clips = place.file ? plan.clips.filter(clip => clip.media) : plan.clips
  if (clips.length === 0) throw nothingIn(source.source)
  return { ...plan, clips, issues: [...leftOutIssues(plan.root, scan), ...plan.issues] }
}

function nothingIn(place: string): AppError {
  const message = `There are no videos, no folders of pictures and no table in ${place}.`
  return new AppError('invalid-input', message, { details: { file: place } })
}

function leftOutIssues(root: string, { leftOut }: FolderScan): ImportIssue[] {
  return leftOut.map(({ path, why }) => ({
    severity: 'warning',
    file: shownFile(root, path),
    line: null,
    message: why,
  }))
}

interface Place {
  root: string
  source: ImportSource
  /** A single video that was chosen. */
  file: string | null
}

const REMEDY = 'Outputs of other systems are imported as predictions, annotations as annotations.'
const VOCABULARY_REMEDY = 'Entries of an external vocabulary are read in the dialog of vocabularies.'

/** A folder, or a table or video in one. */
async function placeOf(source: ImportSource): Promise<Place> {
  const path = resolve(source.source)
  const found = await stat(path).catch((error: unknown) => {
    throw new AppError('not-found', `There is no ${path}.`, { cause: error, details: { file: path } })
  })
  if (found.isDirectory()) return { root: path, source, file: null }
  if (found.isFile() && isVideoName(path)) return { root: dirname(path), source, file: path }
  if (found.isFile() && isTableName(path))
    return { root: dirname(path), source: { ...source, table: path }, file: null }
  const remedy = extname(path).toLowerCase() === '.ecv' ? VOCABULARY_REMEDY : REMEDY
  throw new AppError(
    'invalid-input',
    `${path} is neither a folder, a video nor a table (CSV, TSV). ${remedy}`,
    {
      details: { file: path },
    },
  )
}

/** One video, and the tables that lie beside it. */
async function scanBeside(file: string): Promise<FolderScan> {
  const entries = await listFolder(dirname(file))
  const tables = entries
    .filter(entry => isTableName(entry.name))
    .map(entry => join(dirname(file), entry.name))
  return { videos: [file], frameFolders: [], emptyFolders: [], tables: tables.sort(), leftOut: [] }
}

async function phoenixPlan({ root, source }: Place, tables: readonly string[]): Promise<ImportPlan> {
  if (tables.length === 0 && source.table === undefined)
    throw new AppError(
      'invalid-input',
      `There is no table PHOENIX-2014-T.train|dev|test.corpus.csv in ${root}. Choose the folder that holds “annotations” and “features”.`,
      { details: { file: root } },
    )
  return planPhoenix(source, root, tables)
}

/** The tables that have How2Sign's columns; a named one is read whatever it holds. */
async function readHow2SignTables({ root, source }: Place, scan: FolderScan): Promise<SourceTable[]> {
  const isForced = source.format === 'how2sign'
  const paths = source.table === undefined ? scan.tables : [resolve(root, source.table)]
  const tables: SourceTable[] = []
  for (const path of paths) {
    const table = await readSourceTable(path, {
      root,
      encoding: source.encoding,
      delimiter: isForced ? '\t' : undefined,
    }).catch((error: unknown) => {
      if (error instanceof AppError && source.table === undefined) return null
      throw error
    })
    if (table && how2SignColumns(table.rows[0]?.cells ?? [])) tables.push(table)
  }
  return tables
}

function how2SignPlan({ root, source }: Place, scan: FolderScan, tables: readonly SourceTable[]): ImportPlan {
  if (tables.length === 0)
    throw new AppError(
      'invalid-input',
      `There is no re-aligned table of How2Sign (columns VIDEO_NAME, SENTENCE_NAME, START_REALIGNED, END_REALIGNED, SENTENCE) in ${root}.`,
      { details: { file: source.table ?? root } },
    )
  return planHow2Sign(source, root, scan, tables)
}
