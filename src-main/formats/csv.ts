import { CsvError, parse, type Info } from 'csv-parse/sync'
import { AppError } from '#shared/contract/errors.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { decodeText } from './text-encoding.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const

export type Delimiter = (typeof DELIMITERS)[number]

/** A row with the line of the file that it starts on, counted from 1. */
export interface CsvRow {
  line: number
  cells: string[]
}

/** A row with more or fewer cells than the first one has. */
export interface RaggedRow extends CsvRow {
  expected: number
}

export interface CsvTable {
  /** Every row as wide as the first, which is the first of them; whether it is a header is the caller's matter. */
  rows: CsvRow[]
  /** Rows of another width, kept apart: nothing is guessed about which cell is missing. */
  ragged: RaggedRow[]
  delimiter: Delimiter
  encoding: TextEncoding
}

export interface ReadCsvOptions {
  /** Guessed from the first lines when not given. */
  delimiter?: Delimiter
  encoding?: TextEncoding
  /** `false` for tables that do not quote, like Phoenix and How2Sign: quotation marks are text there. */
  quote?: boolean
  /** The name for messages. */
  file?: string
}

/** Reads a table of cells. Broken encoding and unbalanced quotes are errors that name the line. */
export function readCsv(bytes: Uint8Array, options: ReadCsvOptions = {}): CsvTable {
  const { quote = true, file = 'The file' } = options
  const { text, encoding } = decodeText(bytes, { encoding: options.encoding, file })
  const delimiter = options.delimiter ?? guessDelimiter(text, quote)
  const all = parseRows(text, delimiter, quote, file)
  const expected = all[0]?.cells.length ?? 0
  return {
    rows: all.filter(({ cells }) => cells.length === expected),
    ragged: all.filter(({ cells }) => cells.length !== expected).map(row => ({ ...row, expected })),
    delimiter,
    encoding,
  }
}

interface ParsedRecord {
  info: Info
  record: string[]
}

function parseRows(text: string, delimiter: Delimiter, quote: boolean, file: string): CsvRow[] {
  try {
    const parsed: unknown = parse(text, {
      delimiter,
      quote: quote ? '"' : null,
      record_delimiter: text.includes('\n') ? ['\r\n', '\n'] : ['\r'],
      relax_column_count: true,
      info: true,
    })
    let line = 1
    const rows: CsvRow[] = []
    for (const { record } of parsed as ParsedRecord[]) {
      // An empty line is one empty cell; in a table of one column that cannot be told from an empty value.
      if (record.length > 1 || record[0] !== '') rows.push({ line, cells: record })
      line += 1 + (quote ? record.reduce((count, cell) => count + lineBreaksIn(cell), 0) : 0)
    }
    return rows
  } catch (cause) {
    throw cause instanceof CsvError ? malformed(cause, text, file) : cause
  }
}

function lineBreaksIn(cell: string): number {
  let count = 0
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count += 1
  return count
}

const REASONS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quotation mark',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a value that is not quoted',
}

function malformed(cause: CsvError, text: string, file: string): AppError {
  const record = cause as CsvError & { lines?: number }
  // For a quote that never closes the parser has read to the end: the last row that parses ends before it.
  const line = cause.code === 'CSV_QUOTE_NOT_CLOSED' ? lineOfOpenQuote(text) : (record.lines ?? 1)
  return new AppError('corrupt-file', `${file}, line ${line}: ${REASONS[cause.code] ?? cause.message}.`, {
    details: { file, line, reason: cause.code },
    cause,
  })
}

/** The line of the last quotation mark that opens and does not close. */
function lineOfOpenQuote(text: string): number {
  let isOpen = false
  let line = 1
  let openedAt = 1
  for (const character of text) {
    if (character === '"') {
      isOpen = !isOpen
      if (isOpen) openedAt = line
    } else if (character === '\n') {
      line += 1
    }
  }
  return openedAt
}

/** The delimiter that cuts the first lines into the same number of cells, most of them if several do. */
export function guessDelimiter(text: string, quote = true): Delimiter {
  const lines = text
    .slice(0, 65_536)
    .split(/\r\n|\n|\r/, 21)
    .filter(line => line !== '')
    .slice(0, 20)
  let best: Delimiter = ','
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const counts = lines.map(line => countOutsideQuotes(line, delimiter, quote))
    const first = counts[0] ?? 0
    if (first === 0) continue
    const agreement = counts.filter(count => count === first).length / counts.length
    const score = agreement * 1000 + Math.min(first, 99)
    if (score > bestScore) [best, bestScore] = [delimiter, score]
  }
  return best
}

function countOutsideQuotes(line: string, delimiter: string, quote: boolean): number {
  let count = 0
  let isQuoted = false
  for (const character of line) {
    if (quote && character === '"') isQuoted = !isQuoted
    else if (character === delimiter && !isQuoted) count += 1
  }
  return count
}

/** A cell value; numbers are written as JavaScript prints them, `null` as an empty cell. */
export type CsvValue = string | number | boolean | null

/** RFC 4180: quotes where needed, doubled inside, rows end with CR LF, no byte order mark. */
export function writeCsv(rows: Iterable<readonly CsvValue[]>, delimiter: Delimiter = ','): string {
  const needsQuotes = new RegExp(`["\\r\\n${delimiter}]|^\\s|\\s$`)
  const cell = (value: CsvValue) => {
    const text = value === null ? '' : String(value)
    return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  let text = ''
  for (const row of rows) text += `${row.map(cell).join(delimiter)}\r\n`
  return text
}
