import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { ColumnRole, ImportSource } from '#shared/contract/transfer.ts'
import { listedClip, type TableRow } from '../../formats/listed-clip.ts'
import {
  PHOENIX_HEADER,
  PHOENIX_LANGUAGE,
  phoenixColumns,
  phoenixFolders,
  phoenixSplit,
} from '../../formats/phoenix.ts'
import { shownFile } from './check-clips.ts'
import { listFolder, scanFolder } from './folder-scan.ts'
import { createMediaLookup, type MediaLookup } from './media-lookup.ts'
import { type ImportPlan, type MediaPlace, NO_TABLE, type PlannedClip } from './plan.ts'
import { inParallel } from '../media/parallel.ts'
import { rowProblem } from './row-problems.ts'
import { readSourceTable, type SourceTable } from './source-table.ts'

const SAMPLE_ROWS = 8
/** `PHOENIX-2014-T-release-v3/PHOENIX-2014-T/annotations/manual` below the folder that holds the download. */
const MAX_DEPTH = 4
/** Where 950,000 pictures lie: no table is looked for there. */
const PICTURE_FOLDERS = /^(features|fullFrame.*|train|dev|test|tracking.*)$/i
const STATS_AT_ONCE = 32

/** The corpus tables below (or at) a path, one a split: of several variants the one with the plainest name. */
export async function findPhoenixTables(root: string): Promise<string[]> {
  const found: string[] = []
  let folders = [root]
  for (let depth = 0; depth <= MAX_DEPTH && folders.length > 0 && found.length === 0; depth++) {
    const next: string[] = []
    for (const folder of folders)
      for (const entry of await listFolder(folder).catch(() => [])) {
        const path = join(folder, entry.name)
        if (entry.isFile() && phoenixSplit(entry.name)) found.push(path)
        else if (!entry.isFile() && !PICTURE_FOLDERS.test(entry.name) && !entry.name.startsWith('.'))
          next.push(path)
      }
    folders = next
  }
  return found.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
}

/** RWTH-PHOENIX-Weather 2014T: `|`-separated tables and a folder of pictures for each sentence. */
export async function planPhoenix(
  source: ImportSource,
  root: string,
  found: readonly string[],
): Promise<ImportPlan> {
  const paths = source.table === undefined ? onePerSplit(found, source.split) : [resolve(root, source.table)]
  const tables = await Promise.all(paths.map(path => readPhoenixTable(path, source, root)))
  const frames = await findFrameRoot(root, paths[0] ?? root)
  // Copies of the corpus as videos lie in any folder.
  const lookup = frames === null ? createMediaLookup(root, await scanFolder(root)) : null
  const rows = tables.flatMap(table => table.body.map(row => ({ table, row })))
  const clips: PlannedClip[] = []
  for await (const clip of inParallel(rows, STATS_AT_ONCE, ({ table, row }) =>
    plannedClip(source, table, row, frames, lookup),
  ))
    clips.push(clip)
  const first = tables[0]
  const facts = first
    ? {
        table: tables.map(table => shownFile(root, table.path)).join(', '),
        delimiter: first.delimiter,
        encoding: first.encoding,
        header: first.header,
        columns: first.columns,
        sampleRows: first.body.slice(0, SAMPLE_ROWS).map(row => [...row.cells]),
      }
    : NO_TABLE
  return {
    ...facts,
    format: 'phoenix14t',
    root,
    tables: found.map(path => shownFile(root, path)),
    clips,
    issues: tables.flatMap(table => table.issues),
  }
}

function onePerSplit(paths: readonly string[], only: string | undefined): string[] {
  const bySplit = new Map<string, string>()
  for (const path of paths) {
    const split = phoenixSplit(basename(path)) ?? ''
    if (!bySplit.has(split) && (only === undefined || only === split)) bySplit.set(split, path)
  }
  return ['train', 'dev', 'test'].flatMap(split => bySplit.get(split) ?? [])
}

interface PhoenixTable extends SourceTable {
  split: string
  header: string[]
  columns: ColumnRole[]
  body: readonly TableRow[]
}

/** Copies without the header line exist: then the columns are those of the corpus, in its order. */
async function readPhoenixTable(path: string, source: ImportSource, root: string): Promise<PhoenixTable> {
  const table = await readSourceTable(path, {
    root,
    encoding: source.encoding,
    delimiter: '|',
    isQuoted: false,
  })
  const header = table.rows[0]?.cells ?? []
  const named = phoenixColumns(header)
  return {
    ...table,
    split: phoenixSplit(basename(path)) ?? source.split ?? '',
    header: named ? [...header] : [...PHOENIX_HEADER],
    columns: source.columns ?? named ?? phoenixColumns(PHOENIX_HEADER) ?? [],
    body: named ? table.rows.slice(1) : table.rows,
  }
}

/** The folder with `train`, `dev` and `test`, searched from the table upwards. */
async function findFrameRoot(root: string, table: string): Promise<string | null> {
  const places = [
    root,
    ...[1, 2, 3].map(up => resolve(dirname(table), ...Array.from({ length: up - 1 }, () => '..'))),
  ]
  for (const place of new Set(places)) {
    const features = join(place, 'features')
    const sizes = await folderNames(features)
    // The corpus' own pictures before resized copies, whatever order the disk lists them in.
    const preferred = sizes.sort(
      (a, b) => Number(b.includes('210x260')) - Number(a.includes('210x260')) || (a < b ? -1 : 1),
    )
    for (const candidate of [...preferred.map(name => join(features, name)), features, place])
      if ((await folderNames(candidate)).some(name => /^(train|dev|test)$/.test(name))) return candidate
  }
  return null
}

async function folderNames(dir: string): Promise<string[]> {
  const entries = await listFolder(dir).catch(() => [])
  return entries.filter(entry => !entry.isFile()).map(entry => entry.name)
}

async function plannedClip(
  source: ImportSource,
  table: PhoenixTable,
  row: TableRow,
  frames: string | null,
  lookup: MediaLookup | null,
): Promise<PlannedClip> {
  const listed = listedClip(row, table.columns, 'seconds')
  const split = listed.split || table.split
  const media =
    frames === null ? (lookup?.find(listed.name)[0] ?? null) : await framesOf(join(frames, split), listed)
  return {
    origin: table.path,
    line: row.line,
    name: listed.name,
    split,
    signer: listed.signer,
    language: listed.language || source.language || PHOENIX_LANGUAGE,
    text: listed.text,
    gloss: listed.gloss,
    startMs: null,
    endMs: null,
    media,
    recording: listed.name,
    problem:
      rowProblem(table, row, table.columns, listed) ??
      (media ? null : `There are no pictures for ${listed.name} in ${split}.`),
  }
}

async function framesOf(
  splitFolder: string,
  listed: { name: string; file: string },
): Promise<MediaPlace | null> {
  for (const folder of phoenixFolders(listed)) {
    const path = join(splitFolder, folder)
    const isFolder = await stat(path).then(
      found => found.isDirectory(),
      () => false,
    )
    if (isFolder) return { kind: 'frames', path }
  }
  return null
}
