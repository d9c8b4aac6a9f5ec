import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildT5Graphs } from '../bundle/spamo-graphs.ts'
import { relativeBucket } from '../graph/relative-bias.ts'
import { writeModel } from '../graph/onnx-file.ts'
import { T5Config } from '../graph/t5-config.ts'
import { GOLDEN, difference, goldenArray, goldenJson, hasGolden, temporaryFolder } from '../testing/golden.ts'
import { openModelFolder } from '../weights/open-weights.ts'
import { StrictWeights } from '../weights/strict.ts'
import { ignoreTiedEmbeddings, plainT5Weights } from '../weights/t5-weights.ts'
import { Tensor } from 'onnxruntime-node'
import { RowPools } from './row-pools.ts'
import { Sessions } from './sessions.ts'
import { T5Runtime, float32, int64 } from './t5-runtime.ts'

interface Generation {
  max_length: number
  greedy: { ids: number[]; sum_logprob: number }
  beam5_pinned_rules: { ids: number[]; score: number }[]
}

describe.skipIf(!hasGolden)('T5 against transformers', () => {
  const folder = temporaryFolder()
  let config: T5Config
  const sessions = new Sessions(folder.path, { device: 'cpu', threads: 1 })
  const cases = hasGolden
    ? goldenJson<{ case: number; name: string; generations: Generation[] }[]>(
        't5-tiny/expected/generation.json',
      )
    : []
  let t5: T5Runtime

  beforeAll(async () => {
    config = T5Config.parse(goldenJson('t5-tiny/config.json'))
    using store = openModelFolder(join(GOLDEN, 't5-tiny'))
    const weights = new StrictWeights(store)
    for (const graph of buildT5Graphs(plainT5Weights(weights), config, 'fp32'))
      await writeModel(graph, folder.path)
    ignoreTiedEmbeddings(weights, config.tie_word_embeddings)
    weights.finish()
    t5 = new T5Runtime(sessions, {
      model: config.d_model,
      heads: config.num_heads,
      headWidth: config.d_kv,
      decoderLayers: config.num_decoder_layers,
      vocabulary: config.vocab_size,
    })
  })
  afterAll(async () => {
    await sessions.releaseAllBut([])
    folder[Symbol.dispose]()
  })

  test.each(cases)('encodes $name the same', async ({ case: number }) => {
    const encoded = await t5.encode([goldenArray(`t5-tiny/expected/case${number}_inputs_embeds.npy`).data])
    expect(
      difference(encoded.hidden, goldenArray(`t5-tiny/expected/case${number}_encoder_output.npy`).data)
        .maxAbs,
    ).toBeLessThan(1e-5)
  })

  test.each(cases)(
    'generates the same for $name: greedy, and five hypotheses',
    async ({ case: number, generations }) => {
      const encoded = await t5.encode([goldenArray(`t5-tiny/expected/case${number}_inputs_embeds.npy`).data])
      for (const { max_length: maxLength, greedy, beam5_pinned_rules: expected } of generations) {
        const options = { maxLength, lengthPenalty: 1, startId: 0, endId: 1 }
        const [beam = []] = await t5.generate(encoded, [{ ...options, beams: 5, nBest: 5 }])
        const [[best] = []] = await t5.generate(encoded, [{ ...options, beams: 1, nBest: 1 }])
        expect(beam.map(({ tokens }) => tokens)).toEqual(expected.map(({ ids }) => ids))
        expect(best?.tokens).toEqual(greedy.ids)
        expect(best?.sumLogProbability).toBeCloseTo(greedy.sum_logprob, 4)
        for (const [rank, { score }] of beam.entries())
          expect(Math.abs(score - (expected[rank]?.score ?? NaN))).toBeLessThan(1e-5)
      }
    },
  )

  test('gives the same logits for a padded batch of three', async () => {
    const embeds = goldenArray('t5-tiny/expected/batch_inputs_embeds.npy')
    const maskValues = goldenArray('t5-tiny/expected/batch_attention_mask.npy')
    const ids = goldenArray('t5-tiny/expected/batch_decoder_input_ids.npy')
    const logits = goldenArray('t5-tiny/expected/batch_decoder_logits.npy')
    const [n = 0, length = 0] = ids.shape
    const mask = int64(maskValues.shape, [...maskValues.data])
    const crossNames = ['k', 'v'].flatMap(part =>
      Array.from({ length: config.num_decoder_layers }, (_, layer) => `cross_${part}_${layer}`),
    )
    const cross = await sessions.run(
      'encoder',
      { embeds: new Tensor('float32', embeds.data, embeds.shape), mask },
      crossNames,
    )
    const fresh = crossNames.map(name => name.replace('cross', 'fresh'))
    const pools = new RowPools(fresh, config.num_heads * config.d_kv)
    let largest = 0
    for (let at = 0; at < length; at += 1) {
      const { logits: ours, ...next } = await sessions.run(
        'step',
        {
          ids: int64(
            [n, 1],
            Array.from({ length: n }, (_, row) => ids.data[row * length + at] ?? 0),
          ),
          rows: int64(
            [n, at],
            Array.from({ length: n * at }, (_, index) => (index % at) * n + Math.floor(index / at)),
          ),
          top: int64([1], [1]),
          mask,
          ...cross,
          ...pools.feeds(),
        },
        ['logits', ...fresh],
      )
      pools.add(next, n)
      for (let row = 0; row < n; row += 1) {
        const width = config.vocab_size
        const theirs = logits.data.subarray((row * length + at) * width, (row * length + at + 1) * width)
        largest = Math.max(
          largest,
          difference(float32(ours).subarray(row * width, (row + 1) * width), theirs).maxAbs,
        )
      }
    }
    expect(largest).toBeLessThan(1e-4)
  })

  test('translates several sentences at once as each alone', async () => {
    const all = cases.map(
      ({ case: number }) => goldenArray(`t5-tiny/expected/case${number}_inputs_embeds.npy`).data,
    )
    const options = { beams: 5, nBest: 5, maxLength: 24, lengthPenalty: 1, startId: 0, endId: 1 }
    const together = await t5.generate(
      await t5.encode(all),
      all.map(() => options),
    )
    for (const [index, embeds] of all.entries()) {
      const [alone = []] = await t5.generate(await t5.encode([embeds]), [options])
      expect(together[index]?.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens))
      for (const [rank, { score, attention }] of alone.entries()) {
        expect(together[index]?.[rank]?.score).toBeCloseTo(score, 4)
        expect(
          difference(concat(together[index]?.[rank]?.attention ?? []), concat(attention)).maxAbs,
        ).toBeLessThan(1e-4)
      }
    }
  })

  test('shows where each token looked: shares of the rows of its own sentence', async () => {
    const { data } = goldenArray('t5-tiny/expected/case1_inputs_embeds.npy')
    const [[best] = []] = await t5.generate(await t5.encode([data]), [
      { beams: 5, nBest: 1, maxLength: 24, lengthPenalty: 1, startId: 0, endId: 1 },
    ])
    expect(best?.attention.map(row => row.length)).toEqual(
      best?.tokens.slice(1).map(() => data.length / config.d_model),
    )
    for (const row of best?.attention ?? [])
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
  })

  test('puts every distance into the same bucket', () => {
    const expected = goldenJson<Record<string, unknown>>('t5-tiny/expected/relative_buckets.json')
    const distances = expected['relative_position_key_minus_query'] as number[]
    const rule = { buckets: 32, maxDistance: 128 }
    expect(distances.map(distance => relativeBucket(distance, { ...rule, isBidirectional: true }))).toEqual(
      expected['encoder'],
    )
    expect(distances.map(distance => relativeBucket(distance, { ...rule, isBidirectional: false }))).toEqual(
      expected['decoder'],
    )
  })
})

function concat(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows.flatMap(row => [...row]))
}
