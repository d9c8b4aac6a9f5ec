import { expect, test } from 'vitest'
import { tokenWords } from './words.ts'

const tokenizerOf = (pieces: readonly string[]) => ({
  decode: (ids: readonly number[]) => ids.map(id => pieces[id]).join(''),
})

test('a word of several tokens and the stop after it', () => {
  const pieces = ['am', ' don', 'ners', 'tag', ' regen', '.', '']
  const text = 'am donnerstag regen.'
  expect(
    tokenWords(text, [0, 1, 2, 3, 4, 5, 6], tokenizerOf(pieces), 'de').map(({ from, to, ...tokens }) => ({
      word: text.slice(from, to),
      ...tokens,
    })),
  ).toEqual([
    { word: 'am', firstToken: 0, lastToken: 0 },
    { word: 'donnerstag', firstToken: 1, lastToken: 3 },
    { word: 'regen', firstToken: 4, lastToken: 4 },
  ])
})

test('Chinese words need no spaces, and a token may hold two of them', () => {
  const text = '明天下雨'
  const words = tokenWords(text, [0, 1], tokenizerOf(['明', '天下雨']), 'zh')
  expect(words.map(({ from, to }) => text.slice(from, to)).join('')).toBe(text)
  expect(words[0]).toMatchObject({ from: 0, firstToken: 0 })
  expect(words.at(-1)).toMatchObject({ to: 4, lastToken: 1 })
})
