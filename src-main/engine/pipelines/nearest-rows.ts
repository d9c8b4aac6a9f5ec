import type { FeatureMatrix } from './spamo.ts'

interface Near {
  id: number
  distance: number
}

/**
 * For every row of `visual` the indices of the nearest rows (Euclidean) of a table that arrives in
 * parts, nearest first, as in appendix A.5 of the SpaMo paper. Of equals the first counts as nearer.
 */
export class NearestRows {
  readonly #visual: FeatureMatrix
  readonly #count: number
  readonly #best: Near[][]
  #seen = 0

  constructor(visual: FeatureMatrix, count: number) {
    this.#visual = visual
    this.#count = count
    this.#best = Array.from({ length: visual.shape[0] }, () => [])
  }

  /** The next rows of the table, [count, width]. */
  add(rows: Float32Array): void {
    const width = this.#visual.shape[1]
    for (let start = 0; start < rows.length; start += width) {
      for (const [token, best] of this.#best.entries()) {
        const limit = best.length < this.#count ? Infinity : (best.at(-1)?.distance ?? Infinity)
        const distance = squaredDistance(this.#visual.data, token * width, rows, start, width, limit)
        if (distance < limit) this.#keep(best, { id: this.#seen, distance })
      }
      this.#seen += 1
    }
  }

  #keep(best: Near[], near: Near): void {
    const place = best.findIndex(other => other.distance > near.distance)
    best.splice(place === -1 ? best.length : place, 0, near)
    best.splice(this.#count)
  }

  ids(): number[][] {
    return this.#best.map(best => best.map(({ id }) => id))
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
