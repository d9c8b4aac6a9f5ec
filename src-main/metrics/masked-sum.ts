import type { StatisticsTable } from './metric.ts'

/** Up to here the sums of all 256 choices among eight rows are kept: 4096 rows of 24 columns take 25 MB. */
const MAX_TABULATED_ROWS = 4096

/** Adds the differences (baseline − system) of the rows whose bits are set, eight rows a byte. */
export type MaskedSum = (masks: Uint8Array, into: Float64Array) => void

/** A trial adds one tabulated row a byte instead of the four that are chosen on average. */
export function maskedSum(baseline: StatisticsTable, system: StatisticsTable): MaskedSum {
  const { rows, columns } = baseline
  const differences = baseline.values.map((value, i) => value - system.values[i]!)
  return rows <= MAX_TABULATED_ROWS ? tabulated(differences, rows, columns) : rowByRow(differences, columns)
}

function tabulated(differences: Float64Array, rows: number, columns: number): MaskedSum {
  const blocks = Math.ceil(rows / 8)
  const sums = new Float64Array(blocks * 256 * columns)
  for (let block = 0; block < blocks; block++)
    for (let mask = 1; mask < 256; mask++) {
      // The sum without the highest bit is there already.
      const bit = 31 - Math.clz32(mask)
      const row = block * 8 + bit
      const without = (block * 256 + (mask ^ (1 << bit))) * columns
      const here = (block * 256 + mask) * columns
      for (let column = 0; column < columns; column++)
        sums[here + column] =
          sums[without + column]! + (row < rows ? differences[row * columns + column]! : 0)
    }
  return (masks, into) => {
    for (let block = 0; block < blocks; block++) {
      const at = (block * 256 + masks[block]!) * columns
      for (let column = 0; column < columns; column++) into[column] = into[column]! + sums[at + column]!
    }
  }
}

function rowByRow(differences: Float64Array, columns: number): MaskedSum {
  return (masks, into) => {
    for (let block = 0; block < masks.length; block++)
      for (let mask = masks[block]!; mask !== 0; mask &= mask - 1) {
        const at = (block * 8 + 31 - Math.clz32(mask & -mask)) * columns
        for (let column = 0; column < columns; column++)
          into[column] = into[column]! + differences[at + column]!
      }
  }
}
