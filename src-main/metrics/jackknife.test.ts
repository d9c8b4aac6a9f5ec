import { expect, test } from 'vitest'
import { jackknifeInterval } from './jackknife.ts'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Student's t, 97.5 %, from any table. */
const T = new Map([
  [5, 2.7764],
  [10, 2.2622],
  [25, 2.0639],
])

test.each([5, 10, 25])('of a mean of %i values it is the interval of the textbook', n => {
  const values = Array.from({ length: n }, (_, at) => (at * 37) % 11)
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (n - 1))
  const without = values.map((_, left) => mean(values.filter((_value, at) => at !== left)))

  const interval = jackknifeInterval(mean(values), without)

  const half = T.get(n)! * (deviation / Math.sqrt(n))
  expect(interval?.low).toBeCloseTo(mean(values) - half, 1)
  expect(interval?.high).toBeCloseTo(mean(values) + half, 1)
})

test('says nothing of four groups, and nothing is uncertain about equal ones', () => {
  expect([jackknifeInterval(20, [19, 20, 21, 20]), jackknifeInterval(20, [20, 20, 20, 20, 20])]).toEqual([
    null,
    { low: 20, high: 20 },
  ])
})
