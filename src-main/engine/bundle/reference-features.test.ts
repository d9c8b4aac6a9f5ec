import { join } from 'node:path'
import { expect, test } from 'vitest'
import { difference, temporaryFolder } from '../testing/golden.ts'
import { writeSeededModel } from '../testing/seeded-model.ts'
import { convertSpamo } from './convert-spamo.ts'
import { measureTower } from './fidelity.ts'
import { referenceFeatures } from './reference-features.ts'
import { spamoModel } from './spamo-model.ts'
import { openSpamoSources } from './spamo-sources.ts'

test.each([0, 1])('tower %i run block by block gives the features of the whole', async number => {
  using folder = temporaryFolder()
  const model = writeSeededModel(folder.path)
  const bundleDir = join(folder.path, 'bundle')
  await convertSpamo({ ...model, outDir: bundleDir, precision: 'fp32', card: { name: 'seeded' } })
  using sources = spamoModel(openSpamoSources(model), 1)
  const tower = sources.towers[number]
  if (!tower) throw new Error('no such tower')

  const inBlocks = await referenceFeatures(tower, { dir: folder.path })

  const whole = await measureTower(tower.name, bundleDir, tower.inputs())
  expect(tower.parts.length).toBe(3)
  const width = whole.features.length / whole.rows
  expect(difference(inBlocks, whole.features, width).maxAbs).toBeLessThan(1e-5)
})
