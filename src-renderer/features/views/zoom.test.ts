import { expect, test } from 'vitest'
import { zoomAt } from './zoom.ts'

const pane = { width: 400, height: 300 }

test('what is under the pointer stays there, and the picture stays in its pane', () => {
  const twice = zoomAt({ scale: 1, x: 0, y: 0 }, 2, { x: 100, y: -50 }, pane)
  expect(twice).toEqual({ scale: 2, x: -100, y: 50 })
  expect(zoomAt(twice, 0.1, { x: 0, y: 0 }, pane)).toEqual({ scale: 1, x: 0, y: 0 })
  expect(zoomAt({ scale: 1, x: 0, y: 0 }, 100, { x: 200, y: 150 }, pane)).toEqual({
    scale: 8,
    x: -1400,
    y: -1050,
  })
})
