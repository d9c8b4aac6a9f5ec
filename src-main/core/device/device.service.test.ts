import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBundle } from '../../engine/bundle/open-bundle.ts'
import { createEngineClient } from '../../engine/client.ts'
import { silentLog } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel } from '../testing/workplace.ts'
import { createDeviceService } from './device.service.ts'

test('a model is measured on the devices of this machine, and the result is remembered for its weights', async () => {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  const bundle = openBundle(join(dataDir, 'built-in', 'tiny'))
  await using engine = createEngineClient()
  const open = () => createDeviceService({ engine, dataDir, log: silentLog, now: () => 7 })
  expect(open().remembered(bundle)).toEqual([])

  const measured = await open().measure(bundle)

  const cpu = measured.find(({ device }) => device === 'cpu')
  expect(cpu).toMatchObject({ isSafe: true, problem: null, measuredAt: 7 })
  expect(cpu?.framesPerSecond).toBeGreaterThan(1)
  expect(cpu?.cosine).toBeCloseTo(1, 6)
  expect(open().remembered(bundle)).toEqual(measured)
  const other = { ...bundle, fingerprints: { ...bundle.fingerprints, spatial: 'other weights' } }
  expect(open().remembered(other)).toEqual([])
})
