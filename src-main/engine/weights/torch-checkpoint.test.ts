import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { GOLDEN, difference, goldenArray, goldenJson, hasGolden, temporaryFolder } from '../testing/golden.ts'
import { storedValues } from '../testing/stored-values.ts'
import { StrictWeights } from './strict.ts'
import { spamoT5Weights } from './t5-weights.ts'
import { readFloat32 } from './tensor.ts'
import { openTorchCheckpoint } from './torch-checkpoint.ts'

function refusal(path: string): AppError {
  try {
    using store = openTorchCheckpoint(path)
    for (const tensor of store.tensors.values()) tensor.readBytes()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`${path} was accepted`)
}

test('says what is wrong with a file that is no checkpoint', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'x.ckpt')
  const messages = ['', 'PK', 'hello', '\x80\x02}q\x00.'].map(content => {
    writeFileSync(path, content, 'latin1')
    return refusal(path).message.replace(path, 'FILE')
  })
  expect(messages).toEqual([
    'FILE is no PyTorch checkpoint (no zip file).',
    'FILE has no zip table of contents: it is cut off or no PyTorch checkpoint.',
    'FILE is no PyTorch checkpoint (no zip file).',
    'FILE is in the format that PyTorch wrote before 1.6. Load it in a current PyTorch and torch.save it again.',
  ])
})

describe.skipIf(!hasGolden)('checkpoints that PyTorch wrote', () => {
  const caseFile = (name: string) => join(GOLDEN, 'ckpt-cases', `${name}.ckpt`)

  test('reads views, scalars, empty tensors and every type', () => {
    using store = openTorchCheckpoint(caseFile('unusual_but_valid'))
    const expected = goldenJson<Record<string, { shape: number[]; values: (number | string)[] }>>(
      'ckpt-cases/unusual_but_valid.json',
    )
    for (const [name, { shape, values }] of Object.entries(expected)) {
      const tensor = store.tensors.get(name)
      expect({ name, shape: tensor?.shape, values: tensor && storedValues(tensor) }).toEqual({
        name,
        shape,
        values: values.map(Number),
      })
    }
  })

  test('reads a zip file without zip64 records', () => {
    using store = openTorchCheckpoint(caseFile('plain_zip32_stored'))
    const tensor = store.tensors.get('a')
    expect([tensor?.shape, tensor && [...readFloat32(tensor)]]).toEqual([
      [3, 4],
      Array.from({ length: 12 }, (_, i) => i),
    ])
  })

  test.each([
    ['deflated_members', 'compressed'],
    ['truncated', 'cut off'],
    ['legacy_non_zip_format', 'before 1.6'],
    ['not_a_zip', 'no PyTorch checkpoint'],
    ['empty', 'no PyTorch checkpoint'],
    ['missing_storage', "tensor 'a' has no data"],
    ['short_storage', 'are announced'],
    ['shape_exceeds_storage', 'needs more than'],
    ['no_state_dict', 'no checkpoint of a model'],
  ])('refuses %s', (name, message) => {
    const error = refusal(caseFile(name))
    expect(error.code).toBe('corrupt-file')
    expect(error.message).toContain(message)
  })

  test('refuses code by its name, without running it', () => {
    const error = refusal(caseFile('os_system'))
    expect([error.code, error.details['module'], error.details['name']]).toEqual([
      'unsafe-file',
      'posix',
      'system',
    ])
  })

  test('survives every truncation and a flip of any byte of the pickle', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'x.ckpt')
    const whole = readFileSync(caseFile('plain_zip32_stored'))
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length))
      expect(refusal(path).code).toBe('corrupt-file')
    }
    for (let at = 0; at < whole.length; at += 3) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x55
      writeFileSync(path, bytes)
      try {
        using store = openTorchCheckpoint(path)
        for (const tensor of store.tensors.values()) tensor.readBytes()
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    }
  })

  test('finds the 101 tensors of a SpaMo checkpoint, with shapes and norms', () => {
    using store = openTorchCheckpoint(join(GOLDEN, 'spamo-tiny.ckpt'))
    const keys =
      goldenJson<{ key: string; shape: number[]; dtype: string; l2: number }[]>('spamo-tiny.keys.json')
    expect([...store.tensors.values()].map(({ name, shape, dtype }) => ({ name, shape, dtype }))).toEqual(
      keys.map(({ key, shape, dtype }) => ({ name: key, shape, dtype })),
    )
    for (const { key, l2, dtype } of keys) {
      const tensor = store.tensors.get(key)
      if (!tensor || dtype === 'int64') continue
      expect(Math.hypot(...readFloat32(tensor))).toBeCloseTo(l2, 4)
    }
    expect(store.facts).toEqual({ epoch: 95, globalStep: 42624 })
  })

  test.each([
    ['encoder.block.1.layer.0.SelfAttention.q', 'merged_encoder_block1_q'],
    ['decoder.block.0.layer.1.EncDecAttention.v', 'merged_decoder_block0_cross_v'],
  ])('merges LoRA into %s', (name, file) => {
    using store = openTorchCheckpoint(join(GOLDEN, 'spamo-tiny.ckpt'))
    const expected = goldenArray(`spamo-tiny.expected/${file}.npy`)
    const merged = spamoT5Weights(new StrictWeights(store), 2).take(name, expected.shape).read()
    expect(difference(merged, expected.data).maxAbs).toBeLessThan(1e-6)
  })
})
