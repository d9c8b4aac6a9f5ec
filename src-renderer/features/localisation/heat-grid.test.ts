import { expect, test } from 'vitest'
import { boxOf, cellAt, peakOf, ROW_PX, stepTo } from './heat-grid.ts'

const view = { startMs: 1000, msPerPx: 2, widthPx: 400, durationMs: 4000 }
const cell = (startMs: number, endMs: number) => ({ startMs, endMs, firstFrame: 0, lastFrame: 0 })
const cells = [cell(1000, 1080), cell(1080, 1240), cell(1240, 1400)]
const glosses = ['wind', 'regen']

test('a cell is drawn where it belongs in time, and found under the pointer there', () => {
  expect(boxOf({ cell: 1, column: 1 }, cells, view)).toEqual({ x: 40, y: ROW_PX, width: 80, height: ROW_PX })
  expect(cellAt({ x: 119, y: ROW_PX + 3 }, { cells, glosses }, view)).toEqual({ cell: 1, column: 1 })
  expect(cellAt({ x: 120, y: 0 }, { cells, glosses }, view)).toEqual({ cell: 2, column: 0 })
  expect(cellAt({ x: 300, y: 0 }, { cells, glosses }, view)).toBeNull()
  expect(cellAt({ x: 0, y: 2 * ROW_PX }, { cells, glosses }, view)).toBeNull()
})

test('arrow keys go from cell to cell and stay inside', () => {
  const size = { cells: 3, columns: 2 }
  expect(stepTo('ArrowRight', { cell: 1, column: 0 }, size)).toEqual({ cell: 2, column: 0 })
  expect(stepTo('ArrowRight', { cell: 2, column: 0 }, size)).toEqual({ cell: 2, column: 0 })
  expect(stepTo('ArrowDown', { cell: 2, column: 0 }, size)).toEqual({ cell: 2, column: 1 })
  expect(stepTo('Home', { cell: 2, column: 1 }, size)).toEqual({ cell: 0, column: 1 })
  expect(stepTo('a', { cell: 2, column: 1 }, size)).toBeNull()
})

test('the strongest value of all is the full colour', () => {
  expect(peakOf([[0.1, -0.5], [0.4], []])).toBe(0.4)
  expect(peakOf([])).toBe(0)
})
