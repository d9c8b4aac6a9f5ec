import { damagedPickle } from './damaged.ts'
import { PickleTuple } from './unpickle.ts'

export type PlainValue = null | boolean | number | bigint | string | PlainValue[] | PlainRecord

/** Without a prototype, so that a key named `__proto__` is a key. */
export interface PlainRecord {
  [key: string]: PlainValue
}

const MAX_DEPTH = 100

/**
 * Dictionaries become records, tuples and sets become arrays.
 *
 * @throws AppError 'corrupt-file' where values are nested deeper than any annotation is, or contain themselves
 */
export function plainValue(value: unknown, where: string, depth = 0): PlainValue {
  if (depth > MAX_DEPTH) throw damagedPickle(where, `nests values more than ${MAX_DEPTH} deep`)
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value === 'bigint' || typeof value === 'string') return value
  const inside = (item: unknown) => plainValue(item, where, depth + 1)
  if (value instanceof Map) {
    const record = Object.create(null) as PlainRecord
    for (const [key, item] of value) record[keyOf(key, where)] = inside(item)
    return record
  }
  if (Array.isArray(value)) return value.map(inside)
  if (value instanceof PickleTuple) return value.items.map(inside)
  if (value instanceof Set) return [...value].map(inside)
  throw damagedPickle(where, 'holds binary data where text or numbers are expected')
}

function keyOf(key: unknown, where: string): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number' || typeof key === 'bigint') return String(key)
  throw damagedPickle(where, 'has a dictionary whose keys are neither text nor numbers')
}
