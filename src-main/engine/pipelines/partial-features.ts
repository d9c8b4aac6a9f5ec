import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { FEATURE_KINDS, type FeatureKind } from '../feature-kind.ts'
import { asDiskError } from '#main/formats/atomic-file.ts'

/** What rows depend on besides the frames; rows of other facts are thrown away, never mixed in. */
export interface PartialFacts {
  /** Names the pixels and the extractor. */
  key: string
  device: string
  /** Frames go through the models in the same groups as in an undisturbed run, so that every bit is the same. */
  batchSize: number
}

export type RowKind = FeatureKind

/** Rows of an interrupted extraction, and the place for those to come. */
export interface PartialFeatures extends Disposable {
  /** Row-major, as far as they were computed. */
  rows: Record<RowKind, readonly Float32Array[]>
  batchSize: number
  add: (kind: RowKind, rows: Float32Array) => void
  /** Deletes the file, when the features themselves are written. */
  remove: () => void
}

const KINDS = FEATURE_KINDS
/** Kind (1 byte), length and CRC-32 of the rows (4 bytes each, little-endian), then the rows. */
const RECORD_HEAD = 9

/**
 * A file that grows by a checked record a batch. A process that dies while it writes leaves a record that does not
 * fit its checksum: everything before it counts, the rest is cut off.
 */
export function openPartialFeatures(path: string, facts: PartialFacts): PartialFeatures {
  const title = Buffer.from(`${JSON.stringify(['signwright-partial/1', endianness(), facts])}\n`)
  const before = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const isOurs = before.subarray(0, title.length).equals(title)
  const rows: Record<RowKind, Float32Array[]> = { spatial: [], motion: [], zstar: [] }
  const end = isOurs ? readRecords(before, title.length, rows) : 0
  const file = writing(path, () => openSync(path, existsSync(path) ? 'r+' : 'w'))
  let at = end
  const append = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length;)
      done += writing(path, () => writeSync(file, bytes, done, bytes.length - done, at + done))
    at += bytes.length
  }
  ftruncateSync(file, end)
  if (!isOurs) append(title)
  return {
    rows,
    batchSize: facts.batchSize,
    add(kind, added) {
      if (added.length > 0) append(recordOf(kind, added))
    },
    remove: () => rmSync(path, { force: true }),
    [Symbol.dispose]: () => closeSync(file),
  }
}

function recordOf(kind: RowKind, rows: Float32Array): Buffer {
  const body = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  const head = Buffer.alloc(RECORD_HEAD)
  head.writeUInt8(KINDS.indexOf(kind), 0)
  head.writeUInt32LE(body.length, 1)
  head.writeUInt32LE(crc32(body), 5)
  return Buffer.concat([head, body])
}

/** Where the last whole record ends. */
function readRecords(bytes: Buffer, start: number, rows: Record<RowKind, Float32Array[]>): number {
  let at = start
  while (at + RECORD_HEAD <= bytes.length) {
    const kind = KINDS[bytes.readUInt8(at)]
    const [length, sum] = [bytes.readUInt32LE(at + 1), bytes.readUInt32LE(at + 5)]
    const body = bytes.subarray(at + RECORD_HEAD, at + RECORD_HEAD + length)
    if (!kind || body.length !== length || crc32(body) !== sum) break
    rows[kind].push(new Float32Array(Uint8Array.from(body).buffer))
    at += RECORD_HEAD + length
  }
  return at
}

function writing<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw asDiskError(error, path)
  }
}
