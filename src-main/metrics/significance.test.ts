import { expect, test } from 'vitest'
import { bleu } from './bleu.ts'
import type { StatisticsTable } from './metric.ts'
import { NumpyRandom } from './numpy-random.ts'
import { pairedBootstrap } from './bootstrap.ts'
import { approximateRandomization } from './randomization.ts'
import { holm } from './significance.ts'

/** Two systems of 200 segments that differ by chance only: statistics of sentences drawn alike. */
function nullPair(random: NumpyRandom): [StatisticsTable, StatisticsTable] {
  const make = (): StatisticsTable => {
    const rows = Array.from({ length: 200 }, () => {
      const length = 8 + random.below(8)
      const counts = [length, length - 1, length - 2, length - 3].map((total, n) =>
        random.below(1 + Math.floor(total / (n + 1))),
      )
      return [length, length, ...counts, length, length - 1, length - 2, length - 3]
    })
    return { columns: 10, rows: 200, values: Float64Array.from(rows.flat()) }
  }
  return [make(), make()]
}

test('approximate randomization finds no more differences than chance allows where there is none', () => {
  const random = new NumpyRandom(7)
  const metric = bleu()
  const pairs = Array.from({ length: 300 }, () => nullPair(random))
  const contests = pairs.map(([baseline, system]) => ({ metric, baseline, system }))
  const found = approximateRandomization(contests, { samples: 500 }).filter(({ p }) => p < 0.05).length
  // 5 % of 300 is 15; more than 24 comes by chance in one of a hundred.
  expect(found).toBeLessThanOrEqual(24)
})

test('identical systems are told as such', () => {
  const [table] = nullPair(new NumpyRandom(1))
  const contests = [{ metric: bleu(), baseline: table, system: table }]
  expect(approximateRandomization(contests, { samples: 100 })[0]).toMatchObject({
    difference: 0,
    isIdentical: true,
  })
  expect(pairedBootstrap(contests, { samples: 100 })[0]!.isIdentical).toBe(true)
})

test('the same result for tables that are too large to tabulate', () => {
  const repeat = ({ values }: StatisticsTable): StatisticsTable => ({
    columns: 10,
    rows: 5000,
    values: Float64Array.from({ length: 50_000 }, (_, i) => values[i % values.length]!),
  })
  const [baseline, system] = nullPair(new NumpyRandom(3)).map(repeat) as [StatisticsTable, StatisticsTable]
  const cut = (table: StatisticsTable): StatisticsTable => ({
    ...table,
    rows: 4000,
    values: table.values.subarray(0, 40_000),
  })
  const metric = bleu()
  const options = { samples: 200 }
  const large = approximateRandomization([{ metric, baseline, system }], options)[0]!
  const small = approximateRandomization(
    [{ metric, baseline: cut(baseline), system: cut(system) }],
    options,
  )[0]!
  // The same sentences 25 and 20 times: equal corpus scores, and hardly another p.
  expect(large.difference).toBeCloseTo(small.difference, 10)
  expect(Math.abs(large.p - small.p)).toBeLessThan(0.15)
})

test("Holm's correction", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  expect(holm([0.5, 0.9])).toEqual([1, 1])
  expect(holm([])).toEqual([])
})
