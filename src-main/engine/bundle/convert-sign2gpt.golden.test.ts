import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { writeModel } from '../graph/onnx-file.ts'
import { buildPrototypeHead } from '../graph/prototype-head.ts'
import { Sessions } from '../pipelines/sessions.ts'
import { openSign2gpt } from '../pipelines/sign2gpt.ts'
import { float32, int64 } from '../pipelines/tensors.ts'
import { difference, temporaryFolder } from '../testing/golden.ts'
import {
  CHECKPOINTS,
  hasSign2gpt,
  PARTS,
  SIGN2GPT,
  sign2gptArray,
  sign2gptJson,
} from '../testing/sign2gpt-golden.ts'
import { openWeights } from '../weights/open-weights.ts'
import { StrictWeights, under } from '../weights/strict.ts'
import { convertFromFolders } from './convert-folders.ts'
import { type ConvertSign2gptOptions, convertSign2gpt } from './convert-sign2gpt.ts'
import { inspectSources } from './inspect-sources.ts'
import { assertSound, openBundle } from './open-bundle.ts'
import { chosenCheckpoints } from './part-of-file.ts'

const card = { name: 'tiny' }
const { stage1, stage2, lean } = CHECKPOINTS
const inSet = (path: string) => join(SIGN2GPT, path)

async function refusal(work: () => unknown): Promise<AppError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('not refused')
}

