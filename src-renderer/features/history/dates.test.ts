import { expect, test } from 'vitest'
import { atOf, fieldTextOf, presetAt } from './dates.ts'

test('a moment survives the way through the field, to the end of its second', () => {
  const at = new Date(2026, 2, 29, 14, 5, 7, 250).getTime()
  expect(fieldTextOf(at)).toBe('2026-03-29T14:05:07')
  expect(atOf(fieldTextOf(at))).toBe(at - 250 + 999)
})

test('no date is no moment', () => {
  expect([atOf(''), atOf('yesterday')]).toEqual([null, null])
})

test('today begins at midnight of this place', () => {
  const noon = new Date(2026, 5, 1, 12).getTime()
  expect([presetAt('today', noon), presetAt('hour', noon)]).toEqual([
    new Date(2026, 5, 1).getTime(),
    new Date(2026, 5, 1, 11).getTime(),
  ])
})
