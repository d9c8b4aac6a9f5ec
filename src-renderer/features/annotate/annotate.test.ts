import type { Annotation } from '#shared/contract/annotation.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { NOWHERE, placeOf, withPlace } from './annotate-place.ts'
import { trackFrom, withItem, without } from '../timeline/document/track.ts'
import { createRows, freePart, itemAt, within } from './document.ts'
import { arranged } from './gloss/annotation-order.ts'
import { evenParts, mostFrequent, valuesByUse, wordsOf } from './gloss/tokens.ts'
import { cutTime, readingProblems, readingSpeed } from './subtitles/reading.ts'
import { matching } from './suggestions.ts'
import { parseTime } from './time-text.ts'

const note = (id: number, startMs: number, endMs: number, value = '', tierId = 1): Annotation => ({
  id: id as AnnotationId,
  tierId: tierId as TierId,
  startMs,
  endMs,
  value,
})
const three = [note(1, 0, 100), note(2, 100, 200), note(3, 400, 500)]

test.each([
  ['1:02:03.5', 3_723_500],
  ['00:00:12.480', 12_480],
  ['2:03', 123_000],
  ['12,34', 12_340],
  ['250ms', 250],
  ['-0.5', -500],
  ['−80 ms', -80],
  ['', null],
  ['1:2:3:4', null],
  ['soon', null],
])('reads %s as a time', (text, expected) => expect(parseTime(text)).toBe(expected))

test('finds what is at a time, what is inside a span, and what of a span is free', () => {
  expect([itemAt(three, 99)?.id, itemAt(three, 100)?.id, itemAt(three, 300)]).toEqual([1, 2, null])
  expect(within(three, { startMs: 100, endMs: 450 }).map(({ id }) => id)).toEqual([2])
  expect(freePart(three, { startMs: 150, endMs: 450 })).toEqual({ startMs: 200, endMs: 400 })
  expect(freePart(three, { startMs: 600, endMs: 700 })).toEqual({ startMs: 600, endMs: 700 })
  expect(freePart(three, { startMs: 20, endMs: 80 })).toBeNull()
})

test('the rows of a tier keep what an edit did not touch', () => {
  const rowsOf = createRows()
  const track = trackFrom(1 as TierId, three)
  const rows = rowsOf(track)
  expect([rows, rowsOf(track)]).toEqual([three, three])
  expect(rowsOf(track)).toBe(rows)

  const changed = rowsOf(withItem(track, note(2, 100, 200, 'neu')))
  expect(changed).toEqual([three[0], note(2, 100, 200, 'neu'), three[2]])
  expect([changed[0], changed[2]].map((row, at) => row === [rows[0], rows[2]][at])).toEqual([true, true])

  const shorter = rowsOf(without(track, 1))
  expect(shorter).toEqual([three[1], three[2]])
  expect(shorter[1]).toBe(rows[2])
  expect(rowsOf(trackFrom(1 as TierId, shorter))).toBe(shorter)
  expect(rowsOf(trackFrom(1 as TierId, []))).toEqual([])
})

test('cuts sentences into words, Chinese ones too', () => {
  expect(wordsOf(' im westen  regen ', 'de')).toEqual(['im', 'westen', 'regen'])
  expect(wordsOf('明天下雨', 'zh').join('')).toBe('明天下雨')
  expect(wordsOf('明天下雨', 'zh').length).toBeGreaterThan(1)
  expect(evenParts({ startMs: 0, endMs: 100 }, 3)).toEqual([
    { startMs: 0, endMs: 33 },
    { startMs: 33, endMs: 67 },
    { startMs: 67, endMs: 100 },
  ])
})

test('offers what is used most, and what begins so before what holds it', () => {
  const values = valuesByUse([
    note(1, 0, 1, 'OST'),
    note(2, 1, 2, 'WEST'),
    note(3, 2, 3, 'WEST'),
    note(4, 3, 4),
  ])
  expect(values).toEqual(['WEST', 'OST'])
  expect(matching(['NORDOST', 'OST', 'WEST'], 'ost')).toEqual(['OST', 'NORDOST'])
  expect(
    mostFrequent([
      ['A', 'x'],
      ['A', 'y'],
      ['A', 'y'],
      ['', 'z'],
    ]).get('A'),
  ).toBe('y')
})

test('checks subtitles by what a viewer can read', () => {
  expect(readingSpeed('zwei\nworte', 1000)).toBe(9)
  expect(readingProblems('ein kurzer satz', 2000)).toEqual([])
  expect(readingProblems('x'.repeat(50), 2000)).toEqual(['fast', 'long'])
  expect(readingProblems('明天北方有雨夹雪', 600)).toEqual(['fast', 'short'])
  expect(readingProblems(' ', 1000)).toEqual(['empty'])
})

test('cuts a subtitle at the frame on screen, or in proportion to its text', () => {
  const span = { startMs: 1000, endMs: 3000 }
  expect(cutTime(span, 'abcd', 1, 2200.4)).toBe(2200)
  expect(cutTime(span, 'abcd', 1, 5000)).toBe(1500)
})

test('the table filters by text, by expression and by tier, and sorts', () => {
  const items = [note(1, 300, 400, 'INDEX-1'), note(2, 0, 50, 'haus', 2), note(3, 100, 300, 'INDEX-2')]
  const names = (id: number) => `tier ${id}`
  const ids = (text: string, tierId: number | null, columnId: string, isDescending = false) =>
    arranged(items, { text, tierId }, { columnId, isDescending }, names).map(({ id }) => id)
  expect(ids('', null, 'begin')).toEqual([2, 3, 1])
  expect(ids('index', null, 'duration', true)).toEqual([3, 1])
  expect(ids('/^index-\\d$/', 1, 'value')).toEqual([1, 3])
  expect(ids('/(/', null, 'value')).toEqual([])
  expect(ids('', 2, 'tier')).toEqual([2])
})

test('remembers for each recording how it was left', () => {
  const [one, two] = [1 as RecordingId, 2 as RecordingId]
  const places = withPlace(withPlace(NOWHERE, one, { mode: 'gloss' }), two, { timeMs: 40 })
  expect([places.last, placeOf(places, one).mode, placeOf(places, two)]).toEqual([
    two,
    'gloss',
    { mode: 'annotation', timeMs: 40, rowTierId: null },
  ])
})
