import type { ColumnRole } from '#shared/contract/transfer.ts'
import { parseClock } from '#shared/domain/time.ts'

/** A line of a table with the number that an editor shows for it. */
export interface TableRow {
  line: number
  cells: readonly string[]
}

/** One clip as a table describes it, before any media file is looked at. */
export interface ListedClip {
  line: number
  name: string
  /** As the table has it: a file name, a path, a glob of frames or a bare id. */
  file: string
  split: string
  signer: string | null
  language: string
  text: string
  gloss: string
  startMs: number | null
  endMs: number | null
}

/** In what a table counts its start and end columns. */
export type TimeUnit = 'seconds' | 'milliseconds'

/**
 * Reads a row by the meaning of its columns. A clip without an id is named by its file.
 * A start after its end, or one without the other, stays as it is: the caller reports it with the line.
 */
export function listedClip(row: TableRow, columns: readonly ColumnRole[], unit: TimeUnit): ListedClip {
  const cell = (role: ColumnRole) => {
    const at = columns.indexOf(role)
    return at < 0 ? '' : (row.cells[at] ?? '').trim()
  }
  const file = cell('file')
  return {
    line: row.line,
    name: cell('id') || nameOfFile(file),
    file: file || cell('id'),
    split: cell('split'),
    signer: cell('signer') || null,
    language: cell('language'),
    text: cell('text'),
    gloss: cell('gloss'),
    startMs: readTime(cell('start'), unit),
    endMs: readTime(cell('end'), unit),
  }
}

/** `a/b/clip-1.mp4` → `clip-1`; a name that only looks like it has an ending (`v1.2`) keeps it. */
export function nameOfFile(file: string): string {
  const base = file.replace(/\\/g, '/').replace(/\/+$/, '').split('/').at(-1) ?? ''
  return base.replace(/\.[a-z][a-z0-9]{1,4}$/i, '')
}

/** Negative numbers stand for "the whole file" in the corpora that use them. */
function readTime(value: string, unit: TimeUnit): number | null {
  if (value === '') return null
  if (unit === 'milliseconds' && /^\d+$/.test(value)) return Number(value)
  const time = parseClock(value)
  return time === null || time < 0 ? null : time
}
