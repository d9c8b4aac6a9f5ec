import { expect, test } from 'vitest'
import { evenSteps } from './curve.ts'

test('equal frames stay as they are', () => {
  expect(evenSteps([0.1, 0.5, 0.2, 0.9], [0, 40_000, 80_000, 120_000, 160_000], 4)).toEqual([0.1, 0.5, 0.2, 0.9])
})

test('a long frame takes as many steps as it lasts', () => {
  expect(evenSteps([0.1, 0.9], [0, 30_000, 40_000], 4)).toEqual([0.1, 0.1, 0.1, 0.9])
})

test('a peak survives when there are fewer steps than frames', () => {
  expect(evenSteps([0, 1, 0, 0, 0.5, 0], [0, 1, 2, 3, 4, 5, 6], 2)).toEqual([1, 0.5])
})

test('nothing filmed, nothing drawn', () => {
  expect([evenSteps([], [0], 10), evenSteps([1], [0, 0], 10)]).toEqual([[], []])
})
