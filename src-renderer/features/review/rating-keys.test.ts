import { expect, test } from 'vitest'
import { pointOfKey, rateByKey, type RatingEntry } from './rating-keys.ts'

function press(keys: string[], start: number | null = null): number | null {
  let entry: RatingEntry = { value: start, typed: '' }
  for (const key of keys) entry = rateByKey(key, entry) ?? entry
  return entry.value
}

test.each([
  [['7', '2'], 72],
  [['1', '0', '0'], 100],
  [['7', '2', '5'], 5],
  [['0', '5'], 5],
  [['9'], 9],
  [['8', 'ArrowRight'], 9],
  [['PageUp', 'PageUp'], 70],
  [['End', 'ArrowUp'], 100],
  [['Home', 'ArrowDown'], 0],
  [['6', '0', 'Delete'], null],
  [['4', 'x', '0'], 40],
])('%j', (keys, expected) => {
  expect(press(keys)).toBe(expected)
})

test('seven keys in a row give the seven labelled points', () => {
  expect([...'qwertyu'].map(pointOfKey)).toEqual([0, 17, 33, 50, 67, 83, 100])
  expect([pointOfKey('a'), pointOfKey('Enter')]).toEqual([null, null])
})
