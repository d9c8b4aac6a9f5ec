import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  gapAround,
  indexIntervals,
  intervalAt,
  intervalsBetween,
  lastBefore,
  nextAfter,
} from './interval-index.ts'

const span = (startMs: number, endMs: number) => ({ startMs, endMs })
const three = indexIntervals([span(500, 900), span(0, 100), span(200, 400)])

test('finds what a window touches, in order', () => {
  expect([...intervalsBetween(three, 50, 500)]).toEqual([span(0, 100), span(200, 400), span(500, 900)])
  expect([...intervalsBetween(three, 101, 199)]).toEqual([])
})

test('finds a long interval that began far to the left of many short ones', () => {
  const index = indexIntervals([
    span(0, 10_000),
    ...Array.from({ length: 500 }, (_, n) => span(n * 10, n * 10 + 5)),
  ])
  expect([...intervalsBetween(index, 9000, 9100)]).toEqual([span(0, 10_000)])
})

test('equals a plain filter for any intervals and window', () => {
  const interval = fc
    .tuple(fc.integer({ min: -50, max: 500 }), fc.integer({ min: 0, max: 200 }))
    .map(([a, l]) => span(a, a + l))
  fc.assert(
    fc.property(fc.array(interval), fc.integer({ min: -60, max: 600 }), fc.nat(200), (all, from, length) => {
      const index = indexIntervals(all)
      const expected = index.items.filter(item => item.endMs >= from && item.startMs <= from + length)
      expect([...intervalsBetween(index, from, from + length)]).toEqual(expected)
    }),
  )
})

test('an interval holds its start and not its end', () => {
  expect([intervalAt(three, 200), intervalAt(three, 399), intervalAt(three, 400)]).toEqual([
    span(200, 400),
    span(200, 400),
    null,
  ])
})

test('walks to the neighbours', () => {
  expect([
    nextAfter(three, 200),
    lastBefore(three, 200),
    nextAfter(three, 500),
    lastBefore(three, 0),
  ]).toEqual([span(500, 900), span(0, 100), null, null])
})

test('knows the free room around a time', () => {
  expect([gapAround(three, 150, 1000), gapAround(three, 950, 1000), gapAround(three, 250, 1000)]).toEqual([
    span(100, 200),
    span(900, 1000),
    null,
  ])
})
