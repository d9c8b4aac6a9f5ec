import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/golden.ts'
import { RandomAccessFile } from './random-access-file.ts'
import { readZipDirectory, storedDataOffset } from './zip-directory.ts'

const FAR = 6_000_000_000
const BIG = 5_000_000_000

/** Local header with sizes of zero, as PyTorch writes them. */
function localHeader(name: string): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, Buffer.from(name)])
}

function directoryEntry(name: string, size: number, offset: number): Buffer {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt32LE(0xffffffff, 20)
  entry.writeUInt32LE(0xffffffff, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt16LE(28, 30)
  entry.writeUInt32LE(0xffffffff, 42)
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  for (const [at, value] of [size, size, offset].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * at)
  return Buffer.concat([entry, Buffer.from(name), extra])
}

function endRecords(start: number, size: number): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(start), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(start + size), 8)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(0xffffffff, 12)
  end.writeUInt32LE(0xffffffff, 16)
  return Buffer.concat([record, locator, end])
}

test('finds members beyond 4 GB in a file of 6 GB, reading only what it needs', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'large.ckpt')
  const handle = openSync(path, 'w')
  const content = Buffer.from('the end')
  const directory = Buffer.concat([
    directoryEntry('a/data/0', BIG, 0),
    directoryEntry('a/data/1', content.length, FAR),
  ])
  const tail = Buffer.concat([localHeader('a/data/1'), content])
  // A sparse file: the 5 GB member takes no room.
  writeSync(handle, localHeader('a/data/0'), 0, undefined, 0)
  writeSync(
    handle,
    Buffer.concat([tail, directory, endRecords(FAR + tail.length, directory.length)]),
    0,
    undefined,
    FAR,
  )
  closeSync(handle)

  using file = new RandomAccessFile(path)
  const members = readZipDirectory(file)
  const last = members.get('a/data/1')
  expect([...members.values()].map(({ name, size, headerOffset }) => [name, size, headerOffset])).toEqual([
    ['a/data/0', BIG, 0],
    ['a/data/1', content.length, FAR],
  ])
  expect(last && Buffer.from(file.read(storedDataOffset(file, last), last.size)).toString()).toBe('the end')
})
