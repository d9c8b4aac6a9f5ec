import { Tensor } from 'onnxruntime-node'
import type { Feeds } from './sessions.ts'

const FIRST_ROWS = 64

/**
 * Keys and values of every token that was fed, one row each in the order of feeding. onnxruntime-node
 * copies each output into a new buffer but reads inputs where they lie: only new rows are ever copied,
 * while a cache that a step hands on whole costs 15 MB a step for Flan-T5-base and five beams.
 */
export class RowPools {
  readonly #width: number
  readonly #pools: Map<string, Float32Array>
  #rows = 0

  /** `names`: the outputs `fresh_…` with new rows [count, width]. */
  constructor(names: readonly string[], width: number) {
    this.#width = width
    this.#pools = new Map(names.map(name => [name, new Float32Array(FIRST_ROWS * width)]))
  }

  add(outputs: Feeds, count: number): void {
    const end = (this.#rows + count) * this.#width
    for (const [name, pool] of this.#pools) {
      const room = end <= pool.length ? pool : grown(pool, end)
      room.set(outputs[name]?.data as Float32Array, this.#rows * this.#width)
      this.#pools.set(name, room)
    }
    this.#rows += count
  }

  /** The inputs `past_…`, [rows, width]; a row of zeros that nobody reads while there is none. */
  feeds(): Feeds {
    const rows = Math.max(1, this.#rows)
    return Object.fromEntries(
      [...this.#pools].map(([name, pool]) => [
        name.replace('fresh', 'past'),
        new Tensor('float32', pool.subarray(0, rows * this.#width), [rows, this.#width]),
      ]),
    )
  }
}

function grown(pool: Float32Array, needed: number): Float32Array {
  const larger = new Float32Array(Math.max(needed, 2 * pool.length))
  larger.set(pool)
  return larger
}
