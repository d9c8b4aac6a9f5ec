import { describe, expect, test } from 'vitest'
import { difference, goldenArray, hasGolden } from '../testing/golden.ts'
import { bicubicEnlargement } from './bicubic.ts'
import { sincosTable } from './videomae.ts'

describe.skipIf(!hasGolden)('computed tables against torch', () => {
  test('enlarges the normalised picture as interpolate does', () => {
    const size = 224
    const picture = goldenArray('preprocess/clip_clip_b_0007.npy').data
    const expected = goldenArray('preprocess/s2_scale2_clip_b_0007.npy').data
    const weights = bicubicEnlargement(size, 2).read()
    const ours = new Float32Array(expected.length)
    for (let channel = 0; channel < 3; channel += 1) {
      const wide = product(
        picture.subarray(channel * size * size, (channel + 1) * size * size),
        weights,
        size,
        2 * size,
      )
      const tall = product(transpose(wide, size, 2 * size), weights, size, 2 * size)
      ours.set(transpose(tall, 2 * size, 2 * size), channel * 4 * size * size)
    }
    expect(difference(ours, expected).maxAbs).toBeLessThan(2e-6)
  })

  test('places sines and cosines as VideoMAE does', () => {
    const table = sincosTable(1568, 64).read()
    const rows = [0, 1, 1567].flatMap(row => [...table.subarray(row * 64, (row + 1) * 64)])
    expect(
      difference(
        Float32Array.from(rows),
        goldenArray('videomae-tiny/expected/position_table_tok0_1_1567.npy').data,
      ).maxAbs,
    ).toBeLessThan(1e-6)
  })
})

/** a [rows, size] · b [size, columns] */
function product(a: Float32Array, b: Float32Array, size: number, columns: number): Float32Array {
  const rows = a.length / size
  const result = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row += 1)
    for (let k = 0; k < size; k += 1) {
      const factor = a[row * size + k] ?? 0
      for (let column = 0; column < columns; column += 1) {
        const weight = b[k * columns + column] ?? 0
        if (weight !== 0)
          result[row * columns + column] = (result[row * columns + column] ?? 0) + factor * weight
      }
    }
  return result
}

function transpose(a: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(
    { length: a.length },
    (_, at) => a[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  )
}
