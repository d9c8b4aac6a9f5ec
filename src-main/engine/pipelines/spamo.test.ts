import { join } from 'node:path'
import { expect, test } from 'vitest'
import { convertSpamo } from '../bundle/convert-spamo.ts'
import { difference, inBatches, temporaryFolder } from '../testing/golden.ts'
import { clipFeatures, t5Logits, videoMaeFeatures, visualTokens } from '../testing/reference-models.ts'
import { matrixOf, softmax } from '../testing/reference.ts'
import { SIZES, generator, writeSeededModel } from '../testing/seeded-model.ts'
import { Preprocessor } from './preprocess.ts'
import { type FrameBatch, openSpamo } from './spamo.ts'

const signal = new AbortController().signal
const wants = { spatial: true, motion: true }
const quiet = { signal, onFrames: () => {} }

async function setup() {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder())
  const model = writeSeededModel(folder.path)
  const manifest = await convertSpamo({
    ...model,
    outDir: join(folder.path, 'bundle'),
    precision: 'fp32',
    card: { name: 'seeded' },
  })
  const pipeline = await openSpamo(join(folder.path, 'bundle'), { device: 'cpu', threads: 1 })
  stack.defer(() => pipeline.release())
  return { model, manifest, pipeline, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Frames of 20 x 24 px whose bytes depend on everything. */
function clip(count: number): FrameBatch {
  const random = generator(7)
  const pixels = Uint8Array.from({ length: count * 20 * 24 * 3 }, () => 128 + Math.trunc(120 * random()))
  return { pixels, count, width: 20, height: 24 }
}

async function features(pipeline: Awaited<ReturnType<typeof openSpamo>>, frames: FrameBatch, batch = 5) {
  const { spatial, motion } = await pipeline.extract(inBatches(frames, batch), wants, quiet)
  if (!spatial || !motion) throw new Error('both were wanted')
  return { spatial, motion }
}

test('computes spatial features as the plain loops do', async () => {
  await using context = await setup()
  const frames = clip(3)
  const pictures = new Preprocessor(context.manifest.spatial.preprocessing).run(frames)
  const expected = matrixOf(pictures, 3).flatMap(picture =>
    clipFeatures(context.model.clip, Float32Array.from(picture)),
  )
  expect(difference(await context.pipeline.spatial(frames), Float32Array.from(expected)).maxAbs).toBeLessThan(
    1e-5,
  )
})

test('computes motion features as the plain loops do', async () => {
  await using context = await setup()
  const frames = clip(16)
  const window = new Preprocessor(context.manifest.motion.preprocessing).run(frames)
  const expected = Float32Array.from(videoMaeFeatures(context.model.videomae, window))
  expect(difference(await context.pipeline.motion(frames), expected).maxAbs).toBeLessThan(1e-5)
})

test.each([
  [40, 8],
  [17, 1],
  [9, 1],
])('gives a clip of %d frames its visual tokens', async (count, tokens) => {
  await using context = await setup()
  const extracted = await features(context.pipeline, clip(count))
  const { data, shape } = await context.pipeline.visualTokens(extracted)
  const expected = visualTokens(
    context.model.spamo,
    matrixOf(extracted.spatial.data, extracted.spatial.shape[0]),
    matrixOf(extracted.motion.data, extracted.motion.shape[0]),
  )
  expect(shape).toEqual([tokens, SIZES.T5.model])
  expect(difference(data, Float32Array.from(expected.flat())).maxAbs).toBeLessThan(1e-5)
})

test('decodes with its cache what a computation from scratch would choose', async () => {
  await using context = await setup()
  const extracted = await features(context.pipeline, clip(40))
  const { hypotheses } = await context.pipeline.translate(extracted, { signal, beams: 1, maxLength: 12 })
  const { data, shape } = await context.pipeline.visualTokens(extracted)
  const table = matrixOf(
    context.model.spamo['t5_model.base_model.model.shared.weight']?.data ?? [],
    SIZES.T5.vocabulary,
  )
  const prompt = promptIds('Translate the given sentence into German.')
  const embeds = [...matrixOf(data, shape[0]), ...prompt.map(id => table[id] ?? [])]
  const tokens = [0]
  let sum = 0
  while (tokens.length < 12 && tokens.at(-1) !== 1) {
    const probabilities = softmax(t5Logits(context.model.spamo, embeds, tokens, 2))
    const best = probabilities.indexOf(Math.max(...probabilities))
    sum += Math.log(probabilities[best] ?? 0)
    tokens.push(best)
  }
  expect(hypotheses[0]?.tokens).toEqual(tokens)
  const length = tokens.at(-1) === 1 ? tokens.length - 1 : tokens.length
  expect(hypotheses[0]?.score).toBeCloseTo(sum / length, 4)
})

/** Ids of the seeded tokenizer: special tokens, a space, letters. */
function promptIds(text: string): number[] {
  const letters = ['▁', ...'abcdefghijklmnopqrstuvwxyz.GT']
  return [...` ${text}`].map(letter => 3 + letters.indexOf(letter === ' ' ? '▁' : letter)).concat(1)
}

test('gives the same features however the frames arrive', async () => {
  await using context = await setup()
  const [one, many] = [
    await features(context.pipeline, clip(37), 1),
    await features(context.pipeline, clip(37), 37),
  ]
  expect([one.spatial.shape, one.motion.shape]).toEqual([
    [37, 32],
    [3, 12],
  ])
  expect(difference(one.spatial.data, many.spatial.data).maxAbs).toBeLessThan(1e-6)
  expect(difference(one.motion.data, many.motion.data).maxAbs).toBe(0)
})

test('computes only what is wanted', async () => {
  await using context = await setup()
  const result = await context.pipeline.extract(
    inBatches(clip(20), 5),
    { spatial: false, motion: true },
    quiet,
  )
  expect([result.spatial, result.motion?.shape]).toEqual([undefined, [1, 12]])
})

const SAMPLING = { temperature: 1, topK: 0, topP: 1 }
test.each([
  ['searched', [{}, { examples: 'x y' }, {}, {}]],
  ['sampled', ['a', 'b', 'c', 'd'].map(seed => ({ sampling: { ...SAMPLING, seed } }))],
])('clips of different lengths, %s together, are translated as each alone', async (_how, options) => {
  await using context = await setup()
  const clips = []
  for (const [at, count] of [40, 17, 25, 9].entries())
    clips.push({
      features: await features(context.pipeline, clip(count)),
      options: { signal, beams: 3, maxLength: 9, ...options[at] },
    })

  const together = await context.pipeline.translateAll(clips)

  for (const [at, own] of clips.entries()) {
    const alone = await context.pipeline.translate(own.features, own.options)
    const { hypotheses, geometry, pseudoGlosses, tooShort } = alone
    expect(together[at]).toMatchObject({ geometry, pseudoGlosses, tooShort })
    expect(together[at]?.hypotheses.map(({ tokens }) => tokens)).toEqual(
      hypotheses.map(({ tokens }) => tokens),
    )
    const [one, many] = [alone, together[at]].map(each =>
      Float32Array.from(each?.hypotheses.flatMap(({ score, attention }) => [score, ...attention]) ?? []),
    )
    expect(difference(many ?? new Float32Array(), one ?? new Float32Array()).maxAbs).toBeLessThan(1e-5)
  }
})

test('marks a clip that is too short for the adapter', async () => {
  await using context = await setup()
  const marks = await Promise.all(
    [9, 15].map(
      async count =>
        (
          await context.pipeline.translate(await features(context.pipeline, clip(count)), {
            signal,
            maxLength: 4,
          })
        ).tooShort,
    ),
  )
  expect(marks).toEqual([true, false])
})

test('stops between two batches when cancelled, and asks the decoder to stop too', async () => {
  await using context = await setup()
  const abort = new AbortController()
  let isClosed = false
  async function* frames() {
    try {
      for (;;) yield clip(2)
    } finally {
      isClosed = true
    }
  }
  const counts: number[] = []
  const onFrames = (done: number) => {
    counts.push(done)
    if (done === 6) abort.abort()
  }
  await expect(context.pipeline.extract(frames(), wants, { signal: abort.signal, onFrames })).rejects.toThrow(
    'aborted',
  )
  expect([counts, isClosed]).toEqual([[2, 4, 6], true])
})

test('refuses an empty clip and features of another model, in words', async () => {
  await using context = await setup()
  await expect(context.pipeline.extract(inBatches(clip(0), 1), wants, quiet)).rejects.toThrow(
    'The clip has no frames.',
  )
  const foreign = { data: new Float32Array(20), shape: [2, 10] as [number, number] }
  await expect(context.pipeline.translate({ spatial: foreign, motion: foreign }, { signal })).rejects.toThrow(
    'spatial features of width 32',
  )
})

test('fingerprints change with the weights and not with the name', async () => {
  using folder = temporaryFolder()
  const prints = []
  for (const [name, seed] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const) {
    const model = writeSeededModel(join(folder.path, `${name}-sources`), seed)
    await convertSpamo({ ...model, outDir: join(folder.path, name), precision: 'fp16', card: { name } })
    prints.push((await openSpamo(join(folder.path, name), { device: 'cpu', threads: 1 })).fingerprints)
  }
  expect(prints[0]).toEqual(prints[1])
  expect(prints[0]?.spatial).not.toBe(prints[2]?.spatial)
  expect(prints[0]?.motion).not.toBe(prints[2]?.motion)
})
