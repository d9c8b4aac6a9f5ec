import { expect, test } from 'vitest'
import { moveIndex } from './virtual-table.ts'

test('moves within the table, by row, page and to the ends', () => {
  const moves = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'].map(key =>
    moveIndex(key, 5, 100, 20),
  )
  expect(moves).toEqual([6, 4, 25, 0, 0, 99, undefined])
})

test('starts at the first row, and goes nowhere in an empty table', () => {
  expect([moveIndex('ArrowDown', -1, 3, 10), moveIndex('ArrowDown', -1, 0, 10)]).toEqual([0, undefined])
})
