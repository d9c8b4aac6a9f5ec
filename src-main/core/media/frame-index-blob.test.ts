import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { evenIndex, type FrameIndex } from '#shared/domain/frame-index.ts'
import { packFrameIndex, unpackFrameIndex } from './frame-index-blob.ts'

test('gives back every index as it was', () => {
  const index = fc
    .record({
      steps: fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 50 }),
      first: fc.integer({ min: -5000, max: 5000 }),
      num: fc.integer({ min: 1, max: 1001 }),
      den: fc.integer({ min: 1, max: 90_000 }),
      isRepaired: fc.boolean(),
    })
    .map(({ steps, first, num, den, isRepaired }): FrameIndex => {
      let at = first
      const pts = Float64Array.from(steps, step => (at += step))
      return { timeBase: { num, den }, zero: Math.min(0, first), pts, end: at + 1, isRepaired }
    })
  fc.assert(
    fc.property(index, made => {
      expect(unpackFrameIndex(packFrameIndex(made))).toEqual(made)
    }),
  )
})

test('packs an hour at an even rate into a few hundred bytes', () => {
  const blob = packFrameIndex(evenIndex(90_000, { num: 25, den: 1 }))
  expect(blob.length).toBeLessThan(2000)
})
