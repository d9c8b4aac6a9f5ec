import { expect, test } from 'vitest'
import { generator } from '../testing/seeded-model.ts'
import { quantiseBlocks, quantiseColumns } from './quantise.ts'

const [ROWS, COLUMNS] = [3, 70]

function weight() {
  const random = generator(3)
  const data = Float32Array.from({ length: ROWS * COLUMNS }, random)
  return { data, tensor: { shape: [ROWS, COLUMNS], read: () => data } }
}

test('int8 keeps every weight within half a step of its row, transposed', () => {
  const { data, tensor } = weight()
  const quantised = quantiseColumns(tensor)
  const [values, scales] = [quantised.values(), quantised.scales()]
  for (const [at, value] of data.entries()) {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS]
    const scale = scales[row] ?? 0
    expect(Math.abs((values[column * ROWS + row] ?? 0) * scale - value)).toBeLessThanOrEqual(scale * 0.5001)
  }
})

test.each([
  [8, 1.01],
  [4, 1.01],
] as const)(
  'blocks of %d bits keep every weight within a step of its block, the last block padded',
  (bits, steps) => {
    const { data, tensor } = weight()
    const quantised = quantiseBlocks(tensor, bits)
    const [values, scales] = [quantised.values(), quantised.scales()]
    const zero = 2 ** (bits - 1)
    expect([values.length, scales.length]).toEqual([(ROWS * 3 * 32 * bits) / 8, ROWS * 3])
    for (const [at, value] of data.entries()) {
      const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS]
      const position = (row * 3 + Math.floor(column / 32)) * 32 + (column % 32)
      const level =
        bits === 8 ? (values[position] ?? 0) : ((values[position >> 1] ?? 0) >> (4 * (position % 2))) & 15
      const scale = scales[row * 3 + Math.floor(column / 32)] ?? 0
      expect(Math.abs((level - zero) * scale - value)).toBeLessThanOrEqual(Math.abs(scale) * steps)
    }
  },
)

test('a row of zeros stays zero', () => {
  const tensor = { shape: [1, 32], read: () => new Float32Array(32) }
  const quantised = quantiseBlocks(tensor, 4)
  expect([...new Set(quantised.values())]).toEqual([0x88])
  expect([...quantised.scales()]).toEqual([1])
})
