/**
 * Writes checkpoints as `torch.save` does (zip of stored members, `data.pkl` of protocol 2), storage by storage,
 * so that a file of many gigabytes can be made; for tests and benchmarks. Sources as in `weights/`.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

const STORAGE_NAMES = {
  float32: 'FloatStorage',
  bfloat16: 'BFloat16Storage',
  int64: 'LongStorage',
} as const

/** The data of one tensor, or of several that share it. */
export class TorchStorage {
  readonly dtype: keyof typeof STORAGE_NAMES
  readonly elements: number
  /** Called once, when its member is written. */
  readonly bytes: () => Uint8Array
  constructor(dtype: keyof typeof STORAGE_NAMES, elements: number, bytes: () => Uint8Array) {
    this.dtype = dtype
    this.elements = elements
    this.bytes = bytes
  }
}

/** A whole storage seen as a tensor of this shape, row-major. */
export class TorchTensor {
  readonly storage: TorchStorage
  readonly shape: readonly number[]
  constructor(storage: TorchStorage, shape: readonly number[]) {
    this.storage = storage
    this.shape = shape
  }
}

/** A Python name that is called without arguments; for files that must be refused. */
export class TorchCall {
  readonly module: string
  readonly name: string
  constructor(module: string, name: string) {
    this.module = module
    this.name = name
  }
}

export type TorchValue =
  | null
  | boolean
  | number
  | string
  | TorchTensor
  | TorchCall
  | readonly TorchValue[]
  | ReadonlyMap<string | number, TorchValue>

export function writeTorchCheckpoint(path: string, root: TorchValue): void {
  const pickler = new Pickler()
  const zip = new ZipWriter(path)
  try {
    zip.member('archive/data.pkl', pickler.pickle(root))
    for (const [index, storage] of pickler.storages.entries())
      zip.member(`archive/data/${index}`, storage.bytes())
    zip.member('archive/version', Buffer.from('3\n'))
    zip.finish()
  } finally {
    zip[Symbol.dispose]()
  }
}

class Pickler {
  readonly storages: TorchStorage[] = []
  readonly #parts: Buffer[] = []

  pickle(root: TorchValue): Uint8Array {
    this.#parts.push(Buffer.from([0x80, 2]))
    this.#value(root)
    this.#op('.')
    return Buffer.concat(this.#parts)
  }

  #value(value: TorchValue): void {
    if (value === null) this.#op('N')
    else if (typeof value === 'boolean') this.#parts.push(Buffer.from(value ? [0x88] : [0x89]))
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#text(value)
    else if (value instanceof TorchTensor) this.#tensor(value)
    else if (value instanceof TorchCall) this.#op(`c${value.module}\n${value.name}\n)R`)
    else if (value instanceof Map) this.#dictionary(value)
    else this.#list(value as readonly TorchValue[])
  }

  #dictionary(entries: ReadonlyMap<string | number, TorchValue>): void {
    this.#op('ccollections\nOrderedDict\n)R(')
    for (const [key, item] of entries) {
      this.#value(key)
      this.#value(item)
    }
    this.#op('u')
  }

  #list(items: readonly TorchValue[]): void {
    this.#op('](')
    for (const item of items) this.#value(item)
    this.#op('e')
  }

  #tensor({ storage, shape }: TorchTensor): void {
    let key = this.storages.indexOf(storage)
    if (key === -1) key = this.storages.push(storage) - 1
    this.#op('ctorch._utils\n_rebuild_tensor_v2\n((')
    this.#text('storage')
    this.#op(`ctorch\n${STORAGE_NAMES[storage.dtype]}\n`)
    this.#text(String(key))
    this.#text('cpu')
    this.#number(storage.elements)
    this.#op('tQ')
    this.#number(0)
    this.#tuple(shape)
    this.#tuple(shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1)))
    this.#parts.push(Buffer.from([0x89]))
    this.#op('ccollections\nOrderedDict\n)RtR')
  }

  #tuple(items: readonly number[]): void {
    this.#op('(')
    for (const item of items) this.#number(item)
    this.#op('t')
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
      const bytes = Buffer.alloc(5)
      bytes.write('J', 'latin1')
      bytes.writeInt32LE(value, 1)
      this.#parts.push(bytes)
      return
    }
    const bytes = Buffer.alloc(9)
    bytes.write('G', 'latin1')
    bytes.writeDoubleBE(value, 1)
    this.#parts.push(bytes)
  }

  #text(text: string): void {
    const bytes = Buffer.from(text)
    const head = Buffer.alloc(5)
    head.write('X', 'latin1')
    head.writeUInt32LE(bytes.byteLength, 1)
    this.#parts.push(head, bytes)
  }

  #op(text: string): void {
    this.#parts.push(Buffer.from(text, 'latin1'))
  }
}

