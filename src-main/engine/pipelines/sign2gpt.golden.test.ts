import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convertSign2gpt } from '../bundle/convert-sign2gpt.ts'
import { difference, inBatches, temporaryFolder } from '../testing/golden.ts'
import {
  CHECKPOINTS,
  hasSign2gpt,
  PARTS,
  sign2gptArray,
  sign2gptFrames,
  sign2gptJson,
} from '../testing/sign2gpt-golden.ts'
import { Sessions } from './sessions.ts'
import { openSign2gpt, type Sign2gptPipeline } from './sign2gpt.ts'
import { float32 } from './tensors.ts'

interface Searched {
  ids: number[]
  text: string
  score: number
}
interface Generation {
  name: string
  generations: {
    max_length: number
    greedy: { ids: number[]; text: string }
    beam4_current_rules: Searched[]
    beam4_pinned_rules?: Searched[]
  }[]
}
interface EndToEnd {
  clip: string
  selected: number
  cells: number
  text: string
  text_centre_crop: string
  pseudo_glosses: string[]
}

const signal = new AbortController().signal
const options = { signal, onFrames: () => undefined }
const CLIPS = ['clip_a', 'clip_b', 'clip_c']
const matrix = ({ data, shape: [rows = 0, width = 0] }: { data: Float32Array; shape: number[] }) => ({
  data,
  shape: [rows, width] as [number, number],
})

