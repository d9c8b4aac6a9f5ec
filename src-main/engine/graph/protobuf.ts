/**
 * The little of the protocol-buffer wire format that an ONNX file needs.
 * Source: protobuf.dev/programming-guides/encoding (varint, 32-bit and length-delimited fields).
 */
const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED_32 = 5

export class ProtoWriter {
  readonly #chunks: Uint8Array[] = []

  int(field: number, value: number | bigint): this {
    this.#tag(field, VARINT)
    this.#chunks.push(varint(BigInt.asUintN(64, BigInt(value))))
    return this
  }

  float(field: number, value: number): this {
    this.#tag(field, FIXED_32)
    this.#chunks.push(new Uint8Array(new Float32Array([value]).buffer))
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, LENGTH_DELIMITED)
    this.#chunks.push(varint(BigInt(value.byteLength)), value)
    return this
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  message(field: number, write: (inner: ProtoWriter) => void): this {
    const inner = new ProtoWriter()
    write(inner)
    return this.bytes(field, inner.finish())
  }

  packedInts(field: number, values: readonly (number | bigint)[]): this {
    const parts = values.map(value => varint(BigInt.asUintN(64, BigInt(value))))
    return this.bytes(field, new Uint8Array(Buffer.concat(parts)))
  }

  finish(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks))
  }

  #tag(field: number, wireType: number): void {
    this.#chunks.push(varint(BigInt(field * 8 + wireType)))
  }
}

/** Seven bits a byte, least significant group first. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) + 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}
