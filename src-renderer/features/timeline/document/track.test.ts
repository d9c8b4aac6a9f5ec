import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  gapAround,
  hasEdgeAt,
  itemAt,
  itemAtTime,
  itemOf,
  itemsBetween,
  lastBefore,
  nextAfter,
  roomFor,
  sharedRoom,
  shifted,
  type Track,
  trackFrom,
  trackOf,
  withItem,
  withThese,
  without,
} from './track.ts'

const TIER = 3 as TierId
const note = (id: number, startMs: number, endMs: number, value = '') => ({
  id: id as AnnotationId,
  tierId: TIER,
  startMs,
  endMs,
  value,
})
const [late, early, middle] = [note(1, 500, 900), note(2, 0, 100), note(3, 200, 400)]
const three = trackFrom(TIER, [late, early, middle])
const all = (track: Track) => Array.from({ length: track.length }, (_, at) => itemAt(track, at))

test('reads the columns of the wire', () => {
  const column = (...numbers: number[]) =>
    btoa(String.fromCharCode(...new Uint8Array(Uint32Array.from(numbers).buffer)))
  const track = trackOf({
    tierId: TIER,
    count: 2,
    ids: column(7, 8),
    startsMs: column(2 ** 32 - 5, 2_000_000_000),
    endsMs: column(10, 2_000_000_010),
    parentIds: column(0, 5),
    texts: ['SONNE'],
    values: column(0, 0),
  })
  expect([all(track), [...track.parents]]).toEqual([
    [note(7, -5, 10, 'SONNE'), note(8, 2_000_000_000, 2_000_000_010, 'SONNE')],
    [0, 5],
  ])
})

test('finds what a window touches, in order', () => {
  expect([...itemsBetween(three, 50, 500)]).toEqual([early, middle, late])
  expect([...itemsBetween(three, 101, 199)]).toEqual([])
})

test('finds a long annotation that began far to the left of many short ones', () => {
  const long = note(1, 0, 10_000)
  const track = trackFrom(TIER, [
    long,
    ...Array.from({ length: 500 }, (_, n) => note(n + 2, n * 10, n * 10 + 5)),
  ])
  expect([...itemsBetween(track, 9000, 9100)]).toEqual([long])
})

const anyTrack = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 500 }), fc.integer({ min: 0, max: 200 })))
  .map(spans =>
    trackFrom(
      TIER,
      spans.map(([start, length], n) => note(n + 1, start, start + length)),
    ),
  )

test('equals a plain filter for any annotations and window', () => {
  fc.assert(
    fc.property(
      anyTrack,
      fc.double({ min: -60, max: 600, noNaN: true }),
      fc.nat(200),
      (track, from, length) => {
        const expected = all(track).filter(item => item.endMs >= from && item.startMs <= from + length)
        expect([...itemsBetween(track, from, from + length)]).toEqual(expected)
      },
    ),
  )
})

test('an annotation holds its start and not its end', () => {
  expect([itemAtTime(three, 200), itemAtTime(three, 399.5), itemAtTime(three, 400)]).toEqual([
    middle,
    middle,
    null,
  ])
})

test('walks to the neighbours', () => {
  expect([
    nextAfter(three, 200),
    lastBefore(three, 200),
    nextAfter(three, 500),
    lastBefore(three, 0),
  ]).toEqual([late, early, null, null])
})

test('knows the free room around a time and around an annotation', () => {
  expect([gapAround(three, 150, 1000), gapAround(three, 950, 1000), gapAround(three, 250, 1000)]).toEqual([
    { startMs: 100, endMs: 200 },
    { startMs: 900, endMs: 1000 },
    null,
  ])
  expect(roomFor(three, middle, 1000)).toEqual({ startMs: 100, endMs: 500 })
})

test('annotations that move together have the room that the others leave', () => {
  const five = trackFrom(TIER, [early, middle, late, note(4, 400, 450), note(5, 950, 990)])
  expect([
    sharedRoom(five, new Set([3, 4]), 1000),
    sharedRoom(five, new Set([1, 5]), 1000),
    sharedRoom(five, new Set(), 1000),
  ]).toEqual([
    { fromMs: -100, toMs: 50 },
    { fromMs: -50, toMs: 10 },
    { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY },
  ])
  const moved = shifted(five, new Set([3, 4]), 50)
  expect([itemOf(moved, 3), itemOf(moved, 4), itemOf(moved, 1)]).toEqual([
    { ...middle, startMs: 250, endMs: 450 },
    note(4, 450, 500),
    late,
  ])
})

test('knows where an edge is, but for those that are held', () => {
  const held = new Set([3])
  expect([hasEdgeAt(three, 900, held), hasEdgeAt(three, 700, held), hasEdgeAt(three, 200, held)]).toEqual([
    true,
    false,
    false,
  ])
})

test('takes over what changed, and drops what went or moved to another tier', () => {
  const moved = { ...late, startMs: 110, endMs: 150, value: 'neu', parentId: 9 }
  const elsewhere = { ...early, tierId: 4 as TierId, parentId: null }
  const track = withThese(three, [1, 2, 3], [moved, elsewhere])
  expect([all(track), [...track.parents]]).toEqual([
    [{ ...late, startMs: 110, endMs: 150, value: 'neu' }],
    [9],
  ])
})

test('a changed track is the track of the changed annotations', () => {
  fc.assert(
    fc.property(anyTrack, fc.nat(600), fc.nat(90), (track, startMs, id) => {
      const fresh = note(id + 1, startMs, startMs + 40, 'neu')
      const rest = all(track).filter(item => item.id !== fresh.id)
      expect(without(track, fresh.id)).toEqual(trackFrom(TIER, rest))
      const items = all(withItem(track, fresh))
      expect(items).toHaveLength(rest.length + 1)
      expect(items).toEqual(expect.arrayContaining([...rest, fresh]))
      expect(items.map(item => item.startMs)).toEqual(items.map(item => item.startMs).sort((a, b) => a - b))
    }),
  )
})
