import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'

/** Element types found in checkpoints. */
export const STORED_DTYPES = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const

export type StoredDType = keyof typeof STORED_DTYPES

/** A tensor that is still on disk. */
export interface StoredTensor {
  /** The file it lies in. */
  file: string
  name: string
  dtype: StoredDType
  shape: readonly number[]
  /** Row-major, little-endian bytes. Reads from disk at every call. */
  readBytes: () => Uint8Array
}

/** The tensors of one checkpoint, whatever its container. */
export interface TensorStore extends Disposable {
  /** For messages. */
  path: string
  /** All files it is made of; `path` itself, or an index and its shards. */
  files: readonly string[]
  tensors: ReadonlyMap<string, StoredTensor>
}

/** Weights as the graphs want them: row-major float32, computed when asked for. */
export interface LazyTensor {
  shape: readonly number[]
  read: () => Float32Array
}

/** Refuses shapes that no real model has, before anything is allocated. */
export function checkedElementCount(shape: readonly unknown[], where: Place): number {
  let count = 1
  for (const size of shape) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
      throw corrupt(where, `has the impossible shape [${shape.join(', ')}]`)
    count *= size
    if (count > Number.MAX_SAFE_INTEGER)
      throw corrupt(where, `has the impossible shape [${shape.join(', ')}]`)
  }
  return count
}

/** A file, or a part of one, for messages. */
export type Place = string | { file: string; part: string }

export function corrupt(place: Place, what: string, cause?: unknown): AppError {
  const [file, words] =
    typeof place === 'string' ? [place, place] : [place.file, `${place.file}: ${place.part}`]
  return new AppError('corrupt-file', `${words} ${what}.`, { details: { file: resolve(file) }, cause })
}

export function readFloat32(tensor: StoredTensor): Float32Array {
  const bytes = tensor.readBytes()
  const { buffer, byteOffset } = bytes
  switch (tensor.dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, bytes.byteLength / 4)
    case 'bfloat16':
      return widenBfloat16(new Uint16Array(buffer, byteOffset, bytes.byteLength / 2))
    case 'float16':
      return new Float32Array(new Float16Array(buffer, byteOffset, bytes.byteLength / 2))
    case 'float64':
      return new Float32Array(new Float64Array(buffer, byteOffset, bytes.byteLength / 8))
    default:
      throw corrupt(
        { file: tensor.file, part: tensor.name },
        `holds ${tensor.dtype} where weights are expected`,
      )
  }
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i += 1) words[i] = (halves[i] ?? 0) << 16
  return new Float32Array(words.buffer)
}

/** Square that stays in the first-level cache while it is turned. */
const TURN = 32

/** A linear layer's weight is stored [out, in]; MatMul wants [in, out]. */
export function transposed(tensor: LazyTensor): LazyTensor {
  const [rows = 1, columns = 1] = tensor.shape
  return {
    shape: [columns, rows],
    read: () => {
      const source = tensor.read()
      const target = new Float32Array(source.length)
      for (let row = 0; row < rows; row += TURN)
        for (let column = 0; column < columns; column += TURN)
          turn(source, target, rows, columns, row, column)
      return target
    },
  }
}

function turn(
  source: Float32Array,
  target: Float32Array,
  rows: number,
  columns: number,
  top: number,
  left: number,
): void {
  const [bottom, right] = [Math.min(rows, top + TURN), Math.min(columns, left + TURN)]
  for (let column = left; column < right; column += 1)
    for (let row = top; row < bottom; row += 1)
      target[column * rows + row] = source[row * columns + column] ?? 0
}

export function reshaped(tensor: LazyTensor, shape: readonly number[]): LazyTensor {
  return { shape, read: tensor.read }
}

export function computed(shape: readonly number[], read: () => Float32Array): LazyTensor {
  return { shape, read }
}

/** Vectors joined into one. */
export function joined(tensors: readonly LazyTensor[]): LazyTensor {
  const length = tensors.reduce((sum, tensor) => sum + (tensor.shape[0] ?? 0), 0)
  return computed([length], () => {
    const target = new Float32Array(length)
    let offset = 0
    for (const tensor of tensors) {
      const part = tensor.read()
      target.set(part, offset)
      offset += part.length
    }
    return target
  })
}

export function zeros(length: number): LazyTensor {
  return computed([length], () => new Float32Array(length))
}
