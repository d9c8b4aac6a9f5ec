/** Writes pickles of protocol 2, which every Python since 2.3 reads. Opcodes: CPython's Lib/pickletools.py. */

export type Picklable =
  | null
  | boolean
  | number
  | string
  /** A float also where it is whole: Python prints it as `1.0`. */
  | { float: number }
  | readonly Picklable[]
  | ReadonlyMap<string | number, Picklable>

const MARK = 0x28
const STOP = 0x2e

class PickleWriter {
  readonly #parts: Uint8Array[] = []

  bytes(...values: number[]): void {
    this.#parts.push(Uint8Array.from(values))
  }

  global(module: string, name: string): void {
    this.#parts.push(Buffer.from(`c${module}\n${name}\n`, 'latin1'))
  }

  value(value: Picklable): void {
    if (value === null) this.bytes(0x4e)
    else if (typeof value === 'boolean') this.bytes(value ? 0x88 : 0x89)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#text(value)
    else if (value instanceof Map) this.#dictionary(value)
    else if ('float' in value) this.#float(value.float)
    else this.#list(value as readonly Picklable[])
  }

  finish(): Buffer {
    this.bytes(STOP)
    return Buffer.concat(this.#parts)
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31) return this.#float(value)
    const part = Buffer.alloc(5)
    part[0] = 0x4a
    part.writeInt32LE(value, 1)
    this.#parts.push(part)
  }

  #float(value: number): void {
    const part = Buffer.alloc(9)
    part[0] = 0x47
    part.writeDoubleBE(value, 1)
    this.#parts.push(part)
  }

  #text(value: string): void {
    const text = Buffer.from(value, 'utf8')
    const head = Buffer.alloc(5)
    head[0] = 0x58
    head.writeUInt32LE(text.length, 1)
    this.#parts.push(head, text)
  }

  #list(items: readonly Picklable[]): void {
    this.bytes(0x5d, MARK)
    for (const item of items) this.value(item)
    this.bytes(0x65)
  }

  #dictionary(map: ReadonlyMap<string | number, Picklable>): void {
    this.bytes(0x7d, MARK)
    for (const [key, item] of map) {
      this.value(key)
      this.value(item)
    }
    this.bytes(0x75)
  }
}

/** `pickle.dumps(value, 2)` for plain data; a Map is a dictionary and keeps its order. */
export function writePickle(value: Picklable): Buffer {
  const writer = new PickleWriter()
  writer.bytes(0x80, 2)
  writer.value(value)
  return writer.finish()
}

/**
 * The bytes that `numpy.save(file, numpy.array(value, dtype=object))` stands for: format 1.0, shape `()`,
 * read back by `numpy.load(file, allow_pickle=True).item()`.
 */
export function writeObjectNpy(value: Picklable): Buffer {
  const facts = `{'descr': '|O', 'fortran_order': False, 'shape': (), }`
  // NumPy aligns the data to 64 bytes, behind 10 bytes of magic, version and length.
  const padding = (64 - ((10 + facts.length + 1) % 64)) % 64
  const header = Buffer.from(`${facts}${' '.repeat(padding)}\n`, 'latin1')
  const start = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 0xff,
    header.length >> 8,
  ])
  return Buffer.concat([start, header, scalarArrayPickle(value)])
}

/** A zero-dimensional object array: `_reconstruct(ndarray, (0,), b'b')`, then its state. */
function scalarArrayPickle(value: Picklable): Buffer {
  const writer = new PickleWriter()
  writer.bytes(0x80, 2)
  writer.global('numpy.core.multiarray', '_reconstruct')
  writer.global('numpy', 'ndarray')
  writer.value(0)
  writer.bytes(0x85)
  writer.global('_codecs', 'encode')
  writer.value('b')
  writer.value('latin1')
  writer.bytes(0x86, 0x52, 0x87, 0x52)
  // State of the array: (version, shape, dtype, is_fortran, values).
  writer.bytes(MARK)
  writer.value(1)
  writer.bytes(0x29)
  objectDtype(writer)
  writer.value(false)
  writer.value([value])
  writer.bytes(0x74, 0x62)
  return writer.finish()
}

/** `numpy.dtype('O8')` with the state that NumPy gives it: version 3, byte order '|', flags 63. */
function objectDtype(writer: PickleWriter): void {
  writer.global('numpy', 'dtype')
  writer.value('O8')
  writer.value(false)
  writer.value(true)
  writer.bytes(0x87, 0x52, MARK)
  writer.value(3)
  writer.value('|')
  for (let at = 0; at < 3; at++) writer.value(null)
  writer.value(-1)
  writer.value(-1)
  writer.value(63)
  writer.bytes(0x74, 0x62)
}
