import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countPairs, kendallTauB, pairwiseAccuracy, pearson, spearman } from './correlation.ts'

test("Anscombe's first quartet has r = .816", () => {
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
  expect(pearson(x, y)).toBeCloseTo(0.81642051634484, 12)
})

/** The example of SciPy's documentation of `kendalltau`, τ-b with ties, and of `spearmanr`. */
test('τ-b and ρ of the documented examples', () => {
  expect(kendallTauB([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 14)
  expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 14)
})

test('what does not vary has no correlation', () => {
  expect([pearson([1, 1, 1], [1, 2, 3]), kendallTauB([1, 2], [0, 0]), spearman([1], [1])]).toEqual([
    null,
    null,
    null,
  ])
  expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull()
  expect(pairwiseAccuracy([], [])).toBeNull()
})

test('pairs are counted as one by one', () => {
  const small = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })))
  fc.assert(
    fc.property(small, items => {
      const counts = { concordant: 0, discordant: 0, tiedBoth: 0, tiedX: 0, tiedY: 0, pairs: 0 }
      items.forEach(([ax, ay], i) =>
        items.slice(i + 1).forEach(([bx, by]) => {
          const sign = Math.sign(ax - bx) * Math.sign(ay - by)
          counts.pairs += 1
          counts.concordant += Number(sign > 0)
          counts.discordant += Number(sign < 0)
          counts.tiedX += Number(ax === bx)
          counts.tiedY += Number(ay === by)
          counts.tiedBoth += Number(ax === bx && ay === by)
        }),
      )
      const [xs, ys] = [items.map(([x]) => x), items.map(([, y]) => y)]
      expect(countPairs(xs, ys)).toEqual(counts)
    }),
  )
})
