import { expect, test } from 'vitest'
import { hitOn } from './hit.ts'
import { indexIntervals } from './interval-index.ts'
import { placeRows, rowAt, rowsBetween, totalHeight } from './rows.ts'

const view = { startMs: 0, msPerPx: 10, widthPx: 1000, durationMs: 10_000 }
const first = { startMs: 1000, endMs: 2000 }
const second = { startMs: 2000, endMs: 3000 }
const tiny = { startMs: 5000, endMs: 5060 }
const index = indexIntervals([first, second, tiny])

test('an edge before a body, and the body between edges', () => {
  expect([hitOn(index, view, 102), hitOn(index, view, 150), hitOn(index, view, 297)]).toEqual([
    { item: first, grip: 'start' },
    { item: first, grip: 'body' },
    { item: second, grip: 'end' },
  ])
})

test('where two meet, the side of the pointer decides', () => {
  expect([hitOn(index, view, 198), hitOn(index, view, 202)]).toEqual([
    { item: first, grip: 'end' },
    { item: second, grip: 'start' },
  ])
})

test('a short annotation keeps a body to grab', () => {
  expect(hitOn(index, view, 503)).toEqual({ item: tiny, grip: 'body' })
})

test('free room is free', () => {
  expect(hitOn(index, view, 420)).toBeNull()
})

test('rows stack without gaps', () => {
  const rows = placeRows([
    { kind: 'motion' as const, id: 0, name: 'Motion', hue: 0 },
    { kind: 'tier' as const, id: 7, name: 'Gloss', hue: 0 },
    { kind: 'tier' as const, id: 8, name: 'Mouthing', hue: 1 },
  ])
  expect({
    total: totalHeight(rows),
    at: [rowAt(rows, 45)?.id, rowAt(rows, 46)?.id, rowAt(rows, 9999)],
    visible: rowsBetween(rows, 50, 84).map(row => row.id),
  }).toEqual({ total: 122, at: [0, 7, null], visible: [7] })
})
