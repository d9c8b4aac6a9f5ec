import type { LazyTensor } from '../weights/tensor.ts'

/** A quantised matrix [out, in]; the values are asked for first, once, and then the scales. */
export interface Quantised<Values> {
  values: () => Values
  scales: () => Float32Array
}

const INT8_MAX = 127
/** Columns that share a scale in MatMulNBits. */
export const BLOCK = 32

/** Symmetric int8 per output: values [in, out], as MatMul reads them; scale = max |w| / 127. */
export function quantiseColumns(weight: LazyTensor): Quantised<Int8Array> {
  const [rows = 1, columns = 1] = weight.shape
  return computedOnce(() => {
    const source = weight.read()
    const values = new Int8Array(source.length)
    const scales = new Float32Array(rows)
    for (let row = 0; row < rows; row += 1) {
      const from = row * columns
      const scale = Math.fround(largest(source, from, from + columns).size / INT8_MAX) || 1
      scales[row] = scale
      for (let column = 0; column < columns; column += 1)
        values[column * rows + row] = Math.round((source[from + column] ?? 0) / scale)
    }
    return { values, scales }
  })
}

/**
 * Blocks of 32 columns, symmetric about 2^(bits−1), the largest value hitting the end of the range
 * exactly: values [out, blocks, 32 · bits / 8] (two 4-bit values a byte, low half first), scales [out, blocks].
 */
export function quantiseBlocks(weight: LazyTensor, bits: 4 | 8): Quantised<Uint8Array> {
  const [rows = 1, columns = 1] = weight.shape
  const blocks = Math.ceil(columns / BLOCK)
  const zero = 2 ** (bits - 1)
  return computedOnce(() => {
    const source = weight.read()
    const values = new Uint8Array((rows * blocks * BLOCK * bits) / 8)
    const scales = new Float32Array(rows * blocks)
    for (let block = 0; block < rows * blocks; block += 1) {
      const row = Math.floor(block / blocks)
      const from = row * columns + (block % blocks) * BLOCK
      const end = Math.min(from + BLOCK, (row + 1) * columns)
      const scale = Math.fround(largest(source, from, end).value / -zero) || 1
      scales[block] = scale
      for (let at = 0; at < BLOCK; at += 1) {
        const value = from + at < end ? Math.round((source[from + at] ?? 0) / scale) : 0
        const level = Math.min(2 * zero - 1, Math.max(0, value + zero))
        const position = block * BLOCK + at
        if (bits === 8) values[position] = level
        else values[position >> 1] = (values[position >> 1] ?? 0) | (level << (4 * (position % 2)))
      }
    }
    return { values, scales }
  })
}

function largest(source: Float32Array, from: number, end: number): { value: number; size: number } {
  let [value, size] = [0, 0]
  for (let at = from; at < end; at += 1) {
    const candidate = Math.abs(source[at] ?? 0)
    if (candidate > size) [value, size] = [source[at] ?? 0, candidate]
  }
  return { value, size }
}

/** Keeps the result between the two questions and drops it after the second. */
function computedOnce<Values>(compute: () => { values: Values; scales: Float32Array }): Quantised<Values> {
  let known: { values: Values; scales: Float32Array } | undefined
  return {
    values: () => (known ??= compute()).values,
    scales: () => {
      const { scales } = (known ??= compute())
      known = undefined
      return scales
    },
  }
}
