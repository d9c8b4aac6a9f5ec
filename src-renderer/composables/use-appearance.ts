import { usePreferredDark } from './use-media.ts'
import { computed, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { preferredLocale } from '../locales/index.ts'
import { useSettings } from '../stores/settings.ts'

/** Keeps the page's theme and language as the settings say, or as the system prefers. */
export function useAppearance(): void {
  const settings = useSettings()
  const isDarkPreferred = usePreferredDark()
  const { locale } = useI18n({ useScope: 'global' })

  const theme = computed(() => {
    const chosen = settings.current.theme
    if (chosen !== 'system') return chosen
    return isDarkPreferred.value ? 'dark' : 'light'
  })
  const language = computed(() => {
    const chosen = settings.current.locale
    return chosen === 'auto' ? preferredLocale(navigator.languages) : chosen
  })

  watch(theme, value => (document.documentElement.dataset['theme'] = value), { immediate: true })
  watch(
    language,
    value => {
      locale.value = value
      document.documentElement.lang = value
    },
    { immediate: true },
  )
}
