import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cohenOf, cohenWithUnmatched, fleissOf, nominalAlphaOf, NOTHING, Ratings } from './confusion.ts'
import {
  addTimeline,
  chanceCorrectedSegmentation,
  f1,
  type LabelledSpan,
  matchBoundaries,
  matchSpans,
  matchTimes,
} from './segmentation.ts'

const file = join(
  process.env['SIGNWRIGHT_GOLDEN'] ?? join(import.meta.dirname, '../../../shared/golden'),
  'metrics/agreement.json',
)
const isThere = existsSync(file)
if (!isThere) console.warn(`golden agreement data are not at ${file}: their tests are skipped`)
const golden = isThere ? JSON.parse(readFileSync(file, 'utf8')) : undefined

function ratingsOf(units: readonly (readonly unknown[])[]): Ratings {
  const numbers = new Map<unknown, number>()
  const ratings = new Ratings()
  for (const unit of units) {
    const given = unit.filter(value => value !== null)
    for (const value of given) if (!numbers.has(value)) numbers.set(value, numbers.size + 1)
    ratings.add(
      given.map(value => numbers.get(value)!),
      1,
    )
  }
  return ratings
}

const transposed = (raters: readonly (readonly unknown[])[]) =>
  raters[0]!.map((_, unit) => raters.map(rater => rater[unit]))

describe.skipIf(!isThere)('golden agreement from counts', () => {
  test("Cohen's κ", () => {
    const { a, b, kappa } = golden.cohen
    expect(cohenOf(ratingsOf(transposed([a, b])))).toBeCloseTo(kappa, 12)
  })

  test("Fleiss' κ", () => {
    const units = (golden.fleiss.matrix as number[][]).map(row =>
      row.flatMap((count, category) => Array.from({ length: count }, () => category)),
    )
    expect(fleissOf(ratingsOf(units))).toBeCloseTo(golden.fleiss.kappa, 12)
  })

  test("Krippendorff's nominal α with missing values", () => {
    const { matrix, nominal } = golden.krippendorff_2011
    expect(nominalAlphaOf(ratingsOf(transposed(matrix)))).toBeCloseTo(nominal, 12)
  })
})

const [X, Y] = [1, 2]
const ADA: LabelledSpan[] = [
  { startMs: 0, endMs: 100, label: X },
  { startMs: 100, endMs: 200, label: Y },
]
const BEN: LabelledSpan[] = [
  { startMs: 0, endMs: 100, label: X },
  { startMs: 120, endMs: 200, label: Y },
]

test('time is rated millisecond by millisecond, and no annotation is an answer too', () => {
  const ratings = new Ratings()
  addTimeline([ADA, BEN], 400, ratings)
  expect([...ratings.rows()]).toEqual([
    { categories: [X, X], weight: 100 },
    { categories: [Y, NOTHING], weight: 20 },
    { categories: [Y, Y], weight: 80 },
    { categories: [NOTHING, NOTHING], weight: 200 },
  ])
  // p_o = 380/400; p_e = (100·100 + 100·80 + 200·220)/400².
  expect(cohenOf(ratings)).toBeCloseTo((0.95 - 0.3875) / 0.6125, 12)
})

test('boundaries count within the tolerance, begins with begins and ends with ends', () => {
  expect([20, 19].map(toleranceMs => matchBoundaries(ADA, BEN, toleranceMs))).toEqual([4, 3])
  const later = [{ startMs: 100, endMs: 150, label: X }]
  const earlier = [{ startMs: 0, endMs: 100, label: X }]
  expect(matchBoundaries(later, earlier, 0)).toBe(0)
})

test('annotations pair up by their best overlap, from the wanted overlap on', () => {
  expect(matchSpans(ADA, BEN, 0.8)).toEqual([
    { a: 0, b: 0, overlap: 1 },
    { a: 1, b: 1, overlap: 0.8 },
  ])
  expect(matchSpans(ADA, BEN, 0.81)).toEqual([{ a: 0, b: 0, overlap: 1 }])
  expect(f1(1, 2, 2)).toBe(0.5)
})

test('κ with unmatched annotations leaves out the cell that nobody can observe', () => {
  const oneLabel = new Ratings()
  oneLabel.add([X, X], 5)
  oneLabel.add([X, NOTHING], 2)
  oneLabel.add([NOTHING, X], 3)
  // With one label the chance model has as many parameters as cells: it expects exactly what was seen.
  expect(cohenWithUnmatched(oneLabel)).toBeCloseTo(0, 6)

  const allMatched = new Ratings()
  for (const [a, b, n] of [
    [X, X, 7],
    [X, Y, 1],
    [Y, X, 2],
    [Y, Y, 5],
  ] as const)
    allMatched.add([a, b], n)
  expect(cohenWithUnmatched(allMatched)).toBeCloseTo(cohenOf(allMatched)!, 9)
})