interface Member {
  name: string
  crc: number
  size: number
  offset: number
}

/** Stored members, zip64 throughout; source: PKWARE APPNOTE 6.3.10. */
class ZipWriter implements Disposable {
  readonly #handle: number
  readonly #members: Member[] = []
  #position = 0

  constructor(path: string) {
    this.#handle = openSync(path, 'w')
  }

  member(name: string, bytes: Uint8Array): void {
    const member = { name, crc: crc32(bytes), size: bytes.byteLength, offset: this.#position }
    this.#members.push(member)
    const sizes = Buffer.alloc(20)
    sizes.writeUInt16LE(1, 0)
    sizes.writeUInt16LE(16, 2)
    for (const at of [4, 12]) sizes.writeBigUInt64LE(BigInt(member.size), at)
    this.#write(header(0x04034b50, 30, member, sizes.byteLength, { crc: 14, name: 26 }))
    this.#write(Buffer.from(name))
    this.#write(sizes)
    this.#write(bytes)
  }

  finish(): void {
    const start = this.#position
    for (const member of this.#members) this.#directoryEntry(member)
    const size = this.#position - start
    const end64 = Buffer.alloc(56)
    end64.writeUInt32LE(0x06064b50, 0)
    end64.writeBigUInt64LE(44n, 4)
    for (const at of [24, 32]) end64.writeBigUInt64LE(BigInt(this.#members.length), at)
    end64.writeBigUInt64LE(BigInt(size), 40)
    end64.writeBigUInt64LE(BigInt(start), 48)
    const locator = Buffer.alloc(20)
    locator.writeUInt32LE(0x07064b50, 0)
    locator.writeBigUInt64LE(BigInt(this.#position), 8)
    locator.writeUInt32LE(1, 16)
    const end = Buffer.alloc(22, 0xff)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt32LE(0, 4)
    end.writeUInt16LE(0, 20)
    for (const part of [end64, locator, end]) this.#write(part)
  }

  #directoryEntry(member: Member): void {
    const extra = Buffer.alloc(28)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(24, 2)
    for (const at of [4, 12]) extra.writeBigUInt64LE(BigInt(member.size), at)
    extra.writeBigUInt64LE(BigInt(member.offset), 20)
    const fixed = header(0x02014b50, 46, member, extra.byteLength, { crc: 16, name: 28 })
    fixed.writeUInt32LE(0xffffffff, 42)
    this.#write(fixed)
    this.#write(Buffer.from(member.name))
    this.#write(extra)
  }

  #write(bytes: Uint8Array): void {
    let done = 0
    while (done < bytes.byteLength)
      done += writeSync(this.#handle, bytes, done, Math.min(bytes.byteLength - done, 1 << 30))
    this.#position += bytes.byteLength
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle)
  }
}

/** The part that local headers and directory entries share: checksum, sizes (in zip64), lengths of name and extra. */
function header(
  signature: number,
  length: number,
  member: Member,
  extraLength: number,
  at: { crc: number; name: number },
): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32LE(signature, 0)
  bytes.writeUInt32LE(member.crc, at.crc)
  bytes.writeUInt32LE(0xffffffff, at.crc + 4)
  bytes.writeUInt32LE(0xffffffff, at.crc + 8)
  bytes.writeUInt16LE(Buffer.byteLength(member.name), at.name)
  bytes.writeUInt16LE(extraLength, at.name + 2)
  return bytes
}

/** Plain data as Python's pickle writes it, protocol 2. */
export function pickled(value: TorchValue): Uint8Array {
  return new Pickler().pickle(value)
}
