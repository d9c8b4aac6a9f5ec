import type { PackedColumns } from './packed-columns.ts'

/** Choices of rows, a byte for each block of rows: how often each of its rows is taken. */
export interface Choices {
  /** One bit a row (eight rows a byte, each taken or not) or two (four rows, each taken up to three times). */
  bits: 1 | 2
  /** Choice by choice, `blocksOf` bytes each. */
  codes: Uint8Array
  count: number
}

/** Bytes that one choice among so many rows takes. */
export const blocksOf = (rows: number, bits: 1 | 2) => Math.ceil((rows * bits) / 8)

/** Blocks after which whoever runs this gets a turn; a block is 256 rows of a table and one for each choice. */
const BLOCKS_IN_TURN = 32

/**
 * Adds the chosen rows to the sums, `width` doubles a choice. For each block the sums of all 256 choices within it are
 * tabulated once, so a choice costs one addition a block and not one a row ("method of the four Russians", Arlazarov et
 * al. 1970). Blocks are added in their order. Yields how many blocks are done.
 */
export function* addChoices(
  packed: PackedColumns,
  { bits, codes, count }: Choices,
  sums: Float64Array,
): Generator<number, void, void> {
  const { rows, width } = packed
  const blocks = blocksOf(rows, bits)
  const table = new Float64Array(256 * width)
  for (let block = 0; block < blocks; block++) {
    tabulate(packed, block, bits, table)
    addBlock({ table, width, codes, blocks, block, count }, sums)
    if ((block + 1) % BLOCKS_IN_TURN === 0) yield block + 1
  }
}

function tabulate({ rows, width, values }: PackedColumns, block: number, bits: 1 | 2, table: Float64Array) {
  const first = block * (8 / bits)
  for (let code = 1; code < 256; code++) {
    const ofBlock = Math.floor((31 - Math.clz32(code)) / bits)
    const row = first + ofBlock
    // The sum without the last row, or with it once less, is there already.
    const without = (code - (1 << (ofBlock * bits))) * width
    const here = code * width
    if (row >= rows) table.copyWithin(here, without, without + width)
    else for (let i = 0; i < width; i++) table[here + i] = table[without + i]! + values[row * width + i]!
  }
}

interface Block {
  table: Float64Array
  width: number
  codes: Uint8Array
  blocks: number
  block: number
  count: number
}

function addBlock({ table, width, codes, blocks, block, count }: Block, sums: Float64Array): void {
  for (let choice = 0, to = 0; choice < count; choice++) {
    const code = codes[choice * blocks + block]!
    for (let from = code * width, end = from + width; from < end; from++, to++)
      sums[to] = sums[to]! + table[from]!
  }
}