test('is undefined, not perfect, where nothing varies or nothing is there', () => {
  const same = new Ratings()
  same.add([X, X], 10)
  expect([cohenOf(same), fleissOf(same), nominalAlphaOf(same), cohenWithUnmatched(same)]).toEqual([
    null,
    null,
    null,
    null,
  ])
  expect([cohenOf(new Ratings()), f1(0, 0, 0)]).toEqual([null, null])
})

test('a segmentation that agrees is better than chance, an unrelated one is not', async () => {
  const regular = (offset: number, lengths: readonly number[]): LabelledSpan[] =>
    lengths.map((length, at) => ({ startMs: at * 500 + offset, endMs: at * 500 + offset + length, label: X }))
  const lengths = Array.from({ length: 40 }, (_, at) => 100 + ((at * 37) % 200))
  const first = regular(0, lengths)
  const close = regular(10, lengths)
  const apart = first.map(({ startMs, endMs, label }) => ({
    startMs: startMs + 290,
    endMs: endMs + 290,
    label,
  }))
  const ask = (second: LabelledSpan[], seed: number) =>
    chanceCorrectedSegmentation([{ first, second, untilMs: 21_000 }], { samples: 200, seed })
  const agreed = await ask(close, 1)
  expect(agreed?.observed).toBe(1)
  expect(agreed?.value).toBe(1)
  expect(agreed?.p).toBe(1 / 201)
  expect((await ask(apart, 1))?.value).toBeLessThan(0.1)
  expect(await ask(close, 7)).toEqual(await ask(close, 7))
  expect((await ask(close, 7))?.chance).not.toBe(agreed?.chance)
})

const tiers = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 300 }),
      length: fc.integer({ min: 1, max: 400 }),
      label: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 20 },
  )
  .map(pieces => {
    let at = 0
    return pieces.map(({ gap, length, label }): LabelledSpan => {
      const startMs = at + gap
      at = startMs + length
      return { startMs, endMs: at, label }
    })
  })
const END = 20 * 700

test('does not depend on who is first, and a tier agrees with itself', () => {
  fc.assert(
    fc.property(
      tiers,
      tiers,
      fc.constantFrom(0.1, 0.5, 0.9),
      fc.integer({ min: 0, max: 200 }),
      (a, b, least, tolerance) => {
        const timeline = (first: LabelledSpan[], second: LabelledSpan[]) => {
          const ratings = new Ratings()
          addTimeline([first, second], END, ratings)
          return ratings
        }
        const [ab, ba] = [timeline(a, b), timeline(b, a)]
        expect(ab.total).toBe(END)
        for (const coefficient of [cohenOf, fleissOf, nominalAlphaOf])
          expect(coefficient(ab) ?? 9).toBeCloseTo(coefficient(ba) ?? 9, 9)
        expect(matchSpans(a, b, least).length).toBe(matchSpans(b, a, least).length)
        expect(matchBoundaries(a, b, tolerance)).toBe(matchBoundaries(b, a, tolerance))

        expect(matchSpans(a, a, 1)).toEqual(a.map((_, at) => ({ a: at, b: at, overlap: 1 })))
        expect(matchBoundaries(a, a, 0)).toBe(2 * a.length)
        expect(cohenOf(timeline(a, a)) ?? 1).toBeCloseTo(1, 9)
      },
    ),
  )
})

test('pairs as many times as can be paired', () => {
  const most = (first: readonly number[], second: readonly number[], tolerance: number): number => {
    const [head, ...rest] = first
    if (head === undefined) return 0
    return Math.max(
      most(rest, second, tolerance),
      ...second.map((time, at) =>
        Math.abs(time - head) <= tolerance ? 1 + most(rest, second.toSpliced(at, 1), tolerance) : 0,
      ),
    )
  }
  const times = fc
    .array(fc.integer({ min: 0, max: 40 }), { maxLength: 5 })
    .map(list => list.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(times, times, fc.integer({ min: 0, max: 9 }), (a, b, tolerance) => {
      expect(matchTimes(a, b, tolerance)).toBe(most(a, b, tolerance))
    }),
  )
})
