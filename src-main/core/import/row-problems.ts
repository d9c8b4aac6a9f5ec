import type { ColumnRole } from '#shared/contract/transfer.ts'
import type { ListedClip, TableRow } from '../../formats/listed-clip.ts'
import type { SourceTable } from './source-table.ts'

/** What is wrong with a line by itself. */
export function rowProblem(
  table: SourceTable,
  row: TableRow,
  columns: readonly ColumnRole[],
  listed: ListedClip,
): string | null {
  if (table.encoding === null) return 'The encoding of the table has to be chosen first.'
  return raggedProblem(row, columns) ?? timeProblem(row, columns, listed)
}

/** Cells that a line lacks at its end may be empty ones; too many mean that a text was cut at a delimiter. */
function raggedProblem(row: TableRow, columns: readonly ColumnRole[]): string | null {
  const cells = row.cells.length
  const needed = columns.findLastIndex(role => role === 'text' || role === 'file' || role === 'id') + 1
  if (cells > columns.length && row.cells.slice(columns.length).some(cell => cell.trim() !== ''))
    return `The line has ${cells} columns instead of ${columns.length}. A text that holds the delimiter needs quotes around it.`
  if (cells < needed)
    return `The line has ${cells} ${cells === 1 ? 'column' : 'columns'} instead of ${columns.length}.`
  return null
}

function timeProblem(row: TableRow, columns: readonly ColumnRole[], listed: ListedClip): string | null {
  for (const [role, time] of [
    ['start', listed.startMs],
    ['end', listed.endMs],
  ] as const) {
    const cell = (row.cells[columns.indexOf(role)] ?? '').trim()
    // -1 stands for the whole file.
    if (time === null && cell !== '' && !/^-\d/.test(cell))
      return `“${cell}” is no time. Write seconds (12.97) or a clock (0:12.97).`
  }
  if (listed.startMs !== null && listed.endMs !== null && listed.endMs <= listed.startMs)
    return 'The clip ends before it starts.'
  return null
}
