import { expect, test } from 'vitest'
import { clientOf, inApp } from '../../../testing/test-core.ts'
import { isBest, useScoreNumbers } from './score-numbers.ts'

const line = (scores: number[], isLowerBetter = false) => ({
  key: 'bleu',
  metric: 'BLEU',
  isLowerBetter,
  signature: '',
  slt: '',
  scores,
})

test('the best run has most points, or fewest errors', () => {
  expect([0, 1].map(at => isBest(line([20, 23]), at))).toEqual([false, true])
  expect([0, 1].map(at => isBest(line([70, 60], true), at))).toEqual([false, true])
  expect(isBest(line([20]), 0)).toBe(false)
})

test('a difference that rounds to nothing has no direction', () => {
  const { signedPoints } = inApp(clientOf({}), useScoreNumbers).result
  expect([1.234, -0.5, 0.004, -0.004, 0].map(signedPoints)).toEqual([
    '+1.23',
    '−0.50',
    '±0.00',
    '±0.00',
    '±0.00',
  ])
})
