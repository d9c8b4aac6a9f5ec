import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { en } from '../locales/en/index.ts'
import type { PathOf } from '../locales/translation.ts'

export type TextKey = PathOf<typeof en>

/** A sentence of the interface. `count` chooses between the plural forms that a sentence separates by `|`. */
export type TranslateText = (key: TextKey, values?: Record<string, unknown>, count?: number) => string

export interface Text {
  t: TranslateText
  /** The language shown, for `Intl` and sorting. */
  locale: Readonly<Ref<string>>
}

/** vue-i18n's translator with keys that the compiler knows. */
export function useText(): Text {
  const { t, locale } = useI18n()
  const translate: TranslateText = (key, values = {}, count) =>
    count === undefined ? t(key, values) : t(key, values, count)
  return { t: translate, locale }
}
