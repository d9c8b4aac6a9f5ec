/** A column of statistics, by row. */
export type Column = (row: number) => number

/** How often a row may be added to a sum: at most once, or in all of its draws. */
export type Repetition = 'once' | 'any'

/**
 * Columns of one table, made for adding many choices of rows. Integers share a double as long as every possible sum of
 * them fits: one addition then adds two to five columns, exactly. Equal columns are kept once and columns of zeros not
 * at all; a column with fractions has a double for itself.
 */
export interface PackedColumns {
  rows: number
  /** Doubles in a row. */
  width: number
  /** Row by row. */
  values: Float64Array
  /** By column: whether its sums are exact whatever the order of addition. */
  isExact: readonly boolean[]
  /** Takes the sums of all columns apart. */
  unpack: (sums: Float64Array, at: number, into: Float64Array) => void
}

/** Integers up to 2^53 are exact in a double; a field has room for both signs. */
const BITS_OF_DOUBLE = 52

interface Field {
  column: number
  /** Of its slot, 2^k: what a unit of it is worth there. */
  unit: number
  /** 2^bits: how many values it can have. */
  size: number
}

export function packColumns(columns: readonly Column[], rows: number, repetition: Repetition): PackedColumns {
  const facts = columns.map(column => factsOf(column, rows, repetition))
  const sameAs = columns.map((column, i) => {
    const first = columns.findIndex((other, j) => j < i && isSame(column, other, rows))
    return first === -1 ? i : first
  })
  const slots: Field[][] = []
  for (const [column, { bits, isExact }] of facts.entries())
    if (sameAs[column] === column && bits > 0) place(slots, column, isExact ? bits : BITS_OF_DOUBLE)
  const width = slots.length
  const values = new Float64Array(rows * width)
  for (const [slot, fields] of slots.entries())
    for (const { column, unit } of fields)
      for (let row = 0, at = slot; row < rows; row++, at += width)
        values[at] = values[at]! + unit * columns[column]!(row)

  function unpack(sums: Float64Array, at: number, into: Float64Array): void {
    into.fill(0)
    for (let slot = 0; slot < width; slot++) takeApart(sums[at + slot]!, slots[slot]!, into)
    for (let column = 0; column < sameAs.length; column++) into[column] = into[sameAs[column]!]!
  }

  return { rows, width, values, isExact: facts.map(({ isExact }) => isExact), unpack }
}

function factsOf(column: Column, rows: number, repetition: Repetition): { bits: number; isExact: boolean } {
  let isInteger = true
  let sum = 0
  let most = 0
  for (let row = 0; row < rows; row++) {
    const size = Math.abs(column(row))
    if (!Number.isInteger(size)) isInteger = false
    sum += size
    if (size > most) most = size
  }
  const largest = repetition === 'once' ? sum : most * rows
  const bits = largest === 0 ? 0 : Math.ceil(Math.log2(2 * largest + 2))
  return { bits, isExact: isInteger && bits <= BITS_OF_DOUBLE }
}

function isSame(a: Column, b: Column, rows: number): boolean {
  for (let row = 0; row < rows; row++) if (a(row) !== b(row)) return false
  return true
}

function place(slots: Field[][], column: number, bits: number): void {
  const size = 2 ** bits
  for (const fields of slots) {
    const { unit, size: taken } = fields.at(-1)!
    if (unit * taken * size > 2 ** BITS_OF_DOUBLE) continue
    fields.push({ column, unit: unit * taken, size })
    return
  }
  slots.push([{ column, unit: 1, size }])
}

/** The lowest field is the remainder that lies around zero; what is left without it belongs to those above. */
function takeApart(sum: number, fields: readonly Field[], into: Float64Array): void {
  let rest = sum
  for (let i = 0; i < fields.length - 1; i++) {
    const { column, size } = fields[i]!
    const above = Math.floor((rest + size / 2) / size)
    into[column] = rest - above * size
    rest = above
  }
  into[fields.at(-1)!.column] = rest
}
