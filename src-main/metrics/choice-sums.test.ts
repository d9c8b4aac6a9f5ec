import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addChoices, blocksOf } from './choice-sums.ts'
import type { Metric, StatisticsTable } from './metric.ts'
import { NumpyRandom } from './numpy-random.ts'
import { packColumns } from './packed-columns.ts'
import { resampledScores } from './resamples.ts'
import { finish } from './stepped.ts'

const wholeNumbers = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -1e6, max: 1e6 }))
const zeros = fc.constant(0)
/** Quarters are exact in any order, so the expected sum is, too. */
const quarters = fc.integer({ min: -40, max: 40 }).map(value => value / 4)

/** Draws among rows; the choices are how often each was drawn, and no oftener than a choice can say. */
function cases(most: number) {
  return fc.integer({ min: 1, max: 21 }).chain(rows => {
    const ofRows = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: rows, maxLength: rows })
    const timesOf = (drawn: number[]) =>
      Array.from({ length: rows }, (_, row) => Math.min(most, drawn.filter(each => each === row).length))
    const choice = ofRows(fc.integer({ min: 0, max: rows - 1 })).map(timesOf)
    return fc.record({
      columns: fc.array(fc.constantFrom(wholeNumbers, zeros, quarters).chain(ofRows), {
        minLength: 1,
        maxLength: 7,
      }),
      choices: fc.array(choice, { minLength: 1, maxLength: 5 }),
    })
  })
}

function codesOf(choices: readonly number[][], bits: 1 | 2): Uint8Array {
  const blocks = blocksOf(choices[0]!.length, bits)
  const codes = new Uint8Array(choices.length * blocks)
  for (const [i, choice] of choices.entries())
    for (const [row, times] of choice.entries())
      codes[i * blocks + Math.floor((row * bits) / 8)]! |= times << ((row * bits) % 8)
  return codes
}

test.each([
  { bits: 1, most: 1, repetition: 'once' },
  { bits: 2, most: 3, repetition: 'any' },
] as const)('sums of rows taken up to $most times are those of adding row by row', ({ bits, ...kind }) => {
  fc.assert(
    fc.property(cases(kind.most), ({ columns, choices }) => {
      const rows = columns[0]!.length
      const twice = [...columns, columns[0]!]
      const asked = twice.map(values => (row: number) => values[row]!)
      const packed = packColumns(asked, rows, kind.repetition)
      const sums = new Float64Array(choices.length * packed.width)
      const work = addChoices(packed, { bits, codes: codesOf(choices, bits), count: choices.length }, sums)
      while (!work.next().done);
      const found = choices.map((_, i) => {
        const into = new Float64Array(twice.length)
        packed.unpack(sums, i * packed.width, into)
        return Array.from(into, value => value + 0)
      })
      const sumOf = (values: readonly number[], choice: readonly number[]) =>
        values.reduce((sum, value, row) => sum + value * choice[row]!, 0)
      expect(found).toEqual(choices.map(choice => twice.map(values => sumOf(values, choice) + 0)))
    }),
    { numRuns: 300 },
  )
})

/** Its score is one of its sums, as they are. */
const sumOf = (column: number) =>
  ({
    name: 'sum',
    evaluate: (total: ArrayLike<number>) => ({ score: total[column]!, details: {} }),
  }) as unknown as Metric

test('sums that single precision cannot hold are added in the order of the draws', () => {
  const rows = 300
  const values = Float64Array.from({ length: rows * 3 }, (_, i) =>
    i % 3 === 0 ? (i * 7919) % 11 : i % 3 === 1 ? 60_000 + ((i * 104_729) % 997) : 1 / (1 + (i % 13)),
  )
  const table: StatisticsTable = { columns: 3, rows, values }
  const scored = [0, 1, 2].map(column => ({ metric: sumOf(column), table }))

  const found = finish(resampledScores(scored, { samples: 40, seed: 3 }))

  const random = new NumpyRandom(3)
  const expected = Array.from({ length: 40 }, () => {
    const totals = new Float32Array(3)
    for (let i = 0; i < rows; i++) {
      const row = random.below(rows)
      for (let column = 0; column < 3; column++)
        totals[column] = totals[column]! + Math.fround(values[row * 3 + column]!)
    }
    return totals
  })
  expect(found).toEqual([0, 1, 2].map(column => Float32Array.from(expected, totals => totals[column]!)))
  expect(Math.max(...found[1]!)).toBeGreaterThan(2 ** 24)
})
