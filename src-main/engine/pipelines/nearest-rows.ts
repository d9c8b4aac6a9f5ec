import { Tensor } from 'onnxruntime-node'
import { buildNearest } from '../graph/nearest.ts'
import type { Sessions } from './sessions.ts'
import type { FeatureMatrix } from './spamo.ts'
import { int64 } from './tensors.ts'

interface Near {
  id: number
  distance: number
}

/** Products round: so many more are looked at exactly. */
const SPARE = 5

/**
 * For every row of `visual` the indices of the nearest rows (Euclidean) of a table that arrives in
 * parts, nearest first, as in appendix A.5 of the SpaMo paper. Of equals the first counts as nearer.
 */
export class NearestRows {
  readonly #sessions: Sessions
  readonly #visual: FeatureMatrix
  readonly #count: number
  readonly #best: Near[][]
  #seen = 0

  constructor(sessions: Sessions, visual: FeatureMatrix, count: number) {
    this.#sessions = sessions
    this.#visual = visual
    this.#count = count
    this.#best = Array.from({ length: visual.shape[0] }, () => [])
    sessions.define(buildNearest())
  }

  /** The next rows of the table, [count, width]. */
  async add(rows: Float32Array): Promise<void> {
    const { data, shape } = this.#visual
    const [, width] = shape
    const count = rows.length / width
    const top = Math.min(count, this.#count + SPARE)
    const feeds = {
      visual: new Tensor('float32', data, shape),
      rows: new Tensor('float32', rows, [count, width]),
      top: int64([1], [top]),
    }
    const { index } = await this.#sessions.run('nearest', feeds, ['index'], 'cpu')
    const candidates = index?.data as BigInt64Array
    for (const [token, best] of this.#best.entries()) {
      const places = Array.from(candidates.subarray(token * top, (token + 1) * top), Number)
      for (const place of places.sort((a, b) => a - b)) {
        const distance = squaredDistance(data, token * width, rows, place * width, width)
        this.#keep(best, { id: this.#seen + place, distance })
      }
    }
    this.#seen += count
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

function squaredDistance(
  a: Float32Array,
  from: number,
  b: Float32Array,
  start: number,
  width: number,
): number {
  let sum = 0
  for (let at = 0; at < width; at += 1) sum += ((a[from + at] ?? 0) - (b[start + at] ?? 0)) ** 2
  return sum
}
