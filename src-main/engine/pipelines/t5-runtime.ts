import { Tensor } from 'onnxruntime-node'
import { type BeamHypothesis, type SearchOptions, searchAll } from '../decoding/beam-search.ts'
import { candidatesNeeded } from '../decoding/candidates.ts'
import { RowPools } from './row-pools.ts'
import type { Feeds, Sessions } from './sessions.ts'

export interface T5Sizes {
  model: number
  heads: number
  headWidth: number
  decoderLayers: number
  vocabulary: number
}

/** What the decoder needs of encoded sentences; shorter ones are padded. */
export interface Encoded {
  /** [sentences, longest, model] */
  hidden: Float32Array
  /** Rows of each sentence. */
  rows: readonly number[]
  longest: number
  mask: Tensor
  cross: Feeds
}

export interface Generated extends BeamHypothesis {
  /** For each of `tokens` after the first: cross-attention over the rows of the sentence, mean of the upper layers' heads. */
  attention: Float32Array[]
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

  /** One entry of `options` a sentence; they agree in beams and maximal length. */
  async generate(
    encoded: Encoded,
    options: readonly SearchOptions[],
    signal?: AbortSignal,
  ): Promise<Generated[][]> {
    const { heads, headWidth, vocabulary } = this.#sizes
    const fresh = this.#layers.flatMap(layer => [`fresh_k_${layer}`, `fresh_v_${layer}`])
    const width = Math.max(
      ...options.map(each => candidatesNeeded(each.strategy ?? { kind: 'beam' }, each.beams, vocabulary)),
    )
    const pools = new RowPools(fresh, heads * headWidth)
    const attention: Float32Array[] = []
    const found = await searchAll(
      async beams => {
        const feeds = {
          ids: int64(
            [beams.length, 1],
            beams.map(beam => beam.token),
          ),
          rows: int64(
            [beams.length, beams[0]?.rows.length ?? 0],
            beams.flatMap(beam => beam.rows),
          ),
          top: int64([1], [width]),
          mask: encoded.mask,
          ...encoded.cross,
          ...pools.feeds(),
        }
        const wanted = ['top_lp', 'top_ids', 'attention', ...fresh]
        const step = await this.#sessions.run('step', feeds, wanted)
        pools.add(step, beams.length)
        for (let row = 0; row < beams.length; row += 1)
          attention.push(
            float32(step['attention']).subarray(row * encoded.longest, (row + 1) * encoded.longest),
          )
        return {
          logProbabilities: float32(step['top_lp']),
          ids: step['top_ids']?.data as BigInt64Array,
          width,
        }
      },
      options,
      signal,
    )
    return found.map((hypotheses, sentence) =>
      hypotheses.map(hypothesis => ({
        ...hypothesis,
        attention: hypothesis.rows.map(
          row => attention[row]?.slice(0, encoded.rows[sentence]) ?? new Float32Array(0),
        ),
      })),
    )
  }
}

export function int64(shape: readonly number[], values: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}

export function float32(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('A graph gave no float32 output')
  return tensor.data
}
