import { expect, test } from 'vitest'
import { createTexts, LOCALES, preferredLocale } from './index.ts'
import { de } from './de/index.ts'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

interface Messages {
  [key: string]: string | Messages
}

function sentences(messages: Messages, path = ''): [path: string, text: string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[path + key, value] as [string, string]]
      : sentences(value, `${path}${key}.`),
  )
}

const all: Record<(typeof LOCALES)[number], Messages> = { en, de, zh }
const english = new Map(sentences(en))
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

test.each(LOCALES)('every sentence of %s can be shown', locale => {
  const { t } = createTexts(locale).global
  const cannotBeShown = sentences(all[locale]).filter(([path]) => {
    try {
      t(path, { n: 2 }, 2)
      return false
    } catch {
      return true
    }
  })
  expect(cannotBeShown).toEqual([])
})

test.each(LOCALES)('%s has a sentence for each English one, with its values and plural forms', locale => {
  const own = new Map(sentences(all[locale]))
  expect([...own.keys()].sort()).toEqual([...english.keys()].sort())
  for (const [path, text] of own) {
    const original = english.get(path) ?? ''
    const forms = (words: string) => words.split(' | ').length
    expect(forms(text), path).toBe(forms(original))
    expect(
      placeholders(text).filter(name => !placeholders(original).includes(name) && name !== '{n}'),
      path,
    ).toEqual([])
  }
})

test('German sets an ellipsis apart, as its rules want, and has one word for a split', () => {
  const odd = sentences(de).filter(([, text]) => /\p{L}…/u.test(text) || /Teilmenge/.test(text))
  expect(odd).toEqual([])
})

test("chooses the first of the reader's languages that is spoken", () => {
  expect([
    preferredLocale(['fr-CH', 'zh-Hans-CN', 'de']),
    preferredLocale(['fr']),
    preferredLocale(['de-AT']),
  ]).toEqual(['zh', 'en', 'de'])
})
