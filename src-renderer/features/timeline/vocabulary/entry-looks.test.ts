import type { VocabularyEntry } from '#shared/contract/vocabulary.ts'
import { expect, test } from 'vitest'
import { looksOf, matching, valueOf } from './entry-looks.ts'

const entry = (id: number, value: string, description = '') =>
  ({
    id,
    cveId: '',
    externalRef: '',
    look: null,
    values: [{ language: '', value, description }],
  }) as unknown as VocabularyEntry
const handshapes = [
  entry(1, 'flat'),
  entry(2, 'fist'),
  entry(3, 'pinch', 'thumb and index, as in F'),
  entry(4, 'index'),
]

test('what begins with the typed text comes before what holds it anywhere', () => {
  expect([
    matching(handshapes, 'F').map(valueOf),
    matching(handshapes, 'ind').map(valueOf),
    matching(handshapes, ' ').length,
    matching(handshapes, 'zzz'),
  ]).toEqual([['flat', 'fist', 'pinch'], ['index', 'pinch'], 4, []])
})

test('entries without a key of their own take the digits that are left', () => {
  const looks = looksOf(
    handshapes.map(each => (each.id === 2 ? { ...each, look: { key: '1', colour: 'warn' } } : each)),
  )
  expect([...looks].map(([id, { key, colour }]) => `${id}:${key}${colour}`)).toEqual([
    '1:2',
    '2:1warn',
    '3:3',
    '4:4',
  ])
})
