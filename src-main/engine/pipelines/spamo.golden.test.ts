import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convertSpamo } from '../bundle/convert-spamo.ts'
import { type SpamoPipeline, openSpamo } from './spamo.ts'
import {
  type ClipFacts,
  GOLDEN,
  difference,
  goldenArray,
  goldenFrames,
  goldenJson,
  hasGolden,
  inBatches,
  temporaryFolder,
} from '../testing/golden.ts'

interface Hypothesis {
  ids: number[]
  text: string
  score: number
}
interface EndToEnd {
  clips: {
    clip: string
    M_out: number
    T: number
    variants: {
      variant: string
      nearest_vocabulary_ids?: number[]
      nearest_vocabulary_tokens?: string[]
      greedy: { ids: number[]; text: string }
      beam5_pinned_rules: Hypothesis[]
    }[]
  }[]
}

const signal = new AbortController().signal
const wants = { spatial: true, motion: true }

describe.skipIf(!hasGolden)('SpaMo against the numbers of the original', () => {
  const clips = hasGolden ? goldenJson<ClipFacts[]>('frames/index.json') : []
  const expected = hasGolden ? goldenJson<EndToEnd>('spamo-tiny.expected/end_to_end.json').clips : []
  const folder = temporaryFolder()
  let pipeline: SpamoPipeline

  beforeAll(async () => {
    const outDir = join(folder.path, 'bundle')
    await convertSpamo({
      clipDir: join(GOLDEN, 'clip-tiny'),
      videomaeDir: join(GOLDEN, 'videomae-tiny'),
      t5Dir: join(GOLDEN, 't5-tiny'),
      checkpoint: join(GOLDEN, 'spamo-tiny.ckpt'),
      config: join(GOLDEN, 'spamo-tiny.config.json'),
      outDir,
      precision: 'fp32',
      card: { name: 'tiny' },
    })
    pipeline = await openSpamo(outDir, { device: 'cpu', threads: 2 })
  })
  afterAll(async () => {
    await pipeline.release()
    folder[Symbol.dispose]()
  })

  test.each(clips)('turns the frames of $name into the same features', async clip => {
    let frames = 0
    const result = await pipeline.extract(inBatches(goldenFrames(clip), 7), wants, {
      signal,
      onFrames: done => (frames = done),
    })
    const spatial = goldenArray(`clip-tiny/expected/spatial_s2_${clip.name}.npy`)
    const motion = goldenArray(`videomae-tiny/expected/motion_${clip.name}.npy`)
    expect({ frames, spatial: result.spatial?.shape, motion: result.motion?.shape }).toEqual({
      frames: clip.frames,
      spatial: spatial.shape,
      motion: motion.shape,
    })
    for (const [ours, theirs] of [
      [result.spatial, spatial],
      [result.motion, motion],
    ] as const) {
      const found = difference(ours?.data ?? new Float32Array(), theirs.data, theirs.shape[1])
      expect(found.cosine).toBeGreaterThan(0.99999999)
      expect(found.maxAbs).toBeLessThan(2e-5)
    }
  })

  const fromFeatures = (clip: string) => {
    const matrix = (path: string) => {
      const { data, shape } = goldenArray(path)
      return { data, shape: shape as [number, number] }
    }
    return {
      spatial: matrix(`clip-tiny/expected/spatial_s2_${clip}.npy`),
      motion: matrix(`videomae-tiny/expected/motion_${clip}.npy`),
    }
  }

  test.each([
    ['clip_a', 'visual_tokens_clip_a'],
    ['clip_b', 'visual_tokens_clip_b'],
    ['clip_c', 'visual_tokens_clip_c_zero_padded_to_16'],
  ])('gives the same visual tokens for %s', async (clip, file) => {
    const { data, shape } = goldenArray(`spamo-tiny.expected/${file}.npy`)
    const visual = await pipeline.visualTokens(fromFeatures(clip))
    expect(visual.shape).toEqual(shape)
    expect(difference(visual.data, data).maxAbs).toBeLessThan(1e-4)
  })

  test.each(expected)(
    'translates $clip to the same five hypotheses, and greedily',
    async ({ clip, variants }) => {
      const wanted = variants.at(-1)
      const beam = await pipeline.translate(fromFeatures(clip), { signal })
      const greedy = await pipeline.translate(fromFeatures(clip), { signal, beams: 1 })
      expect(beam.hypotheses.map(({ text, tokens }) => ({ text, tokens }))).toEqual(
        wanted?.beam5_pinned_rules.map(({ text, ids }) => ({ text, tokens: ids })),
      )
      expect(greedy.hypotheses.map(({ text, tokens }) => ({ text, tokens }))).toEqual([
        { text: wanted?.greedy.text, tokens: wanted?.greedy.ids },
      ])
      for (const [rank, { score }] of beam.hypotheses.entries())
        expect(score).toBeCloseTo(wanted?.beam5_pinned_rules[rank]?.score ?? NaN, 4)
      expect(beam.tooShort).toBe(wanted?.variant === 'joint_sequence_zero_padded_to_16_one_token')
    },
  )

  test.each(expected)(
    'finds the same nearest words for the visual tokens of $clip',
    async ({ clip, T, variants }) => {
      const wanted = variants.at(-1)
      const found = await pipeline.pseudoGlosses(fromFeatures(clip), { signal })
      expect(found.map(({ ids }) => ids[0])).toEqual(wanted?.nearest_vocabulary_ids)
      expect(found.map(({ pieces }) => pieces[0])).toEqual(wanted?.nearest_vocabulary_tokens)
      expect(found.every(({ first, last }) => first <= last && last < T)).toBe(true)
    },
  )

  test('gives the same tokens from frames as from the features of the original', async () => {
    for (const clip of clips) {
      const features = await pipeline.extract(inBatches(goldenFrames(clip), 16), wants, {
        signal,
        onFrames: () => {},
      })
      if (!features.spatial || !features.motion) throw new Error('both were wanted')
      const { hypotheses } = await pipeline.translate(
        { spatial: features.spatial, motion: features.motion },
        { signal },
      )
      const wanted = expected.find(item => item.clip === clip.name)?.variants.at(-1)
      expect(hypotheses.map(({ tokens }) => tokens)).toEqual(wanted?.beam5_pinned_rules.map(({ ids }) => ids))
    }
  })

  test('appends examples to the prompt', async () => {
    const wanted = goldenJson<{ prompt: string; beam5_current_rules: Hypothesis[]; greedy: Hypothesis }>(
      'spamo-tiny.expected/end_to_end_in_context_first_clip.json',
    )
    const examples = wanted.prompt.replace('Translate the given sentence into German. ', '')
    const { hypotheses } = await pipeline.translate(fromFeatures('clip_a'), { signal, examples })
    expect(hypotheses[0]).toMatchObject({
      text: wanted.beam5_current_rules[0]?.text,
      tokens: wanted.beam5_current_rules[0]?.ids,
    })
  })
})
