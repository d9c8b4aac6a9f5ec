/**
 * The central directory of a zip file, zip64 included. Local headers are only used to find where
 * a member's bytes start: PyTorch writes zero sizes there. Source: PKWARE APPNOTE 6.3.10.
 */
import type { RandomAccessFile } from './random-access-file.ts'
import { corrupt } from './tensor.ts'

export interface ZipMember {
  name: string
  size: number
  /** 0 = stored. */
  method: number
  headerOffset: number
}

const END_RECORD = 0x06054b50
const END_RECORD_BYTES = 22
const ZIP64_LOCATOR = 0x07064b50
const ZIP64_LOCATOR_BYTES = 20
const ZIP64_END_RECORD = 0x06064b50
const DIRECTORY_ENTRY = 0x02014b50
const DIRECTORY_ENTRY_BYTES = 46
const LOCAL_HEADER = 0x04034b50
const LOCAL_HEADER_BYTES = 30
const MAX_COMMENT_BYTES = 0xffff
const IN_ZIP64 = 0xffffffff
/** A checkpoint has some thousand members. */
const MAX_DIRECTORY_BYTES = 64 << 20

export function readZipDirectory(file: RandomAccessFile): Map<string, ZipMember> {
  const { offset, size } = findDirectory(file)
  if (size > MAX_DIRECTORY_BYTES) throw corrupt(file.path, `announces a table of contents of ${size} bytes`)
  const bytes = Buffer.from(file.read(offset, size).buffer)
  const members = new Map<string, ZipMember>()
  let position = 0
  while (position < size) {
    const { member, next } = readEntry(file.path, bytes, position)
    if (members.has(member.name)) throw corrupt(file.path, `contains '${member.name}' twice`)
    members.set(member.name, member)
    position = next
  }
  return members
}

/** Where a member's bytes start; only stored members have bytes that can be used by offset. */
export function storedDataOffset(file: RandomAccessFile, member: ZipMember): number {
  if (member.method !== 0)
    throw corrupt(
      file.path,
      `has the compressed member '${member.name}'. PyTorch stores checkpoints uncompressed: unpack and re-zip it with "store", or save it again`,
    )
  const header = Buffer.from(file.read(member.headerOffset, LOCAL_HEADER_BYTES).buffer)
  if (header.readUInt32LE(0) !== LOCAL_HEADER)
    throw corrupt(file.path, `has no header where '${member.name}' should start`)
  const offset = member.headerOffset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
  if (offset + member.size > file.size)
    throw corrupt(file.path, `ends inside '${member.name}': it is cut off`)
  return offset
}

function findDirectory(file: RandomAccessFile): { offset: number; size: number } {
  const length = Math.min(file.size, END_RECORD_BYTES + MAX_COMMENT_BYTES)
  const tailStart = file.size - length
  const tail = Buffer.from(file.read(tailStart, length).buffer)
  for (let at = length - END_RECORD_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_RECORD) continue
    const classic = { size: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
    return findZip64Directory(file, tailStart + at) ?? classic
  }
  throw corrupt(file.path, 'has no zip table of contents: it is cut off or no PyTorch checkpoint')
}

function findZip64Directory(
  file: RandomAccessFile,
  endRecord: number,
): { offset: number; size: number } | undefined {
  const locatorAt = endRecord - ZIP64_LOCATOR_BYTES
  if (locatorAt < 0) return undefined
  const locator = Buffer.from(file.read(locatorAt, ZIP64_LOCATOR_BYTES).buffer)
  if (locator.readUInt32LE(0) !== ZIP64_LOCATOR) return undefined
  const record = Buffer.from(file.read(Number(locator.readBigUInt64LE(8)), 56).buffer)
  if (record.readUInt32LE(0) !== ZIP64_END_RECORD) throw corrupt(file.path, 'has a damaged zip64 record')
  return { size: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)) }
}

function readEntry(path: string, bytes: Buffer, at: number): { member: ZipMember; next: number } {
  const isEntry = at + DIRECTORY_ENTRY_BYTES <= bytes.length && bytes.readUInt32LE(at) === DIRECTORY_ENTRY
  if (!isEntry) throw corrupt(path, 'has a damaged table of contents')
  const nameEnd = at + DIRECTORY_ENTRY_BYTES + bytes.readUInt16LE(at + 28)
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
  const next = extraEnd + bytes.readUInt16LE(at + 32)
  if (next > bytes.length) throw corrupt(path, 'has a damaged table of contents')
  const wide = readZip64Extra(bytes.subarray(nameEnd, extraEnd), {
    size: bytes.readUInt32LE(at + 24),
    compressed: bytes.readUInt32LE(at + 20),
    headerOffset: bytes.readUInt32LE(at + 42),
  })
  const name = bytes.toString('utf8', at + DIRECTORY_ENTRY_BYTES, nameEnd)
  return {
    member: { name, method: bytes.readUInt16LE(at + 10), size: wide.size, headerOffset: wide.headerOffset },
    next,
  }
}

/** Extra field 1 holds, in this order, those of the three numbers that did not fit into 32 bits. */
function readZip64Extra(extra: Buffer, narrow: { size: number; compressed: number; headerOffset: number }) {
  const result = { ...narrow }
  let at = 0
  while (at + 4 <= extra.length) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1) {
      let position = at + 4
      for (const key of ['size', 'compressed', 'headerOffset'] as const) {
        if (result[key] !== IN_ZIP64 || position + 8 > Math.min(end, extra.length)) continue
        result[key] = Number(extra.readBigUInt64LE(position))
        position += 8
      }
    }
    at = end
  }
  return result
}
