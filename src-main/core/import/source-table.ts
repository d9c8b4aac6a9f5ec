import { readFile } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import { type CsvTable, type Delimiter, readCsv, type ReadCsvOptions } from '../../formats/csv.ts'
import type { TableRow } from '../../formats/listed-clip.ts'
import { TEXT_ENCODINGS, type TextEncoding } from '#shared/domain/text-encodings.ts'
import { decodeText } from '../../formats/text-encoding.ts'
import { shownFile } from './check-clips.ts'

export interface SourceTable {
  path: string
  delimiter: string
  /** Null while the user has to choose one: the rows then show how the likeliest would look. */
  encoding: TextEncoding | null
  /** All lines in order, a header too, ragged ones too. */
  rows: TableRow[]
  issues: ImportIssue[]
}

export interface SourceTableOptions {
  /** The folder that issues name the file relative to. */
  root: string
  encoding?: ImportSource['encoding']
  delimiter?: Delimiter
  /** False for corpora that never quote. */
  isQuoted?: boolean
}

/** Reads a table strictly; what is broken in it is told with its line, and nothing is replaced or guessed in silence. */
export async function readSourceTable(path: string, options: SourceTableOptions): Promise<SourceTable> {
  const file = shownFile(options.root, path)
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AppError(
      'not-found',
      `The table ${path} cannot be read. Check that it exists and may be opened.`,
      { cause: error, details: { file: path } },
    )
  })
  if (bytes.length === 0)
    throw new AppError('invalid-input', `${file} is empty (0 bytes).`, { details: { file: path } })
  const { encoding, issues } = chooseEncoding(bytes, file, options.encoding)
  const { table, issue } = readRows(bytes, file, encoding, options)
  const rows: TableRow[] = [...table.rows, ...table.ragged].sort((a, b) => a.line - b.line)
  return {
    path,
    delimiter: table.delimiter,
    encoding: issues.length > 0 ? null : encoding,
    rows,
    issues: issue ? [...issues, issue] : issues,
  }
}

/** Strict first; what is not UTF-8 (or marked as another) waits for the user, with what would fit. */
function chooseEncoding(
  bytes: Uint8Array,
  file: string,
  chosen: ImportSource['encoding'],
): {
  encoding: TextEncoding
  issues: ImportIssue[]
} {
  if (chosen) return { encoding: chosen, issues: [] }
  try {
    return { encoding: decodeText(bytes, { file }).encoding, issues: [] }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { line, suggestion } = error.details
    const issue: ImportIssue = {
      severity: 'error',
      file,
      line: typeof line === 'number' ? line : null,
      message: error.message,
    }
    return { encoding: TEXT_ENCODINGS.find(name => name === suggestion) ?? 'latin1', issues: [issue] }
  }
}

/** Quotation marks that do not pair are text: so are they in corpora that never quote. */
function readRows(
  bytes: Uint8Array,
  file: string,
  encoding: TextEncoding,
  options: SourceTableOptions,
): { table: CsvTable; issue?: ImportIssue } {
  const csv: ReadCsvOptions = { file, delimiter: options.delimiter, encoding }
  if (options.isQuoted === false) return { table: readCsv(bytes, { ...csv, quote: false }) }
  try {
    return { table: readCsv(bytes, csv) }
  } catch (error) {
    const line = error instanceof AppError ? error.details['line'] : undefined
    if (!(error instanceof AppError) || typeof line !== 'number' || !isAboutQuotes(error)) throw error
    const message =
      'The quotation marks from here on do not pair. They are read as text, except around whole cells; a line break cannot be part of a cell.'
    const table = readCsv(bytes, { ...csv, quote: false })
    for (const row of [...table.rows, ...table.ragged]) row.cells = row.cells.map(unquoted)
    return { table, issue: { severity: 'info', file, line, message } }
  }
}

/** `"He said ""no"""` → `He said "no"`, whatever the other cells look like. */
function unquoted(cell: string): string {
  const inside = /^"((?:[^"]|"")*)"$/.exec(cell)?.[1]
  return inside === undefined ? cell : inside.replaceAll('""', '"')
}

function isAboutQuotes({ details }: AppError): boolean {
  return /QUOTE/.test(String(details['reason'] ?? ''))
}
