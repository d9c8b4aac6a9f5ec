import { join } from 'node:path'
import { expect, test } from 'vitest'
import { difference, temporaryFolder } from '../testing/golden.ts'
import { writeSeededModel } from '../testing/seeded-model.ts'
import { checkInputs, type Tower } from './check-frames.ts'
import { checkFacts } from './choose-storage.ts'
import { convertSpamo } from './convert-spamo.ts'
import { measureTower } from './fidelity.ts'
import { referenceFeatures } from './reference-features.ts'
import { openSpamoSources } from './spamo-sources.ts'
import { towerParts } from './tower-parts.ts'

test.each<Tower>(['spatial', 'motion'])(
  'a %s tower run block by block gives the features of the whole',
  async tower => {
    using folder = temporaryFolder()
    const model = writeSeededModel(folder.path)
    const bundleDir = join(folder.path, 'bundle')
    await convertSpamo({ ...model, outDir: bundleDir, precision: 'fp32', card: { name: 'seeded' } })
    using sources = openSpamoSources(model)
    const facts = checkFacts(sources)

    const inBlocks = await referenceFeatures(tower, sources, {
      dir: folder.path,
      inputs: checkInputs(tower, facts),
      blocksPerPart: 1,
    })

    const whole = await measureTower(tower, bundleDir, facts)
    expect(towerParts(tower, sources, 1).length).toBe(3)
    const width = whole.features.length / whole.rows
    expect(difference(inBlocks, whole.features, width).maxAbs).toBeLessThan(1e-5)
  },
)