describe.skipIf(!hasSign2gpt)('conversion of a Sign2GPT model', () => {
  const folder = temporaryFolder()
  const dir = (name: string) => join(folder.path, name)
  const convert = (name: string, options: Omit<ConvertSign2gptOptions, 'outDir' | 'precision' | 'card'>) =>
    convertSign2gpt({ ...PARTS, ...options, outDir: dir(name), precision: 'fp32', card })
  beforeAll(async () => {
    await convert('translates', { stage2 })
  }, 60_000)
  afterAll(() => folder[Symbol.dispose]())

  /** Logits of the step graph for each token of a sentence, one step after the other. */
  async function logitsOf(
    bundle: string,
    tokens: readonly number[],
    cells: { data: Float32Array; shape: number[] },
  ) {
    const sessions = new Sessions(dir(bundle), { device: 'cpu', threads: 2 })
    const { language } = openBundle(dir(bundle)).manifest as { language: { layers: number; model: number } }
    const layers = Array.from({ length: language.layers }, (_, layer) => layer)
    const names = (prefix: string) =>
      layers.flatMap(layer => [`${prefix}_k_${layer}`, `${prefix}_v_${layer}`])
    const [count = 0] = cells.shape
    const feeds = { cells: new Tensor('float32', cells.data, [1, ...cells.shape]) }
    const cross = await sessions.run('sight', feeds, names('cross'))
    const pools = new Map(names('past').map(name => [name, [] as number[]]))
    const logits: number[] = []
    for (const [place, token] of tokens.entries()) {
      const past = [...pools].map(([name, values]) => {
        const rows = Math.max(1, values.length / language.model)
        const data = values.length > 0 ? values : Array.from({ length: language.model }, () => 0)
        return [name, new Tensor('float32', Float32Array.from(data), [rows, language.model])]
      })
      const step = await sessions.run(
        'step',
        {
          ids: int64([1, 1], [token]),
          rows: int64([1, place], [...tokens.slice(0, place).keys()]),
          top: int64([1], [1]),
          mask: int64(
            [1, count],
            Array.from({ length: count }, () => 1),
          ),
          ...cross,
          ...Object.fromEntries(past),
        },
        ['logits', ...names('fresh')],
      )
      for (const [name, values] of pools) values.push(...float32(step[name.replace('past', 'fresh')]))
      logits.push(...float32(step['logits']))
    }
    await sessions.releaseAllBut([])
    return Float32Array.from(logits)
  }

  const clipA = () => sign2gptArray('prototype-head/clip_a_Z.npy')
  const tokensOfA = () => {
    const { clips } = sign2gptJson<{ clips: { ids: number[] }[] }>('stage2.expected/teacher_forced.json')
    return [2, ...(clips[0]?.ids ?? [])]
  }
  const expectLogits = (ours: Float32Array, file: string) => {
    const { data, shape } = sign2gptArray(`stage2.expected/${file}`)
    const rows = Math.min(shape[0] ?? 0, ours.length / (shape[1] ?? 1))
    expect(rows).toBeGreaterThan(8)
    const size = rows * (shape[1] ?? 0)
    expect(difference(ours.subarray(0, size), data.subarray(0, size)).maxAbs).toBeLessThan(2e-3)
  }

  test('LoRA follows alpha, and that of the output does not', async () => {
    const settings = sign2gptJson<object>('stage2/config.json')
    await convert('doubled', { stage2, config: { ...settings, lm_lora_alpha: 8 } })
    expectLogits(await logitsOf('doubled', tokensOfA(), clipA()), 'logits_clip_a_alpha_doubled.npy')
  })

  test('adapters alone with the public weights', async () => {
    const manifest = await convert('lean', { stage2: lean, config: inSet('stage2/config.json') })
    expect(manifest.provenance.sources.map(({ part }) => part)).toEqual([
      'stage2',
      'dinov2',
      'xglm',
      'vocabulary',
    ])
    expectLogits(await logitsOf('lean', tokensOfA(), clipA()), 'logits_clip_a_lean_f16_base.npy')
  })

  test('a prompt is given, not searched, and not part of the text', async () => {
    const settings = sign2gptJson<object>('stage2/config.json')
    await convert('prompt', { stage2, config: { ...settings, pretext: 'morgen', length_rule: 'current' } })
    const pipeline = await openSign2gpt(dir('prompt'), { device: 'cpu', threads: 2 })
    const zstar = sign2gptArray('dinov2-tiny/expected/zstar_clip_a_resize.npy')
    const [rows = 0, width = 0] = zstar.shape
    const { hypotheses } = await pipeline.translate(
      { data: zstar.data, shape: [rows, width] },
      { signal: new AbortController().signal },
    )
    await pipeline.release()
    interface Expected {
      name: string
      generations: { beam4_current_rules: { ids: number[]; text: string; score: number }[] }[]
    }
    const all = sign2gptJson<Expected[]>('stage2.expected/generation.json')
    const [expected] = all.find(({ name }) => name === 'clip_a_with_prompt_morgen')?.generations ?? []
    expect(hypotheses.map(({ tokens, text }) => ({ ids: tokens, text }))).toEqual(
      expected?.beam4_current_rules.map(({ ids, text }) => ({ ids, text })),
    )
    for (const [rank, { score }] of hypotheses.entries())
      expect(score).toBeCloseTo(expected?.beam4_current_rules[rank]?.score ?? NaN, 4)
  })

  test.each([7, 8, 55, 64, 512])('rotary tables as trained, %i rows', async length => {
    const settings = sign2gptJson<object>('stage1/config.json')
    if (length === 7) await convert('as-trained', { stage1, config: { ...settings, rotary: 'as-trained' } })
    const pipeline = await openSign2gpt(dir('as-trained'), { device: 'cpu', threads: 2 })
    const { data, shape } = sign2gptArray(`sign-encoder/zstar_L${length}.npy`)
    const cells = await pipeline.cells({ data, shape: [shape[0] ?? 0, shape[1] ?? 0] })
    await pipeline.release()
    const expected = sign2gptArray(`sign-encoder/bf16_rotary_Z_L${length}.npy`)
    expect(difference(cells.data, expected.data).maxAbs).toBeLessThan(5e-4)
  })

  test('one stage alone does one thing, and says what it cannot do', async () => {
    await convert('localises', { stage1 })
    const { manifest } = openBundle(dir('localises'))
    expect(manifest).toMatchObject({ kind: 'sign2gpt', prototypes: { count: 75, width: 300 } })
    const signal = new AbortController().signal
    const zstar = { data: new Float32Array(64), shape: [1, 64] as [number, number] }
    const one = await openSign2gpt(dir('localises'), { device: 'cpu', threads: 1 })
    const two = await openSign2gpt(dir('translates'), { device: 'cpu', threads: 1 })
    expect((await refusal(() => one.translate(zstar, { signal }))).message).toContain('does not translate')
    expect((await refusal(() => two.localise(zstar, null))).message).toContain('does not localise')
    await assertSound(openBundle(dir('translates')))
  })

  test('a bundle in eight bits is close enough, and the manifest says how close', async () => {
    const options = { ...PARTS, stage1, stage2, outDir: dir('int8'), card }
    const manifest = await convertSign2gpt({ ...options, precision: 'int8' })
    expect(manifest.spatial.storageCosine).toBeGreaterThan(0.999)
    expect(manifest.language?.storage).toBe('block8')
    await convertSign2gpt({ ...options, outDir: dir('fp16'), precision: 'fp16' })
    expect(await logitsOf('int8', tokensOfA(), clipA())).toHaveLength(243 * tokensOfA().length)
    const half = await logitsOf('fp16', tokensOfA(), clipA())
    const exact = await logitsOf('translates', tokensOfA(), clipA())
    expect(difference(half, exact, 243).cosine).toBeGreaterThan(0.9999)
  })

  test('finds the parts in folders, in any order, and says what is missing', async () => {
    const sources = [inSet('xglm-tiny'), inSet('vocabulary/processed_words.phx_pkl'), stage2, inSet('stage1')]
    const found = inspectSources(sources)
    expect([found.kind, found.problem]).toEqual(['sign2gpt', null])
    expect(found.parts.map(({ id, path, isNeeded }) => [id, path !== null, isNeeded])).toEqual([
      ['stage1', true, true],
      ['stage2', true, true],
      ['dinov2', false, false],
      ['xglm', true, true],
      ['vocabulary', true, true],
      ['replacement', false, false],
    ])
    const manifest = await convertFromFolders({ sources, outDir: dir('found'), precision: 'fp32' })
    expect(manifest.kind).toBe('sign2gpt')
    expect(inspectSources([stage1]).problem?.message).toContain('processed_words')
    expect(inspectSources([stage2]).problem?.message).toContain('XGLM')
    const adapters = [lean, inSet('xglm-tiny')]
    expect(inspectSources(adapters).problem?.message).toContain('DINOv2')
    expect(inspectSources([...adapters, inSet('dinov2-tiny')]).problem).toBeNull()
  })

  test('takes the best checkpoint by its name, else the newest', () => {
    interface Case {
      files: string[]
      best: { file: string } | null
      latest: string | null
    }
    for (const { files, best, latest } of sign2gptJson<Case[]>('ckpt-cases/file_names.json')) {
      const expected = best?.file ?? latest
      if (expected !== null) expect([...chosenCheckpoints(files)]).toEqual([expected])
    }
  })

  test('a second stage that went on training the sign model is no part of one bundle', async () => {
    const name = 'sign_model.encoder.network_block.network.0.0.norm1.bias'
    const bytes = readFileSync(stage1)
    using store = openWeights(stage1)
    const tensor = Buffer.from(store.tensors.get(name)?.readBytes() ?? [])
    bytes.writeFloatLE(0.5, bytes.indexOf(tensor))
    writeFileSync(dir('other.pt'), bytes)
    const { code, message } = await refusal(() => convert('mixed', { stage1: dir('other.pt'), stage2 }))
    expect(code).toBe('conflict')
    expect(message).toContain(`${name} differs`)
  })

  test('pseudo-glosses of another training are refused with both numbers', async () => {
    const fewer = inSet('ckpt-cases/head_one_prototype_fewer.pt')
    const { message } = await refusal(() => convert('fewer', { stage1: fewer, stage2 }))
    expect(message).toMatch(/74 prototypes and .* 75 pseudo-glosses/)
  })

  describe('heads', () => {
    async function matrixE(file: string): Promise<Float32Array> {
      using store = openWeights(inSet(`ckpt-cases/${file}`))
      const weights = new StrictWeights(store)
      const [, glosses = 0] = weights.shapeOf('post_model.vocab_embedding') ?? []
      const [width = 0, cells = 0] = weights.shapeOf('post_model.fc_hidden.weight') ?? []
      const sizes = { cells, width, glosses, temperatures: [0.01, 1] as const }
      const graph = buildPrototypeHead(under(weights, 'post_model.'), sizes, 'fp32')
      weights.finish()
      const place = dir(file.replace('.', '-'))
      mkdirSync(place)
      await writeModel(graph, place)
      const sessions = new Sessions(place, { device: 'cpu', threads: 1 })
      const { data, shape } = sign2gptArray('prototype-head/clip_b_Z.npy')
      const { E } = await sessions.run('head', { cells: new Tensor('float32', data, [1, ...shape]) }, ['E'])
      await sessions.releaseAllBut([])
      return float32(E)
    }

    test.each([
      ['head_scalar_temperatures.pt', 'ckpt-cases/head_scalar_temperatures_clip_b_E.npy'],
      ['head_one_zero_prototype.pt', 'ckpt-cases/head_one_zero_prototype_clip_b_E.npy'],
    ])('%s', async (file, expected) => {
      expect(difference(await matrixE(file), sign2gptArray(expected).data).maxAbs).toBeLessThan(3e-4)
    })

    test.each([
      ['head_nan.pt', 'fc_hidden.weight'],
      ['head_missing_bias.pt', 'post_model.fc_hidden.bias'],
      ['no_model_key.pt', "neither 'state_dict' nor 'model'"],
      ['os_system_in_model.pt', 'posix.system'],
      ['os_system_in_optimizer.pt', 'posix.system'],
      ['truncated.pt', 'truncated.pt'],
    ])('%s is refused by name', async (file, words) => {
      expect((await refusal(() => matrixE(file))).message).toContain(words)
    })

    test('names from inside DistributedDataParallel are refused with the remedy', async () => {
      const { message } = await refusal(() => inspectSources([inSet('ckpt-cases/head_ddp_prefix.pt')]))
      expect(message).toContain('model.module.state_dict()')
    })
  })
})
