import type { Row, SqlValue } from './row-store.ts'

/**
 * What one step of an edit did to one row. Added: `before` is null. Removed: `after` is null.
 * Otherwise both hold the changed columns only, so that a new state does not copy a frame index into the log.
 */
export interface Change {
  table: string
  id: number
  before: Row | null
  after: Row | null
}

export function reversed(change: Change): Change {
  return { ...change, before: change.after, after: change.before }
}

export function isSameValue(a: SqlValue | undefined, b: SqlValue | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  return a === b
}

/** Whether the columns in `image` have exactly these values in `row`. */
export function holds(row: Row | undefined, image: Row): boolean {
  return row !== undefined && Object.entries(image).every(([name, value]) => isSameValue(row[name], value))
}

/** The columns of `wanted` that differ from `row`. */
export function differing(row: Row, wanted: Row): Row {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isSameValue(row[name], value)))
}

export function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map(name => [name, row[name] ?? null]))
}

export function toJson(changes: readonly Change[]): string {
  return JSON.stringify(
    changes.map(({ table, id, before, after }) => [
      table,
      id,
      before && encoded(before),
      after && encoded(after),
    ]),
  )
}

export function fromJson(text: string): Change[] {
  const rows = JSON.parse(text) as [string, number, EncodedRow | null, EncodedRow | null][]
  return rows.map(([table, id, before, after]) => ({
    table,
    id,
    before: before && decoded(before),
    after: after && decoded(after),
  }))
}

type EncodedRow = Record<string, string | number | null | { base64: string }>

function encoded(row: Row): EncodedRow {
  return mapValues(row, value =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  )
}

function decoded(row: EncodedRow): Row {
  return mapValues(row, value =>
    value !== null && typeof value === 'object' ? Buffer.from(value.base64, 'base64') : value,
  )
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
