import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { PredictionFormat, PredictionRole, PredictionSource } from '#shared/contract/predictions.ts'
import { type Delimiter, readCsv } from '../../../formats/csv.ts'
import { readJsonl } from '../../../formats/jsonl.ts'
import { readObjectPickle } from '../../../formats/pickle/object-array.ts'
import { plainValue, type PlainValue } from '../../../formats/pickle/plain-value.ts'
import { pipedParts, readPipedLines } from '../../../formats/predictions/piped-lines.ts'
import { predictionEntry } from '../../../formats/predictions/prediction-entry.ts'
import { recordsTable } from '../../../formats/predictions/prediction-records.ts'
import {
  guessPredictionRoles,
  isPredictionHeader,
  type PredictionTable,
  readPredictionTable,
} from '../../../formats/predictions/prediction-table.ts'
import { readSentenceLines } from '../../../formats/predictions/sentence-lines.ts'
import { decodeText } from '../../../formats/text-encoding.ts'
import { NOTHING_READ, type ReadPredictions, type SourceFile } from './what-was-read.ts'

const SAMPLE_ROWS = 8

type ReadFile = Omit<ReadPredictions, 'files'>

/** One file of predictions, in whatever form. */
export function readContent(source: PredictionSource, file: SourceFile): ReadFile {
  const name = basename(file.path)
  const format = source.format === 'auto' ? guessFormat(file) : source.format
  switch (format) {
    case 'pickle':
      return fromTable(source, name, recordsTable(pickled(file, name), name), { format })
    case 'json':
      return fromTable(source, name, jsonTable(file, name), { format })
    case 'table':
      return readDelimited(source, file, name)
    case 'pairs':
      return readPairs(source, file, name)
    default:
      return readLines(source, file, name)
  }
}

function guessFormat({ path, bytes }: SourceFile): PredictionFormat {
  const [first = 0, second = 0] = bytes
  if (first === 0x80 && second >= 2 && second <= 5) return 'pickle'
  if (/\.(pkl|pickle)$/i.test(path)) return 'pickle'
  if (/\.jsonl?$/i.test(path)) return 'json'
  const start = bytes
    .subarray(0, 1 << 16)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  if (/^\s*[[{]"?/.test(start) && /^\s*(?:\{\s*"|\[\s*[[{"])/.test(start)) return 'json'
  if (isTable(path, start)) return 'table'
  const lines = start.split(/\r\n|\n|\r/)
  return pipedParts(lines.length > 1 ? lines.slice(0, -1) : lines) ? 'pairs' : 'lines'
}

/** A table says so by its ending, or by a header that names columns. */
function isTable(path: string, start: string): boolean {
  const [line = ''] = start.split(/\r\n|\n|\r/, 1)
  const hasHeader = ['\t', ',', ';', '|'].some(delimiter => {
    const cells = line.split(delimiter)
    return cells.length > 1 && isPredictionHeader(cells.map(cell => cell.replaceAll('"', '')))
  })
  return hasHeader || (/\.(csv|tsv)$/i.test(path) && !/^[^\s|]+\|/.test(line))
}

function pickled({ bytes }: SourceFile, name: string): PlainValue {
  return plainValue(readObjectPickle(bytes, name), name)
}

function jsonTable({ bytes }: SourceFile, name: string): PredictionTable {
  const { text } = decodeText(bytes, { file: name })
  if (text.trim() === '')
    throw new AppError('corrupt-file', `${name} is empty. Choose the file with the predictions.`, {
      details: { file: name },
    })
  try {
    return recordsTable(JSON.parse(text) as PlainValue, name)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const values = [...readJsonl(bytes, name)]
    return recordsTable(
      values.map(({ value }) => value as PlainValue),
      name,
      values.map(({ line }) => line),
    )
  }
}

function readDelimited(source: PredictionSource, file: SourceFile, name: string): ReadFile {
  // Binary data and lines that no sentence can be are told before a parser meets them.
  const { encoding } = readSentenceLines(file.bytes, name, source.encoding)
  const csv = readTable(file, name, source)
  const all = [...csv.rows, ...csv.ragged].sort((a, b) => a.line - b.line)
  const hasHeader = isPredictionHeader(csv.rows[0]?.cells ?? [])
  const width = csv.rows[0]?.cells.length ?? 0
  const header = hasHeader
    ? (csv.rows[0]?.cells ?? [])
    : Array.from({ length: width }, (_, at) => `${at + 1}`)
  const table = { header, rows: hasHeader ? all.slice(1) : all }
  return fromTable(source, name, table, { format: 'table', delimiter: csv.delimiter, encoding })
}

/** Quotation marks that do not pair are text. */
function readTable({ bytes, path }: SourceFile, name: string, { encoding }: PredictionSource) {
  const delimiter: { delimiter?: Delimiter } = /\.tsv$/i.test(path) ? { delimiter: '\t' } : {}
  const options = { file: name, ...delimiter, ...(encoding ? { encoding } : {}) }
  try {
    return readCsv(bytes, options)
  } catch (error) {
    if (!(error instanceof AppError) || !/QUOTE/.test(String(error.details['reason'] ?? ''))) throw error
    return readCsv(bytes, { ...options, quote: false })
  }
}

function fromTable(
  source: PredictionSource,
  name: string,
  table: PredictionTable,
  facts: { format: PredictionFormat; delimiter?: string; encoding?: string },
): ReadFile {
  const columns: PredictionRole[] = source.columns ?? guessColumns(table)
  if (!columns.includes('text'))
    return {
      ...NOTHING_READ,
      ...tableFacts(table, columns),
      ...facts,
      entries: [],
      issues: [
        {
          severity: 'error',
          file: name,
          line: 1,
          message: 'No column is known to hold the outputs. Say which one does, in the row above the table.',
        },
      ],
    }
  return {
    ...NOTHING_READ,
    ...tableFacts(table, columns),
    ...facts,
    entries: readPredictionTable(table, columns, name),
  }
}

/** Without a telling header: the first column names the clip, the second holds the output. */
function guessColumns({ header }: PredictionTable): PredictionRole[] {
  if (header.every(name => /^\d+$/.test(name)))
    return header.map((_, at) => (['id', 'text', 'reference'] as const)[at] ?? 'ignore')
  return guessPredictionRoles(header)
}

function tableFacts({ header, rows }: PredictionTable, columns: PredictionRole[]) {
  return { header, columns, sampleRows: rows.slice(0, SAMPLE_ROWS).map(({ cells }) => [...cells]) }
}

function readPairs(source: PredictionSource, file: SourceFile, name: string): ReadFile {
  const { lines, encoding } = readSentenceLines(file.bytes, name, source.encoding)
  const parts = pipedParts(lines) ?? 2
  return {
    ...NOTHING_READ,
    format: 'pairs',
    encoding,
    delimiter: '|',
    entries: readPipedLines(lines, name, parts),
  }
}

function readLines(source: PredictionSource, file: SourceFile, name: string): ReadFile {
  const { lines, encoding } = readSentenceLines(file.bytes, name, source.encoding)
  const entries = lines.map((text, at) => predictionEntry({ file: name, line: at + 1 }, { text }))
  return { ...NOTHING_READ, format: 'lines', encoding, entries }
}
