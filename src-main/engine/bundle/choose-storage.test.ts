import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSpamo } from '../pipelines/spamo.ts'
import { difference, temporaryFolder } from '../testing/golden.ts'
import { writeSafetensors } from '../testing/safetensors-writer.ts'
import { type SeededModel, writeSeededModel } from '../testing/seeded-model.ts'
import { syntheticFrames } from './check-frames.ts'
import { convertSpamo } from './convert-spamo.ts'
import type { PrecisionChoice } from './manifest.ts'

const convert = (model: SeededModel, outDir: string, precision: PrecisionChoice) =>
  convertSpamo({ ...model, outDir, precision, card: { name: 'seeded' } })

test.each(['int8', 'int4'] as const)(
  'an %s bundle translates and records how close its features are',
  async precision => {
    using folder = temporaryFolder()
    const model = writeSeededModel(folder.path)
    const manifest = await convert(model, join(folder.path, 'bundle'), precision)
    await convert(model, join(folder.path, 'plain'), 'fp32')
    const features = []
    for (const name of ['bundle', 'plain']) {
      const pipeline = await openSpamo(join(folder.path, name), { device: 'cpu', threads: 1 })
      const spatial = await pipeline.spatial(syntheticFrames(16))
      const motion = await pipeline.motion(syntheticFrames(16))
      const matrices = {
        spatial: { data: spatial, shape: [16, 32] as [number, number] },
        motion: { data: motion, shape: [1, 12] as [number, number] },
      }
      await pipeline.translate(matrices, { signal: new AbortController().signal, maxLength: 5 })
      await pipeline.release()
      features.push(spatial)
    }
    expect([manifest.spatial.storage, manifest.motion.storage, manifest.t5.storage]).toEqual([
      'int8',
      'int8',
      precision === 'int8' ? 'block8' : 'block4',
    ])
    expect(manifest.spatial.storageCosine).toBeGreaterThan(0.999)
    const [ours = new Float32Array(), theirs = new Float32Array()] = features
    expect(difference(ours, theirs, 32).cosine).toBeGreaterThan(0.998)
  },
)

test('a tower that eight bits would spoil keeps sixteen by default, and the bundle says so', async () => {
  using folder = temporaryFolder()
  const model = writeSeededModel(folder.path)
  // One channel of the first norm drowns all others in a shared 8-bit range.
  const norm = model.clip['vision_model.encoder.layers.0.layer_norm1.weight']
  if (!norm) throw new Error('no norm')
  norm.data[3] = 5000
  for (const part of ['q_proj', 'k_proj', 'v_proj']) {
    const weight = model.clip[`vision_model.encoder.layers.0.self_attn.${part}.weight`]
    for (let row = 0; row < 16; row += 1) if (weight) weight.data[row * 16 + 3] = 0.0001
  }
  writeSafetensors(join(model.clipDir, 'model.safetensors'), model.clip)
  const manifest = await convert(model, join(folder.path, 'bundle'), 'auto')
  expect([manifest.spatial.storage, manifest.motion.storage, manifest.precision]).toEqual([
    'fp16',
    'int8',
    'int8',
  ])
  expect(manifest.spatial.storageCosine).toBeGreaterThan(0.99999)
})
