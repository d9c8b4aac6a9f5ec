import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { openSpamo } from '../pipelines/spamo.ts'
import { GOLDEN, goldenArray, goldenJson, hasGolden, temporaryFolder } from '../testing/golden.ts'
import { type ConvertSpamoOptions as ConvertOptions, convertSpamo } from './convert-spamo.ts'
import { MANIFEST_NAME } from './manifest.ts'
import { assertSound, openBundle } from './open-bundle.ts'

const signal = new AbortController().signal

function options(outDir: string, changes: Partial<ConvertOptions> = {}): ConvertOptions {
  return {
    clipDir: join(GOLDEN, 'clip-tiny'),
    videomaeDir: join(GOLDEN, 'videomae-tiny'),
    t5Dir: join(GOLDEN, 't5-tiny'),
    checkpoint: join(GOLDEN, 'spamo-tiny.ckpt'),
    config: join(GOLDEN, 'spamo-tiny.config.json'),
    outDir,
    precision: 'fp32',
    card: { name: 'tiny', warning: 'knows nothing' },
    ...changes,
  }
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw new Error(`not refused as expected: ${String(error)}`)
}

describe.skipIf(!hasGolden)('conversion of a SpaMo model', () => {
  test('gives the same bundle twice, sound, with provenance', async () => {
    using folder = temporaryFolder()
    const [one, two] = [join(folder.path, 'one'), join(folder.path, 'two')]
    const manifest = await convertSpamo(options(one))
    await convertSpamo(options(two))
    expect(readFileSync(join(one, MANIFEST_NAME), 'utf8')).toBe(
      readFileSync(join(two, MANIFEST_NAME), 'utf8'),
    )
    const bundle = openBundle(one)
    await assertSound(bundle)
    expect(bundle.manifest).toEqual(manifest)
    expect(manifest).toMatchObject({
      kind: 'spamo',
      spatial: { dim: 128, scales: [1, 2], preprocessing: { edge: 224, crop: 224, resample: 'bicubic' } },
      motion: { dim: 64, window: 16, stride: 8, preprocessing: { resample: 'bilinear' } },
      t5: { model: 64, vocabulary: 452, maxPromptTokens: 512 },
      generation: { language: 'German' },
      provenance: { checkpoint: { epoch: 95, globalStep: 42624 }, loraScale: 2 },
    })
  })

  test('finds a damaged or missing file and says what to do', async () => {
    using folder = temporaryFolder()
    const dir = join(folder.path, 'model')
    await convertSpamo(options(dir))
    const path = join(dir, 'motion.onnx.data')
    const bytes = readFileSync(path)
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    writeFileSync(path, bytes)
    const checks = await openBundle(dir).verify()
    expect(checks.filter(check => !check.isSound)).toEqual([
      { file: 'motion.onnx.data', isSound: false, problem: 'has other content than when the model was made' },
    ])
    writeFileSync(path, bytes.subarray(1))
    expect(() => openBundle(dir)).toThrow(
      `motion.onnx.data has ${bytes.length - 1} bytes instead of ${bytes.length}. Copy it again from its source, or convert it again.`,
    )
  })

  test.each([
    ['strict_missing_key', "lacks the tensor 'fusion_proj.2.bias'"],
    ['strict_wrong_shape', "has 'fusion_proj.2.bias' of shape [63] where [64] is needed"],
    ['strict_unexpected_key', 'unexpected.weight'],
    ['nan_weight', "NaN at position 0 of 'spatio_proj.weight'"],
    ['os_system', 'posix.system'],
    ['truncated', 'cut off'],
  ])('refuses the checkpoint %s and leaves nothing behind', async (name, message) => {
    using folder = temporaryFolder()
    const error = await refusal(
      convertSpamo(
        options(join(folder.path, 'model'), { checkpoint: join(GOLDEN, 'ckpt-cases', `${name}.ckpt`) }),
      ),
    )
    expect(error.message).toContain(message)
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('never writes over a folder that holds something', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'model'))
    writeFileSync(join(folder.path, 'model/mine.txt'), 'mine')
    const error = await refusal(convertSpamo(options(join(folder.path, 'model'))))
    expect([error.code, readdirSync(join(folder.path, 'model'))]).toEqual(['conflict', ['mine.txt']])
  })

  test('says which parts do not belong together', async () => {
    using folder = temporaryFolder()
    const error = await refusal(
      convertSpamo(options(join(folder.path, 'model'), { videomaeDir: join(GOLDEN, 'clip-tiny') })),
    )
    expect(error.message).toContain('config.json does not describe a supported model')
  })

  test('keeps best text and tokens with weights stored in 16 bits', async () => {
    using folder = temporaryFolder()
    const dir = join(folder.path, 'model')
    const manifest = await convertSpamo(options(dir, { precision: 'fp16' }))
    const pipeline = await openSpamo(dir, { device: 'cpu', threads: 1 })
    const matrix = (path: string) => {
      const { data, shape } = goldenArray(path)
      return { data, shape: shape as [number, number] }
    }
    const { clips } = goldenJson<{
      clips: { clip: string; variants: { beam5_pinned_rules: { text: string }[] }[] }[]
    }>('spamo-tiny.expected/end_to_end.json')
    for (const { clip, variants } of clips) {
      const features = {
        spatial: matrix(`clip-tiny/expected/spatial_s2_${clip}.npy`),
        motion: matrix(`videomae-tiny/expected/motion_${clip}.npy`),
      }
      const { hypotheses } = await pipeline.translate(features, { signal })
      expect(hypotheses[0]?.text).toBe(variants.at(-1)?.beam5_pinned_rules[0]?.text)
    }
    await pipeline.release()
    expect(manifest.precision).toBe('fp16')
  })
})
