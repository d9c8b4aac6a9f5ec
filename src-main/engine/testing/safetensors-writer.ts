import { writeFileSync } from 'node:fs'

/** Writes float32 tensors as a safetensors file; for tests. */
export function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>,
): void {
  let offset = 0
  const header: Record<string, unknown> = {}
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  writeRawSafetensors(
    path,
    JSON.stringify(header),
    Buffer.concat(
      Object.values(tensors).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    ),
  )
}

export function writeRawSafetensors(path: string, header: string, data: Uint8Array): void {
  const text = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.byteLength))
  writeFileSync(path, Buffer.concat([length, text, data]))
}
