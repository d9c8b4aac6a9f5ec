import { expect, test } from 'vitest'
import { foldedWord, isSpelledOtherwise, spellingIndex } from './gloss-spelling.ts'

test.each([
  ['KUESTE', 'küste'],
  ['BEWOELKT', 'bewölkt'],
  ['Größe', 'GROESSE'],
  ['SU\u0308DEN', 'süden'],
])('%s and %s are one word, spelled otherwise', (gloss, word) => {
  expect([foldedWord(gloss) === foldedWord(word), isSpelledOtherwise(gloss, word)]).toEqual([
    true,
    gloss !== 'SU\u0308DEN',
  ])
})

test('of several words that fit, the one that is spelled most alike is found', () => {
  const find = spellingIndex(['masse', 'maße', 'Regen', 'regen'])
  expect(['maße', 'MASSE', 'regen', 'REGEN', 'Masse ', 'schnee'].map(find)).toEqual([
    'maße',
    'masse',
    'regen',
    'regen',
    'masse',
    undefined,
  ])
})
