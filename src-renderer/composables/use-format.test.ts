import { expect, test } from 'vitest'
import { clientOf, inApp } from '../testing/test-core.ts'
import { timeCode, useFormat } from './use-format.ts'

const MINUTE_MS = 60_000
const format = () => inApp(clientOf({}), useFormat).result

test('writes time codes to the millisecond', () => {
  expect([0, 2920, 3_661_007].map(timeCode)).toEqual(['00:00:00.000', '00:00:02.920', '01:01:01.007'])
})

test('rounds what is left so that it never says none', () => {
  const { timeLeft } = format()
  expect([0.2, 59, 61, 3700, null].map(timeLeft)).toEqual([
    '1 s left',
    '59 s left',
    '2 min left',
    '1 h 2 min left',
    '',
  ])
})

test('carries full minutes into the hour', () => {
  expect(format().timeLeft(7199)).toBe('2 h 0 min left')
})

test('says how long ago in the largest fitting unit', () => {
  const { ago } = format()
  const now = 1_000_000_000_000
  expect([10_000, 3 * MINUTE_MS, 120 * MINUTE_MS].map(passed => ago(now - passed, now))).toEqual([
    'now',
    '3 minutes ago',
    '2 hours ago',
  ])
})

test('counts sizes in thousands, as disks do', () => {
  const { bytes } = format()
  expect([0, 999, 8_412_332, 2_840_000_000].map(bytes)).toEqual(['0 B', '999 B', '8.4 MB', '2.8 GB'])
})
