import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { draggedSpan, magnetic, noSnap, sweptSpan, type Grip } from './spans.ts'

const room = { startMs: 1000, endMs: 5000 }
const span = { startMs: 2000, endMs: 2600 }
const toForties = (timeMs: number) => Math.round(timeMs / 40) * 40

test('keeps its length when moved, also into a neighbour', () => {
  expect([
    draggedSpan(span, 'body', 333, room, toForties),
    draggedSpan(span, 'body', -9000, room, noSnap),
    draggedSpan(span, 'body', 9000, room, noSnap),
  ]).toEqual([
    { startMs: 2320, endMs: 2920 },
    { startMs: 1000, endMs: 1600 },
    { startMs: 4400, endMs: 5000 },
  ])
})

test('an edge stops before the other edge', () => {
  expect([
    draggedSpan(span, 'start', 5000, room, noSnap),
    draggedSpan(span, 'end', -5000, room, noSnap),
  ]).toEqual([
    { startMs: 2599, endMs: 2600 },
    { startMs: 2000, endMs: 2001 },
  ])
})

test('no drag leaves its room or turns a span around', () => {
  const grip = fc.constantFrom<Grip>('start', 'end', 'body')
  fc.assert(
    fc.property(grip, fc.integer({ min: -9999, max: 9999 }), (which, delta) => {
      const dragged = draggedSpan(span, which, delta, room, toForties)
      return dragged.startMs >= room.startMs && dragged.endMs <= room.endMs && dragged.startMs < dragged.endMs
    }),
  )
})

test('sweeps in both directions', () => {
  expect([sweptSpan(1210, 1405, room, toForties), sweptSpan(1405, 500, room, toForties)]).toEqual([
    { startMs: 1200, endMs: 1400 },
    { startMs: 1000, endMs: 1400 },
  ])
})

test('an edge nearby wins over the grid', () => {
  const snap = magnetic(() => [2013, 2020], 10, toForties)
  expect([snap(2010), snap(2019), snap(2035)]).toEqual([2013, 2020, 2040])
})
