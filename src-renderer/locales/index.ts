import { createI18n } from 'vue-i18n'
import { de } from './de/index.ts'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

export const LOCALES = ['en', 'de', 'zh'] as const
export type Locale = (typeof LOCALES)[number]

export const LOCALE_NAMES: Record<Locale, string> = { en: 'English', de: 'Deutsch', zh: '中文' }

/** The first of the reader's languages that the program speaks. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const found = LOCALES.find(locale => language.toLowerCase().split('-')[0] === locale)
    if (found) return found
  }
  return 'en'
}

export function createTexts(locale: Locale) {
  return createI18n({ legacy: false, locale, fallbackLocale: 'en', messages: { en, de, zh } })
}
