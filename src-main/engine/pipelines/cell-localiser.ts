import { Tensor } from 'onnxruntime-node'
import type { Sign2gptManifest } from '../bundle/manifest.ts'
import type { Bundle } from '../bundle/open-bundle.ts'
import { readPseudoGlosses } from '../bundle/pseudo-glosses.ts'
import type { Sessions } from './sessions.ts'
import type { FeatureMatrix } from './spamo.ts'
import { float32 } from './tensors.ts'

/** Where pseudo-glosses are: matrices [cells, glosses], row-major. */
export interface Localisation {
  cells: number
  glosses: string[]
  /** Wanted words that are no pseudo-glosses of the model. */
  unknown: string[]
  /** E = A · B; at most 1 in sum over the cells. */
  E: Float32Array
  /** Softmax over all pseudo-glosses and the background, cell by cell. */
  A: Float32Array
  /** Cosine to the prototype. */
  cosine: Float32Array
  /** Σ over the cells of E. */
  presence: Float32Array
}

/** As many as a view can show where no words are named. */
const MOST_LIKELY = 20
const NEAREST = 3

/** Cells to the matrices of the prototype head. */
export class CellLocaliser {
  readonly #sessions: Sessions
  readonly #bundle: Bundle<Sign2gptManifest>
  #columns: Map<string, number> | undefined

  constructor(sessions: Sessions, bundle: Bundle<Sign2gptManifest>) {
    this.#sessions = sessions
    this.#bundle = bundle
  }

  /** `words`: pseudo-glosses, each once in the order of their first place; null: the 20 that are most likely in the clip. */
  async localise({ data, shape }: FeatureMatrix, words: readonly string[] | null): Promise<Localisation> {
    const columns = this.#vocabulary()
    const names = [...columns.keys()]
    const [count, width] = shape
    const cells = new Tensor('float32', data, [1, count, width])
    const results = await this.#sessions.run('head', { cells }, ['E', 'A', 'cosine'])
    const [E, A, cosine] = ['E', 'A', 'cosine'].map(name => float32(results[name]))
    if (!E || !A || !cosine) throw new Error('three matrices')
    const all = presenceOf(E, count)
    const glosses = words
      ? [...new Set(words)].filter(word => columns.has(word))
      : highestPlaces(all.subarray(0, columns.size), MOST_LIKELY).map(id => names[id] ?? '')
    const ids = glosses.map(gloss => columns.get(gloss) ?? 0)
    const picked = (matrix: Float32Array) => pickColumns(matrix, count, ids)
    return {
      cells: count,
      glosses,
      unknown: [...new Set(words)].filter(word => !columns.has(word)),
      E: picked(E),
      A: picked(A),
      cosine: picked(cosine),
      presence: Float32Array.from(ids, id => all[id] ?? 0),
    }
  }

  /** For each cell the pseudo-glosses whose prototypes are nearest, nearest first. */
  async nearest({
    data,
    shape: [count, width],
  }: FeatureMatrix): Promise<{ ids: number[]; pieces: string[] }[]> {
    const names = [...this.#vocabulary().keys()]
    const cells = new Tensor('float32', data, [1, count, width])
    const cosine = float32((await this.#sessions.run('head', { cells }, ['cosine']))['cosine'])
    return Array.from({ length: count }, (_, cell) => {
      const row = cosine.subarray(cell * (names.length + 1), (cell + 1) * (names.length + 1) - 1)
      const ids = highestPlaces(row, NEAREST)
      return { ids, pieces: ids.map(id => names[id] ?? '') }
    })
  }

  /** Pseudo-gloss → its id. */
  #vocabulary(): Map<string, number> {
    if (this.#columns) return this.#columns
    const { glosses } = readPseudoGlosses(this.#bundle)
    this.#columns = new Map(glosses.map((gloss, id) => [gloss, id]))
    return this.#columns
  }
}

function presenceOf(matrix: Float32Array, cells: number): Float32Array {
  const width = matrix.length / cells
  const sums = new Float32Array(width)
  for (const [at, value] of matrix.entries()) sums[at % width] = (sums[at % width] ?? 0) + value
  return sums
}

function pickColumns(matrix: Float32Array, cells: number, ids: readonly number[]): Float32Array {
  const width = matrix.length / cells
  const picked = new Float32Array(cells * ids.length)
  for (let cell = 0; cell < cells; cell += 1)
    for (const [column, id] of ids.entries())
      picked[cell * ids.length + column] = matrix[cell * width + id] ?? 0
  return picked
}

/** The places of the highest values, highest first. */
function highestPlaces(values: Float32Array, most: number): number[] {
  const places = Array.from(values.keys())
  return places.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, most)
}
