import { expect, test } from 'vitest'
import { evenSteps, raised, windowOf } from './curve.ts'

test('equal frames stay as they are', () => {
  expect(evenSteps([0.1, 0.5, 0.2, 0.9], [0, 40_000, 80_000, 120_000, 160_000], 4)).toEqual([
    0.1, 0.5, 0.2, 0.9,
  ])
})

test('between two frames the curve is a line from middle to middle', () => {
  const even = evenSteps([0, 1], [0, 40, 80], 8).map(value => Number(value.toFixed(3)))
  expect(even).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1])
})

test('a long frame is as long as it lasts', () => {
  const even = evenSteps([0, 1], [0, 60, 80], 8)
  expect(even.findIndex(value => value > 0.5)).toBe(5)
})

test('a first frame that comes late leaves its room at the front', () => {
  const even = evenSteps([0, 1], [40, 60, 80], 8)
  expect(even.findIndex(value => value > 0.5)).toBe(6)
})

test('a peak survives when there are fewer steps than frames', () => {
  expect(evenSteps([0, 1, 0, 0, 0.5, 0], [0, 1, 2, 3, 4, 5, 6], 2)).toEqual([1, 0.5])
})

test('nothing filmed, nothing drawn', () => {
  expect([evenSteps([], [0], 10), evenSteps([1], [0, 0], 10)]).toEqual([[], []])
})

const view = { startMs: 0, msPerPx: 1, widthPx: 4, durationMs: 8 }

test('a pixel of many values shows the largest', () => {
  expect(windowOf([0, 0.2, 0.9, 0, 0, 0, 0.4, 0.1], { ...view, msPerPx: 2 }, 4)).toEqual([0.2, 0.9, 0, 0.4])
})

test('pixels between two values lie on a line', () => {
  const shown = windowOf([0, 1], { startMs: 2, msPerPx: 1, widthPx: 4, durationMs: 8 }, 4)
  expect(shown.map(value => Number(value.toFixed(3)))).toEqual([0.125, 0.375, 0.625, 0.875])
})

test('before the curve is known the lane is flat', () => {
  expect(windowOf([], view, 3)).toEqual([0, 0, 0])
})

test('a cut does not flatten the motion beside it', () => {
  const signing = Array.from({ length: 99 }, (_, at) => (at % 10) / 100)
  const up = raised([...signing, 1])
  expect(up.at(-1)).toBe(1)
  expect(Math.max(...up.slice(0, 99))).toBeCloseTo(0.8, 5)
})

test('a curve without outliers, or without motion, stays as it is', () => {
  const even = Array.from({ length: 100 }, (_, at) => at / 99)
  expect(raised(even)).toEqual(even)
  expect(raised([0, 0, 0])).toEqual([0, 0, 0])
  expect(raised([])).toEqual([])
})
