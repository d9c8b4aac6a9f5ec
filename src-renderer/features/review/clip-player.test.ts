import { expect, test } from 'vitest'
import { nextRate } from './clip-player.ts'

test('rates go up and down by notches and stop at both ends', () => {
  expect([
    nextRate(1, 1),
    nextRate(1, -1),
    nextRate(0.3, 1),
    nextRate(0.3, -1),
    nextRate(8, 1),
    nextRate(0.05, -1),
  ]).toEqual([1.5, 0.75, 0.5, 0.25, 8, 0.05])
})
