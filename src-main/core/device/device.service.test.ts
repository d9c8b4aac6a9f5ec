import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DeviceSpeed } from '#shared/contract/model.ts'
import { openBundle } from '../../engine/bundle/open-bundle.ts'
import { createEngineClient } from '../../engine/client.ts'
import { silentLog } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel } from '../testing/workplace.ts'
import { createDeviceService, fastest } from './device.service.ts'

const speed = (device: DeviceSpeed['device'], framesPerSecond: number, isSafe = true): DeviceSpeed => ({
  device,
  framesPerSecond,
  isSafe,
  cosine: 1,
  problem: null,
  measuredAt: 0,
})

test('the fastest device that computes what the CPU does is chosen, however fast a wrong one is', () => {
  const speeds = [speed('cpu', 20), speed('webgpu', 900, false), speed('cuda', 400)]

  expect(fastest(speeds, ['cpu', 'cuda', 'webgpu'])).toBe('cuda')
  expect(fastest(speeds, ['cpu', 'webgpu'])).toBe('cpu')
  expect(fastest([], ['cpu'])).toBe('cpu')
})

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
