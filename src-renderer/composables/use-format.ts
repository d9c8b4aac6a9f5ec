import { computed } from 'vue'
import { useText } from './use-text.ts'

const SECOND_MS = 1000
const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400
const MISSING = '–'

/** `00:00:02.920`, what the transport and the import preview show. */
export function timeCode(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')
  const seconds = Math.floor(whole / SECOND_MS)
  const [h, m, s] = [
    Math.floor(seconds / HOUR_S),
    Math.floor((seconds % HOUR_S) / MINUTE_S),
    seconds % MINUTE_S,
  ]
  return `${pad(h)}:${pad(m)}:${pad(s)}.${pad(whole % SECOND_MS, 3)}`
}

function sizeUnit(bytes: number): { power: number; unit: string } {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return { power, unit: units[power] ?? 'B' }
}

function fixedDigits(locale: string, count: number): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: count, maximumFractionDigits: count })
}

/** Numbers, times and sizes as the reader's language writes them. */
export function useFormat() {
  const { t, locale } = useText()
  const digits = (count: number) => computed(() => fixedDigits(locale.value, count))
  const [whole, tenth, hundredth] = [digits(0), digits(1), digits(2)]
  const dateAndTime = computed(
    () => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }),
  )
  const dateOnly = computed(() => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }))
  const relative = computed(() => new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }))

  const languages = computed(() => new Intl.DisplayNames(locale.value, { type: 'language' }))

  const count = (value: number) => whole.value.format(value)
  const decimal = (value: number | null) => (value === null ? MISSING : tenth.value.format(value))
  /** Shares of one need a second digit, scores out of a hundred do not. */
  const score = (value: number) => (value <= 1 ? hundredth : tenth).value.format(value)
  const seconds = (milliseconds: number) => `${tenth.value.format(milliseconds / SECOND_MS)} s`
  const day = (timestamp: number) => dateOnly.value.format(timestamp)
  const dateTime = (timestamp: number) => dateAndTime.value.format(timestamp)

  /** The name of a language tag; what is no tag stays as it is. */
  function languageName(tag: string): string {
    try {
      return languages.value.of(tag) ?? tag
    } catch {
      return tag
    }
  }

  function bytes(value: number): string {
    const { power, unit } = sizeUnit(value)
    return `${(power < 2 ? whole : tenth).value.format(value / 1000 ** power)} ${unit}`
  }

  function ago(timestamp: number, now = Date.now()): string {
    const passed = Math.round((timestamp - now) / SECOND_MS)
    const size = Math.abs(passed)
    if (size < MINUTE_S) return relative.value.format(0, 'second')
    if (size < HOUR_S) return relative.value.format(Math.round(passed / MINUTE_S), 'minute')
    if (size < DAY_S) return relative.value.format(Math.round(passed / HOUR_S), 'hour')
    return relative.value.format(Math.round(passed / DAY_S), 'day')
  }

  /** "4 min left": rounded so that it does not flicker. */
  function timeLeft(left: number | null): string {
    if (left === null || !Number.isFinite(left)) return ''
    if (left < MINUTE_S) return t('common.secondsLeft', { n: Math.max(1, Math.ceil(left)) })
    if (left < HOUR_S) return t('common.minutesLeft', { n: Math.ceil(left / MINUTE_S) })
    const minutes = Math.ceil(left / MINUTE_S)
    return t('common.hoursLeft', { h: Math.floor(minutes / 60), m: minutes % 60 })
  }

  /** `1 tier`, `3 tiers`: numerals, because they stand among other facts. */
  const tiers = (n: number) => t('common.tiers', { n: count(n) }, n)
  const annotations = (n: number) => t('common.annotations', { n: count(n) }, n)

  return {
    languageName,
    count,
    tiers,
    annotations,
    decimal,
    score,
    seconds,
    day,
    dateTime,
    bytes,
    ago,
    timeLeft,
  }
}
