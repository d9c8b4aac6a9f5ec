import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  bootstrapCoefficient,
  cohenKappa,
  fleissKappa,
  intraclassCorrelation,
  krippendorffAlpha,
  type Level,
  type Unit,
} from './agreement.ts'

const file = join(
  process.env['SIGNWRIGHT_GOLDEN'] ?? join(import.meta.dirname, '../../../shared/golden'),
  'metrics/agreement.json',
)
const isThere = existsSync(file)
if (!isThere) console.warn(`golden agreement data are not at ${file}: their tests are skipped`)
const golden = isThere ? JSON.parse(readFileSync(file, 'utf8')) : undefined

const byUnit = (raters: readonly Unit[]): Unit[] =>
  raters[0]!.map((_, i) => raters.map(ratings => ratings[i]!))

describe.skipIf(!isThere)('golden agreement', () => {
  test.each(['nominal', 'ordinal', 'interval', 'ratio'] as const)("Krippendorff's α, %s", level => {
    const { matrix, [level]: expected } = golden.krippendorff_2011
    expect(krippendorffAlpha(byUnit(matrix), level)).toBeCloseTo(expected, 12)
  })

  test('α of sliders with missing values', () => {
    const { raters, ...expected } = golden.sliders_0_100
    for (const level of ['nominal', 'ordinal', 'interval'] as Level[])
      expect(krippendorffAlpha(byUnit(raters), level)).toBeCloseTo(expected[level], 12)
  })

  test("Cohen's and Fleiss' κ", () => {
    const { cohen, cohen_numeric: numeric, fleiss } = golden
    expect(cohenKappa(cohen.a, cohen.b)).toBeCloseTo(cohen.kappa, 12)
    expect(cohenKappa(numeric.a, numeric.b)).toBeCloseTo(numeric.kappa, 12)
    expect(cohenKappa(numeric.a, numeric.b, 'linear')).toBeCloseTo(numeric.linear, 12)
    expect(cohenKappa(numeric.a, numeric.b, 'quadratic')).toBeCloseTo(numeric.quadratic, 12)
    expect(fleissKappa(fleiss.matrix)).toBeCloseTo(fleiss.kappa, 12)
  })
})

/** The example of Shrout and Fleiss (1979), six targets and four judges: ICC(2,1) = .29. */
const JUDGES = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
]

test('ICC(2,1) of the textbook example', () => {
  expect(intraclassCorrelation(JUDGES)).toBeCloseTo(0.29, 2)
})

test('what is undefined is null, not 1', () => {
  expect([
    krippendorffAlpha(
      [
        [5, 5],
        [5, 5],
      ],
      'interval',
    ),
    krippendorffAlpha(
      [
        [5, null],
        [null, 3],
      ],
      'nominal',
    ),
    cohenKappa(['a', 'a'], ['a', 'a']),
    fleissKappa([
      [3, 0],
      [3, 0],
    ]),
    intraclassCorrelation([[1, 2]]),
  ]).toEqual([null, null, null, null, null])
})

test('a bootstrap interval holds the coefficient and is the same each time', () => {
  const interval = bootstrapCoefficient(JUDGES, intraclassCorrelation, { samples: 200 })
  expect(interval).toEqual(bootstrapCoefficient(JUDGES, intraclassCorrelation, { samples: 200 }))
  expect(interval!.low).toBeLessThan(0.29)
  expect(interval!.high).toBeGreaterThan(0.29)
})