describe.skipIf(!hasSign2gpt)('Sign2GPT against the numbers of the original', () => {
  const folder = temporaryFolder()
  const dir = (name: string) => join(folder.path, name)
  const pipelines: Record<string, Sign2gptPipeline> = {}
  const both = () => pipelines['both'] as Sign2gptPipeline
  const cropped = () => pipelines['crop'] as Sign2gptPipeline

  beforeAll(async () => {
    const stages = { ...PARTS, stage1: CHECKPOINTS.stage1, stage2: CHECKPOINTS.stage2 }
    const settings = sign2gptJson<{ stage1: object }>('stage2/config.json')
    const card = { name: 'tiny', textLanguages: ['de'] }
    const crop = { ...settings, stage1: { ...settings.stage1, fit: 'crop' } }
    await convertSign2gpt({ ...stages, outDir: dir('both'), precision: 'fp32', card })
    await convertSign2gpt({ ...stages, config: crop, outDir: dir('crop'), precision: 'fp32', card })
    for (const name of ['both', 'crop'])
      pipelines[name] = await openSign2gpt(dir(name), { device: 'cpu', threads: 2 })
  }, 120_000)
  afterAll(async () => {
    for (const pipeline of Object.values(pipelines)) await pipeline.release()
    folder[Symbol.dispose]()
  })

  test.each(CLIPS.flatMap(clip => ['resize', 'crop'].map(fit => [clip, fit] as const)))(
    'frames of %s by %s become the same Z*',
    async (clip, fit) => {
      const pipeline = fit === 'resize' ? both() : cropped()
      const { zstar } = await pipeline.extract(inBatches(sign2gptFrames(clip), 7), options)
      const expected = sign2gptArray(`dinov2-tiny/expected/zstar_${clip}_${fit}.npy`)
      expect(zstar.shape).toEqual(expected.shape)
      expect(difference(zstar.data, expected.data, expected.shape[1]).maxAbs).toBeLessThan(3e-4)
    },
  )

  test.each([1, 2, 3, 7, 8, 55, 64, 512])('%i rows of Z* become the same cells', async length => {
    const cells = await both().cells(matrix(sign2gptArray(`sign-encoder/zstar_L${length}.npy`)))
    const expected = sign2gptArray(`sign-encoder/Z_L${length}.npy`)
    expect(cells.shape).toEqual(expected.shape)
    expect(difference(cells.data, expected.data).maxAbs).toBeLessThan(5e-4)
  })

  test.each(CLIPS)('E, A and cosine of %s', async clip => {
    const { pseudo_glosses: words = [] } =
      sign2gptJson<EndToEnd[]>('end_to_end.json').find(each => each.clip === clip) ?? ({} as EndToEnd)
    const { dict_lem_to_id: known } = sign2gptJson<{ dict_lem_to_id: Record<string, number> }>(
      'vocabulary/processed_words.phx.json',
    )
    const ids = words.map(word => known[word] ?? -1)
    const { zstar } = await both().extract(inBatches(sign2gptFrames(clip), 16), options)
    const found = await both().localise(zstar, [...words, 'kein-wort', words[0] ?? ''])
    expect([found.glosses, found.unknown]).toEqual([words, ['kein-wort']])
    for (const [ours, file] of [
      [found.E, 'E'],
      [found.A, 'A'],
      [found.cosine, 's'],
    ] as const) {
      const expected = sign2gptArray(`prototype-head/${clip}_${file}.npy`)
      const width = expected.shape[1] ?? 0
      const columns = Float32Array.from(ours, (_, at) => {
        const cell = Math.floor(at / ids.length)
        return expected.data[cell * width + (ids[at % ids.length] ?? 0)] ?? NaN
      })
      expect(difference(ours, columns).maxAbs).toBeLessThan(3e-4)
    }
    const presence = sign2gptArray(`prototype-head/${clip}_presence.npy`).data
    const theirs = Float32Array.from(ids, id => presence[id] ?? NaN)
    expect(difference(found.presence, theirs).maxAbs).toBeLessThan(3e-4)
  })

  test.each(CLIPS)('the frames of %s become the same sentences, all beams', async clip => {
    const { zstar } = await both().extract(inBatches(sign2gptFrames(clip), 16), options)
    const expected = sign2gptJson<EndToEnd[]>('end_to_end.json').find(each => each.clip === clip)
    const found = await both().translate(zstar, { signal })
    expect([found.rows, found.cells, found.hypotheses[0]?.text]).toEqual([
      expected?.selected,
      expected?.cells,
      expected?.text,
    ])
    const crop = await cropped().extract(inBatches(sign2gptFrames(clip), 16), options)
    const [other] = (await cropped().translate(crop.zstar, { signal, nBest: 1 })).hypotheses
    expect(other?.text).toBe(expected?.text_centre_crop)
    await expectGenerations(clip, (lengthRule, beams, maxLength) =>
      both().translate(zstar, { signal, lengthRule, beams, maxLength }),
    )
  })

  test('cross-attention, weighted by the gates', async () => {
    const { zstar } = await both().extract(inBatches(sign2gptFrames('clip_b'), 16), options)
    const [best] = (await both().translate(zstar, { signal })).hypotheses
    const expected = sign2gptArray('stage2.expected/cross_attention_gate_weighted_clip_b.npy')
    const [generated = new Float32Array(), cells = 1] = [best?.attention, expected.shape[1]]
    const rows = Math.min(generated.length / cells, expected.shape[0] ?? 0)
    expect(rows).toBeGreaterThan(5)
    const ours = generated.subarray(0, rows * cells)
    expect(difference(ours, expected.data.subarray(0, rows * cells)).maxAbs).toBeLessThan(2e-4)
  })

  test.each(['u_clip_a', 'u_clip_b', 'u_clip_c', 'random_28_u', 'random_120_u'])(
    'the rows for the decoder, %s',
    async name => {
      const file = name.startsWith('u_')
        ? `prototype-head/${name.slice(2)}_Z.npy`
        : `stage2.expected/${name.replace(/u$/, 'Z')}.npy`
      const sessions = new Sessions(dir('both'), { device: 'cpu', threads: 2 })
      const { data, shape } = sign2gptArray(file)
      const { rows } = await sessions.run('sight', { cells: new Tensor('float32', data, [1, ...shape]) }, [
        'rows',
      ])
      await sessions.releaseAllBut([])
      const expected = sign2gptArray(`stage2.expected/${name}.npy`)
      expect(difference(float32(rows), expected.data).maxAbs).toBeLessThan(1e-3)
    },
  )

  async function expectGenerations(
    name: string,
    translate: (
      rule: 'pinned' | 'current',
      beams: number,
      maxLength: number,
    ) => Promise<{ hypotheses: { tokens: number[]; score: number; text: string }[] }>,
  ): Promise<void> {
    const { generations = [] } =
      sign2gptJson<Generation[]>('stage2.expected/generation.json').find(each => each.name === name) ?? {}
    expect(generations.length).toBeGreaterThan(0)
    for (const { max_length: maxLength, greedy, ...searched } of generations) {
      const single = await translate('pinned', 1, maxLength)
      expect(single.hypotheses[0]).toMatchObject({ tokens: greedy.ids, text: greedy.text })
      for (const rule of ['pinned', 'current'] as const) {
        const { hypotheses } = await translate(rule, 4, maxLength)
        const expected = searched[`beam4_${rule}_rules`] ?? []
        expect(hypotheses.map(({ tokens, text }) => ({ tokens, text }))).toEqual(
          expected.map(({ ids, text }) => ({ tokens: ids, text })),
        )
        for (const [rank, { score }] of hypotheses.entries())
          expect(Math.abs(score - (expected[rank]?.score ?? NaN))).toBeLessThan(1e-4)
      }
    }
  }
})
