/** T5's relative position buckets (Raffel et al. 2020, §2.1; transformers' T5Attention). */
import { type LazyTensor, computed } from '../weights/tensor.ts'

export interface BucketRule {
  buckets: number
  maxDistance: number
  isBidirectional: boolean
}

/** `relative` = key position − query position. */
export function relativeBucket(relative: number, rule: BucketRule): number {
  if (rule.isBidirectional) {
    const half = Math.floor(rule.buckets / 2)
    return (relative > 0 ? half : 0) + oneSided(Math.abs(relative), half, rule.maxDistance)
  }
  return oneSided(Math.max(0, -relative), rule.buckets, rule.maxDistance)
}

/** Half of the buckets for exact distances, the rest logarithmic up to `maxDistance`; float32 as in torch. */
function oneSided(distance: number, buckets: number, maxDistance: number): number {
  const exact = Math.floor(buckets / 2)
  if (distance < exact) return distance
  const log = Math.fround(Math.log(Math.fround(distance / exact)))
  const share = Math.fround(log / Math.fround(Math.log(maxDistance / exact)))
  return Math.min(buckets - 1, exact + Math.floor(Math.fround(share * (buckets - exact))))
}

/**
 * Bias by distance: [heads, 2·max+1] for relative −max … max. Buckets saturate at the maximal
 * distance, so a clipped distance indexes this table exactly, for sequences of any length.
 */
export function biasByDistance(weight: LazyTensor, rule: BucketRule): LazyTensor {
  const heads = weight.shape[1] ?? 0
  const columns = 2 * rule.maxDistance + 1
  return computed([heads, columns], () => {
    const source = weight.read()
    const table = new Float32Array(heads * columns)
    for (let column = 0; column < columns; column += 1) {
      const bucket = relativeBucket(column - rule.maxDistance, rule)
      for (let head = 0; head < heads; head += 1)
        table[head * columns + column] = source[bucket * heads + head] ?? 0
    }
    return table
  })
}
