import { expect, test } from 'vitest'
import { stepFor, tickLabel, ticks } from './ruler.ts'

test('labels are never closer than their room', () => {
  for (const msPerPx of [0.125, 0.3, 1, 4, 17, 60, 900, 9000]) {
    expect(stepFor(msPerPx).stepMs / msPerPx).toBeGreaterThanOrEqual(64)
  }
})

test('reads like a clock once there are minutes', () => {
  expect([
    tickLabel(0, 1000),
    tickLabel(3000, 1000),
    tickLabel(2120, 20),
    tickLabel(65_000, 5000),
    tickLabel(61_500, 100),
    tickLabel(3_723_000, 1000),
  ]).toEqual(['0 s', '3 s', '2.12 s', '1:05', '1:01.5', '1:02:03'])
})

test('marks seconds and their fifths over the visible part', () => {
  const found = ticks({ startMs: 900, msPerPx: 10, widthPx: 130, durationMs: 60_000 })
  expect(found.filter(tick => tick.label)).toEqual([
    { x: 10, label: '1 s' },
    { x: 110, label: '2 s' },
  ])
  expect(found.length).toBe(8)
})

test('does not run past the end of the recording', () => {
  const found = ticks({ startMs: 0, msPerPx: 10, widthPx: 1000, durationMs: 1000 })
  expect(found.at(-1)).toEqual({ x: 100, label: '1 s' })
})
