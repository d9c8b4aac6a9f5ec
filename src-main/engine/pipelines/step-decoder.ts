import type { Tensor } from 'onnxruntime-node'
import { type BeamHypothesis, type SearchOptions, searchAll } from '../decoding/beam-search.ts'
import { candidatesNeeded } from '../decoding/candidates.ts'
import { RowPools } from './row-pools.ts'
import type { Feeds, Sessions } from './sessions.ts'
import { float32, int64 } from './tensors.ts'

/** What a decoder reads in its cross-attention; shorter sentences are padded. */
export interface ReadSource {
  /** Rows of each sentence. */
  rows: readonly number[]
  longest: number
  /** int64 [sentences, longest] */
  mask: Tensor
  /** `cross_k_I`, `cross_v_I` of each layer. */
  cross: Feeds
}

export interface Generated extends BeamHypothesis {
  /** For each of `tokens` after the first: cross-attention over the rows of the sentence, as the step graph sums it up. */
  attention: Float32Array[]
}

export interface DecoderSizes {
  layers: number
  /** Of a row of keys, all heads. */
  width: number
  vocabulary: number
}

/** Sentences by the step graph of a bundle. One entry of `options` a sentence; they agree in beams, maximal length and whether they sample. */
export async function decode(
  sessions: Sessions,
  { layers, width: rowWidth, vocabulary }: DecoderSizes,
  source: ReadSource,
  options: readonly SearchOptions[],
  signal?: AbortSignal,
): Promise<Generated[][]> {
  const fresh = Array.from({ length: layers }, (_, layer) => [`fresh_k_${layer}`, `fresh_v_${layer}`]).flat()
  const width = Math.max(
    ...options.map(each => candidatesNeeded(each.strategy ?? { kind: 'beam' }, each.beams, vocabulary)),
  )
  const pools = new RowPools(fresh, rowWidth)
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
        mask: source.mask,
        ...source.cross,
        ...pools.feeds(),
      }
      const step = await sessions.run('step', feeds, ['top_lp', 'top_ids', 'attention', ...fresh])
      pools.add(step, beams.length)
      const weights = float32(step['attention'])
      for (let row = 0; row < beams.length; row += 1)
        attention.push(weights.subarray(row * source.longest, (row + 1) * source.longest))
      const ids = step['top_ids']?.data as BigInt64Array
      return { logProbabilities: float32(step['top_lp']), ids, width }
    },
    options,
    signal,
  )
  return found.map((hypotheses, sentence) =>
    hypotheses.map(hypothesis => ({
      ...hypothesis,
      attention: hypothesis.rows.map(
        row => attention[row]?.slice(0, source.rows[sentence]) ?? new Float32Array(0),
      ),
    })),
  )
}
