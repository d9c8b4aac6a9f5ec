import { type LazyTensor, computed } from './tensor.ts'

/** base + scale · B · A, accumulated in float64 and rounded once; A [r, in], B [out, r]. */
export function mergedLora(base: LazyTensor, a: LazyTensor, b: LazyTensor, scale: number): LazyTensor {
  const [rows = 0, columns = 0] = base.shape
  const rank = a.shape[0] ?? 0
  return computed(base.shape, () => {
    const [left, right, merged] = [b.read(), a.read(), base.read().slice()]
    const row = new Float64Array(columns)
    for (let i = 0; i < rows; i += 1) {
      row.fill(0)
      for (let k = 0; k < rank; k += 1) {
        const factor = left[i * rank + k] ?? 0
        for (let j = 0; j < columns; j += 1) row[j] = (row[j] ?? 0) + factor * (right[k * columns + j] ?? 0)
      }
      for (let j = 0; j < columns; j += 1)
        merged[i * columns + j] = (merged[i * columns + j] ?? 0) + scale * (row[j] ?? 0)
    }
    return merged
  })
}
