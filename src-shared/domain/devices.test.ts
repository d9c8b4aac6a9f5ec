import { expect, test } from 'vitest'
import type { DeviceSpeed } from '../contract/model.ts'
import { automaticDevice, fastestDevice } from './devices.ts'

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

  expect(fastestDevice(speeds, ['cpu', 'cuda', 'webgpu'])).toBe('cuda')
  expect(fastestDevice(speeds, ['cpu', 'webgpu'])).toBe('cpu')
  expect(fastestDevice([], ['cpu'])).toBe('cpu')
})

test('nothing is claimed before every device was measured, unless there is only the CPU', () => {
  expect(automaticDevice([], ['cpu'])).toBe('cpu')
  expect(automaticDevice([speed('cpu', 20)], ['cpu', 'webgpu'])).toBeNull()
  expect(automaticDevice([speed('cpu', 20), speed('webgpu', 5)], ['cpu', 'webgpu'])).toBe('cpu')
  expect(automaticDevice([speed('cpu', 20), speed('webgpu', 50)], ['cpu', 'webgpu'])).toBe('webgpu')
})
