import { type LazyTensor, computed } from '../weights/tensor.ts'

/** torch's interpolate(mode='bicubic', align_corners=False): Keys' kernel with a = −0.75, taps clamped at the border. */
const A = -0.75

/** Weights [size, scale · size] that enlarge a row of `size` values. */
export function bicubicEnlargement(size: number, scale: number): LazyTensor {
  return bicubicSampling(size, size * scale, column => (column + 0.5) / scale - 0.5)
}

/** Weights [size, columns] that read a row of `size` values at the places `sourceOf` says; no antialiasing. */
export function bicubicSampling(
  size: number,
  columns: number,
  sourceOf: (column: number) => number,
): LazyTensor {
  return computed([size, columns], () => {
    const weights = new Float64Array(size * columns)
    for (let column = 0; column < columns; column += 1) {
      const source = sourceOf(column)
      const first = Math.floor(source) - 1
      for (let tap = 0; tap < 4; tap += 1) {
        const row = Math.min(size - 1, Math.max(0, first + tap))
        const at = row * columns + column
        weights[at] = (weights[at] ?? 0) + keys(Math.abs(source - first - tap))
      }
    }
    return Float32Array.from(weights)
  })
}

function keys(distance: number): number {
  if (distance <= 1) return ((A + 2) * distance - (A + 3)) * distance * distance + 1
  return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * A : 0
}
