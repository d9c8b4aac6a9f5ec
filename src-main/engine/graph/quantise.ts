import type { LazyTensor } from '../weights/tensor.ts'

const INT8_MAX = 127

/**
 * Symmetric int8 per output: W [out, in] becomes values [in, out] (as MatMul reads them) and one
 * scale per output, scale = max |w| / 127.
 */
export function quantiseColumns(weight: LazyTensor): { values: () => Int8Array; scales: () => Float32Array } {
  const [rows = 1, columns = 1] = weight.shape
  let known: { values: Int8Array; scales: Float32Array } | undefined
  const compute = () => (known ??= quantise(weight.read(), rows, columns))
  return {
    values: () => compute().values,
    scales: () => {
      const { scales } = compute()
      // Values come first in the data file; nothing needs the result after the scales.
      known = undefined
      return scales
    },
  }
}

function quantise(
  source: Float32Array,
  rows: number,
  columns: number,
): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(source.length)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    let largest = 0
    for (let column = 0; column < columns; column += 1)
      largest = Math.max(largest, Math.abs(source[row * columns + column] ?? 0))
    const scale = Math.fround(largest / INT8_MAX) || 1
    scales[row] = scale
    for (let column = 0; column < columns; column += 1)
      values[column * rows + row] = Math.round((source[row * columns + column] ?? 0) / scale)
  }
  return { values, scales }
}
