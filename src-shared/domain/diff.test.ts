import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffSentences } from './diff.ts'
import { splitCharacters, splitWords } from './text.ts'

const marked = (reference: string, hypothesis: string, options = {}) =>
  diffSentences(reference, hypothesis, options)
    .runs.map(({ kind, text }) => ({ kept: text, added: `{+${text}+}`, removed: `[-${text}-]` })[kind])
    .join('')

test.each([
  [
    'Morgen regnet es im Norden.',
    'Heute regnet es im Süden.',
    '[-Morgen -]{+Heute +}regnet es im [-Norden -]{+Süden+}.',
  ],
  ['es regnet', 'es regnet stark', 'es regnet {+stark+}'],
  ['es regnet stark', 'es regnet', 'es regnet [-stark-]'],
  ['今天天气很好。', '今天的天气好。', '今天{+的+}天气[-很-]好。'],
  ['Gleis 4,5', 'Gleis 4,6', 'Gleis [-4,5 -]{+4,6+}'],
  ["don't stop", 'do not stop', "[-don't -]{+do not +}stop"],
  ['u\u0308ber uns', '\u00fcber uns', '\u00fcber uns'],
  ['', 'neu', '{+neu+}'],
  ['alt', '', '[-alt-]'],
  ['', '', ''],
])('words of %j against %j', (reference, hypothesis, expected) => {
  expect(marked(reference, hypothesis)).toBe(expected)
})

test.each([
  ['Wolke', 'Wolken', 'Wolke{+n+}'],
  ['👩‍👩‍👧 da', '👩‍👩‍👦 da', '[-👩‍👩‍👧-]{+👩‍👩‍👦+} da'],
  ['天气很好', '天氣好', '天[-气很-]{+氣+}好'],
])('characters of %j against %j', (reference, hypothesis, expected) => {
  expect(marked(reference, hypothesis, { unit: 'character' })).toBe(expected)
})

test('case may be ignored', () => {
  expect(marked('Der Wind', 'der wind', { ignoreCase: true })).toBe('der wind')
})

test('cuts words, marks and characters of unspaced scripts', () => {
  expect(splitWords(' „Süd-West“ um 3,5 Uhr — l’eau 手语abc!').map(({ key }) => key)).toEqual([
    '„',
    'Süd-West',
    '“',
    'um',
    '3,5',
    'Uhr',
    '—',
    'l’eau',
    '手',
    '语',
    'abc',
    '!',
  ])
})

test('each side joined is the sentence it came from', () => {
  const sentence = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .array(fc.constantFrom('es ', 'regnet', ' ', '雨', '.', 'ü', 'u\u0308', '3,5', '\t'), { maxLength: 12 })
      .map(parts => parts.join('')),
  )
  fc.assert(
    fc.property(sentence, sentence, fc.constantFrom('word' as const, 'character' as const), (a, b, unit) => {
      const diff = diffSentences(a, b, { unit })
      const join = (runs: readonly { text: string }[]) => runs.map(({ text }) => text).join('')
      expect([join(diff.reference), join(diff.hypothesis)]).toEqual([a, b])
      expect(diffSentences(a, a, { unit }).changes).toBe(0)
    }),
    { numRuns: 1000 },
  )
})

test('characters are those of the Unicode segmenter, also where a short cut is taken', () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0x20, max: 0x24ff }).map(code => String.fromCodePoint(code)) }),
    fc.string({ unit: fc.integer({ min: 0x3000, max: 0x30ff }).map(code => String.fromCodePoint(code)) }),
    fc.string({ unit: fc.integer({ min: 0xff00, max: 0xffa0 }).map(code => String.fromCodePoint(code)) }),
  )
  fc.assert(
    fc.property(text, sentence => {
      expect(splitCharacters(sentence).map(({ text: character }) => character)).toEqual(
        Array.from(segmenter.segment(sentence), ({ segment }) => segment),
      )
    }),
    { numRuns: 400 },
  )
})
