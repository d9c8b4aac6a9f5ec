import { type StoredTensor, readFloat32 } from '../weights/tensor.ts'

/** All values of a stored tensor as numbers (int64 rounded to float64); for tests. */
export function storedValues(tensor: StoredTensor): number[] {
  const bytes = tensor.readBytes()
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  switch (tensor.dtype) {
    case 'int64':
      return Array.from(new BigInt64Array(buffer as ArrayBuffer), Number)
    case 'int32':
      return [...new Int32Array(buffer)]
    case 'int16':
      return [...new Int16Array(buffer)]
    case 'int8':
      return [...new Int8Array(buffer)]
    case 'uint8':
    case 'bool':
      return [...new Uint8Array(buffer)]
    case 'float64':
      return [...new Float64Array(buffer)]
    default:
      return [...readFloat32(tensor)]
  }
}
