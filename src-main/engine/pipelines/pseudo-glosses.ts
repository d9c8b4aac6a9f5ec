import type { FeatureMatrix } from './spamo.ts'

/** The vocabulary item nearest to a visual token, and the frames that the token has seen. */
export interface PseudoGloss {
  id: number
  /** As in the vocabulary; `▁` marks the start of a word. */
  piece: string
  /** First and last frame, from 0. */
  frames: [number, number]
}

/** Visual token m sees the joined rows 4m … 4m+15: two 5-wide convolutions, each followed by pooling of two. */
const ROWS_PER_TOKEN = 4
const ROWS_SEEN = 16

/**
 * For every row of `visual` the index of the nearest row (Euclidean) of a table that arrives in
 * parts, as in appendix A.5 of the SpaMo paper. The first of equals wins.
 */
export class NearestRows {
  readonly #visual: FeatureMatrix
  readonly #best: { id: number; distance: number }[]
  #seen = 0

  constructor(visual: FeatureMatrix) {
    this.#visual = visual
    this.#best = Array.from({ length: visual.shape[0] }, () => ({ id: -1, distance: Infinity }))
  }

  /** The next rows of the table, [count, width]. */
  add(rows: Float32Array): void {
    const width = this.#visual.shape[1]
    for (let start = 0; start < rows.length; start += width) {
      for (const [token, best] of this.#best.entries()) {
        const distance = squaredDistance(this.#visual.data, token * width, rows, start, width, best.distance)
        if (distance < best.distance) this.#best[token] = { id: this.#seen, distance }
      }
      this.#seen += 1
    }
  }

  ids(): number[] {
    return this.#best.map(({ id }) => id)
  }
}

/** Stops adding once the sum exceeds `limit`. */
function squaredDistance(
  a: Float32Array,
  from: number,
  b: Float32Array,
  start: number,
  width: number,
  limit: number,
): number {
  let sum = 0
  for (let at = 0; at < width && sum < limit; at += 1)
    sum += ((a[from + at] ?? 0) - (b[start + at] ?? 0)) ** 2
  return sum
}

/** Frames behind the rows of one visual token; rows after the spatial ones are motion windows. */
export function framesOfToken(
  token: number,
  frames: number,
  motion: { window: number; stride: number },
): [number, number] {
  const first = ROWS_PER_TOKEN * token
  const last = first + ROWS_SEEN - 1
  const lastFrame = frames - 1
  if (first < frames) return [first, Math.min(last, lastFrame)]
  const [from, to] = [(first - frames) * motion.stride, (last - frames) * motion.stride + motion.window - 1]
  return [Math.min(from, lastFrame), Math.min(to, lastFrame)]
}
