import { Tensor } from 'onnxruntime-node'
import type { SearchOptions } from '../decoding/beam-search.ts'
import type { Sessions } from './sessions.ts'
import { decode, type Generated, type ReadSource } from './step-decoder.ts'
import { float32, int64 } from './tensors.ts'

export { float32, int64 } from './tensors.ts'
export type { Generated } from './step-decoder.ts'

export interface T5Sizes {
  model: number
  heads: number
  headWidth: number
  decoderLayers: number
  vocabulary: number
}

/** What the decoder needs of encoded sentences; shorter ones are padded. */
export interface Encoded extends ReadSource {
  /** [sentences, longest, model] */
  hidden: Float32Array
}

/** Encoder and decoder of a bundle's T5. */
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

  /** Encoder over sentences of [rows, model] inputs. */
  async encode(sentences: readonly Float32Array[]): Promise<Encoded> {
    const { model } = this.#sizes
    const rows = sentences.map(embeds => embeds.length / model)
    const longest = Math.max(...rows)
    const padded = new Float32Array(sentences.length * longest * model)
    for (const [index, embeds] of sentences.entries()) padded.set(embeds, index * longest * model)
    const mask = int64(
      [sentences.length, longest],
      rows.flatMap(count => Array.from({ length: longest }, (_, at) => (at < count ? 1 : 0))),
    )
    const names = this.#layers.flatMap(layer => [`cross_k_${layer}`, `cross_v_${layer}`])
    const feeds = { embeds: new Tensor('float32', padded, [sentences.length, longest, model]), mask }
    const { hidden, ...cross } = await this.#sessions.run('encoder', feeds, ['hidden', ...names])
    return { hidden: float32(hidden), rows, longest, mask, cross }
  }

  /** One entry of `options` a sentence; they agree in beams, maximal length and whether they sample. */
  async generate(
    encoded: Encoded,
    options: readonly SearchOptions[],
    signal?: AbortSignal,
  ): Promise<Generated[][]> {
    const { heads, headWidth, decoderLayers: layers, vocabulary } = this.#sizes
    return decode(this.#sessions, { layers, width: heads * headWidth, vocabulary }, encoded, options, signal)
  }
}
