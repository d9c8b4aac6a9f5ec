import { damagedPickle } from './damaged.ts'

const MAX_LONG_BYTES = 64

/** Reads the arguments of pickle opcodes; every length is checked before anything is allocated. */
export class PickleCursor {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #where: string
  position = 0

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#where = where
  }

  /** The value of an opcode that pushes one scalar (PROTO and FRAME aside), or undefined for any other opcode. */
  scalar(opcode: number): { scalar: unknown } | undefined {
    switch (opcode) {
      case 0x4e: // NONE
        return { scalar: null }
      case 0x88: // NEWTRUE
        return { scalar: true }
      case 0x89: // NEWFALSE
        return { scalar: false }
      case 0x4a: // BININT
        return { scalar: this.#view.getInt32(this.#advance(4), true) }
      case 0x4b: // BININT1
        return { scalar: this.byte() }
      case 0x4d: // BININT2
        return { scalar: this.#view.getUint16(this.#advance(2), true) }
      case 0x8a: // LONG1
        return { scalar: this.#long(this.byte()) }
      case 0x8b: // LONG4
        return { scalar: this.#long(this.uint32()) }
      case 0x56: // UNICODE
        return { scalar: this.#escaped(this.line()) }
      case 0x49: // INT
        return { scalar: this.#decimal(this.line()) }
      case 0x4c: // LONG
        return { scalar: this.#decimal(this.line().replace(/L$/, '')) }
      case 0x47: // BINFLOAT
        return { scalar: this.#view.getFloat64(this.#advance(8), false) }
      default:
        return this.#text(opcode)
    }
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** Text up to a line feed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position)
    if (end < 0) throw damagedPickle(this.#where, 'ends inside a name: it is cut off')
    const text = this.#decode(this.#take(end - this.position))
    this.position = end + 1
    return text
  }

  /** How protocol 0 writes a text: `\\u` and `\\U` for what a line cannot hold. */
  #escaped(line: string): string {
    return line.replaceAll(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/gi, (_, short?: string, long?: string) => {
      const code = Number.parseInt(short ?? long ?? '', 16)
      if (code > 0x10ffff) throw damagedPickle(this.#where, 'has a character that does not exist')
      return String.fromCodePoint(code)
    })
  }

  /** 00 and 01 are False and True. */
  #decimal(line: string): number | boolean {
    if (line === '00' || line === '01') return line === '01'
    const value = Number(line)
    if (line.trim() === '' || !Number.isSafeInteger(value))
      throw damagedPickle(this.#where, `has '${line}' where a whole number is expected`)
    return value
  }

  #text(opcode: number): { scalar: unknown } | undefined {
    switch (opcode) {
      case 0x58: // BINUNICODE
        return { scalar: this.#decode(this.#take(this.uint32())) }
      case 0x8c: // SHORT_BINUNICODE
        return { scalar: this.#decode(this.#take(this.byte())) }
      case 0x8d: // BINUNICODE8
        return { scalar: this.#decode(this.#take(this.#uint64())) }
      case 0x42: // BINBYTES
        return { scalar: this.#take(this.uint32()) }
      case 0x43: // SHORT_BINBYTES
        return { scalar: this.#take(this.byte()) }
      case 0x8e: // BINBYTES8
        return { scalar: this.#take(this.#uint64()) }
      case 0x54: // BINSTRING
        return { scalar: this.#decode(this.#take(this.uint32())) }
      case 0x55: // SHORT_BINSTRING
        return { scalar: this.#decode(this.#take(this.byte())) }
      default:
        return undefined
    }
  }

  /** PROTO and FRAME carry nothing that a reader needs; a frame that would end beyond the file is damage. */
  skipHeaders(opcode: number): boolean {
    if (opcode === 0x80) this.#advance(1)
    else if (opcode === 0x95) {
      const length = this.#uint64()
      if (length > this.#bytes.byteLength - this.position)
        throw damagedPickle(this.#where, `announces a frame of ${length} bytes, more than it has`)
    } else return false
    return true
  }

  #uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true))
  }

  /** Two's complement, little endian; a bigint only where a number cannot hold it. */
  #long(length: number): number | bigint {
    if (length > MAX_LONG_BYTES) throw damagedPickle(this.#where, `holds an integer of ${length} bytes`)
    let value = 0n
    const bytes = this.#take(length)
    for (const [index, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * index)
    const signed = BigInt.asIntN(Math.max(8, 8 * length), value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }

  #take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  #decode(bytes: Uint8Array): string {
    return new TextDecoder().decode(bytes)
  }

  #advance(length: number): number {
    const start = this.position
    if (length > this.#bytes.byteLength - start)
      throw damagedPickle(this.#where, 'ends in the middle of a value: it is cut off')
    this.position += length
    return start
  }
}
