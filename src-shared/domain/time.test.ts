import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatClock, parseClock } from './time.ts'

test('clocks read as people write them', () => {
  expect(['41.52', '00:41,520', '1:02:03.004', '-00:01.000', '1:60', 'soon', ''].map(parseClock)).toEqual([
    41_520,
    41_520,
    3_723_004,
    -1000,
    null,
    null,
    null,
  ])
})

test('a written clock reads as the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), ms => {
      expect(parseClock(formatClock(ms))).toBe(ms)
    }),
  )
})
