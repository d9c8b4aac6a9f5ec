import type { TierId } from '#shared/contract/ids.ts'
import type { WriteDb } from '../../db/types.ts'
import {
  type Cells,
  findSpans,
  findTextNumbers,
  listOnTier,
  listUnindexed,
  saveTierColumns,
} from './search-index.queries.ts'
import { createSearchTexts, type SearchTexts } from './search-texts.ts'

/** Long enough that the end of a transaction, one fsync, is a small part of it; short enough to go unnoticed. */
const SLICE_MS = 40

/** Ids, starts and ends of a tier's annotations, by their position in the order of start, end and id. */
export interface Spans {
  ids: Float64Array
  startsMs: Float64Array
  endsMs: Float64Array
}

/**
 * The columns that search reads of tiers. Those of a tier that has changed are made anew when they are asked for; the
 * next ones without columns are then made with it, as long as that does not hold up other calls.
 */
export function createSearchIndex(db: WriteDb) {
  const texts = createSearchTexts(db)
  let waiting: TierId[] = []

  /** Number of the text of each annotation. */
  function textNumbers(tierId: TierId): Int32Array {
    const bytes = findTextNumbers(db, tierId) ?? made(tierId, findTextNumbers)
    return new Int32Array(...aligned(bytes, Int32Array.BYTES_PER_ELEMENT))
  }

  /** Empty where the tier was removed while a search was under way. */
  function spans(tierId: TierId): Spans {
    const bytes = findSpans(db, tierId) ?? made(tierId, findSpans)
    const all = new Float64Array(...aligned(bytes, Float64Array.BYTES_PER_ELEMENT))
    const count = all.length / 3
    return {
      ids: all.subarray(0, count),
      startsMs: all.subarray(count, 2 * count),
      endsMs: all.subarray(2 * count),
    }
  }

  function made(tierId: TierId, find: typeof findSpans): Buffer {
    const ahead = waiting.slice(waiting.indexOf(tierId) + 1)
    waiting = ahead.slice(make([tierId, ...ahead]) - 1)
    // A tier that was removed while the search was under way has no columns.
    return find(db, tierId) ?? Buffer.alloc(0)
  }

  /** Makes columns of at least the first tier, until the slice is over; returns how many. */
  function make(tierIds: readonly TierId[]): number {
    const began = performance.now()
    let count = 0
    try {
      db.transaction(() => {
        for (const tierId of tierIds) {
          if (count > 0 && performance.now() - began > SLICE_MS) break
          saveTierColumns(db, { tierId, ...columnsOf(listOnTier(db, tierId), texts) })
          count += 1
        }
      }).immediate()
    } catch (error) {
      texts.reread()
      throw error
    }
    return count
  }

  /** Notes which tiers will have to be made, in the order in which they will be asked for. */
  function look(): void {
    waiting = listUnindexed(db)
  }

  /** Makes what is missing, a slice at a time: yields how many tiers are still to be made. */
  function* fill(): Generator<number, void, void> {
    for (let missing = listUnindexed(db); missing.length > 0; missing = listUnindexed(db)) {
      yield missing.length
      make(missing)
    }
  }

  return { texts, textNumbers, spans, look, fill }
}

export type SearchIndex = ReturnType<typeof createSearchIndex>

function columnsOf(rows: readonly Cells[], { numberOf }: SearchTexts): { texts: Buffer; spans: Buffer } {
  const numbers = new Int32Array(rows.length)
  const spans = new Float64Array(3 * rows.length)
  rows.forEach(([id, startMs, endMs, value], at) => {
    spans[at] = id
    spans[rows.length + at] = startMs
    spans[2 * rows.length + at] = endMs
    numbers[at] = numberOf(value)
  })
  return { texts: bytesOf(numbers), spans: bytesOf(spans) }
}

/** Little-endian, which every machine is that Node and Electron run on. */
function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function aligned(bytes: Buffer, size: number): [ArrayBufferLike, number, number] {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes)
  return [buffer, byteOffset, byteLength / size]
}
