import { AppError } from '#shared/contract/errors.ts'
import type { PlainRecord, PlainValue } from '../pickle/plain-value.ts'
import { guessPredictionRoles, type PredictionTable } from './prediction-table.ts'

/**
 * Values as programs dump them, as a table:
 * a list of records; a dictionary name → record, or name → sentence; a dictionary of columns; or any of these
 * inside a dictionary with one such value (`{"predictions": […]}`).
 */
export function recordsTable(value: PlainValue, file: string, lines?: readonly number[]): PredictionTable {
  const records = recordsOf(value, file)
  const header = [...new Set(records.flatMap(record => Object.keys(record)))]
  return {
    header,
    rows: records.map((record, at) => ({
      line: lines?.[at] ?? null,
      cells: header.map(key => cellOf(record[key])),
    })),
  }
}

function recordsOf(value: PlainValue, file: string): PlainRecord[] {
  if (Array.isArray(value)) return value.map((item, at) => recordOf(item, at, file))
  if (!isRecord(value)) throw shapeError(file, 'a single value')
  const columns = columnsOf(value)
  if (columns) return columns
  const entries = Object.entries(value)
  const inner = entries.filter(([, item]) => Array.isArray(item) && item.every(isRecord))
  if (inner.length === 1 && inner[0]) return recordsOf(inner[0][1], file)
  if (entries.length > 0 && entries.every(([, item]) => typeof item === 'string'))
    return entries.map(([id, hypothesis]) => record({ id, hypothesis }))
  if (entries.length > 0 && entries.every(([, item]) => isRecord(item)))
    return entries.map(([id, item]) => record({ id, ...(item as PlainRecord) }))
  throw shapeError(file, 'neither a list of records nor a dictionary of clips')
}

/** `{"names": [...], "hyps": [...]}`: lists of one length, one of them a list of outputs. */
function columnsOf(value: PlainRecord): PlainRecord[] | null {
  const columns = Object.entries(value).filter(([, item]) => Array.isArray(item) && !item.some(isRecord))
  const [, first] = columns[0] ?? []
  if (!Array.isArray(first) || columns.some(([, item]) => (item as PlainValue[]).length !== first.length))
    return null
  if (!guessPredictionRoles(columns.map(([name]) => name)).includes('text')) return null
  return first.map((_, at) =>
    record(Object.fromEntries(columns.map(([name, item]) => [name, (item as PlainValue[])[at] ?? null]))),
  )
}

function recordOf(item: PlainValue, at: number, file: string): PlainRecord {
  if (isRecord(item)) return item
  if (typeof item === 'string') return record({ hypothesis: item })
  throw shapeError(file, `entry ${at + 1} is neither a record nor a sentence`)
}

function record(fields: Record<string, PlainValue>): PlainRecord {
  return Object.assign(Object.create(null) as PlainRecord, fields)
}

/** Of a list of alternatives the first is the output; glosses are a list of words. */
function cellOf(value: PlainValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return cellOf(value[0])
  return typeof value === 'object' ? '' : String(value)
}

function isRecord(value: PlainValue | undefined): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shapeError(file: string, what: string): AppError {
  return new AppError(
    'invalid-input',
    `${file} holds ${what}. Predictions are a list of records with a name and a sentence each, or a dictionary from names to sentences.`,
    { details: { file } },
  )
}
