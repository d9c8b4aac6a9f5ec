import { Tensor } from 'onnxruntime-node'
import { type BeamHypothesis, type BeamOptions, beamSearch } from '../decoding/beam-search.ts'
import type { Feeds, Sessions } from './sessions.ts'

export interface T5Sizes {
  model: number
  heads: number
  headWidth: number
  decoderLayers: number
}

/** What the decoder needs of one encoded sentence. */
export interface Encoded {
  /** [rows, model] */
  hidden: Float32Array
  rows: number
  mask: Tensor
  cross: Feeds
}

/** Encoder and decoder of a bundle's T5 for one sentence at a time. */
export class T5Runtime {
  readonly #sessions: Sessions
  readonly #sizes: T5Sizes
  readonly #layers: readonly number[]

  constructor(sessions: Sessions, sizes: T5Sizes) {
    this.#sessions = sessions
    this.#sizes = sizes
    this.#layers = Array.from({ length: sizes.decoderLayers }, (_, index) => index)
  }

  /** Rows of the embedding table, [ids.length, model]. */
  async embed(ids: readonly number[]): Promise<Float32Array> {
    const { embeds } = await this.#sessions.run('embed', { ids: int64([1, ids.length], ids) }, ['embeds'])
    return float32(embeds)
  }

  /** Encoder over [rows, model] inputs that are all real. */
  async encode(embeds: Float32Array): Promise<Encoded> {
    const rows = embeds.length / this.#sizes.model
    const mask = int64(
      [1, rows],
      Array.from({ length: rows }, () => 1),
    )
    const names = this.#layers.flatMap(layer => [`cross_k_${layer}`, `cross_v_${layer}`])
    const feeds = { embeds: new Tensor('float32', embeds, [1, rows, this.#sizes.model]), mask }
    const { hidden, ...cross } = await this.#sessions.run('encoder', feeds, ['hidden', ...names])
    return { hidden: float32(hidden), rows, mask, cross }
  }

  generate(encoded: Encoded, options: BeamOptions): Promise<BeamHypothesis[]> {
    const presents = this.#layers.flatMap(layer => [`present_k_${layer}`, `present_v_${layer}`])
    const width = 2 * options.beams
    let cache = this.#emptyCache()
    return beamSearch(async (tokens, parents) => {
      const feeds = {
        ids: int64([tokens.length, 1], tokens),
        beams: int64([parents.length], parents),
        top: int64([1], [width]),
        mask: encoded.mask,
        ...encoded.cross,
        ...cache,
      }
      const {
        top_lp: logProbabilities,
        top_ids: ids,
        ...next
      } = await this.#sessions.run('step', feeds, ['top_lp', 'top_ids', ...presents])
      cache = Object.fromEntries(
        Object.entries(next).map(([name, tensor]) => [name.replace('present', 'past'), tensor]),
      )
      return { logProbabilities: float32(logProbabilities), ids: ids?.data as BigInt64Array, width }
    }, options)
  }

  #emptyCache(): Feeds {
    const shape = [1, this.#sizes.heads, 0, this.#sizes.headWidth]
    const names = this.#layers.flatMap(layer => [`past_k_${layer}`, `past_v_${layer}`])
    return Object.fromEntries(names.map(name => [name, new Tensor('float32', new Float32Array(0), shape)]))
  }
}

export function int64(shape: readonly number[], values: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}

export function float32(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('A graph gave no float32 output')
  return tensor.data
}
