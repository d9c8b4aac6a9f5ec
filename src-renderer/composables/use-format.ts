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

/** Made once: a table of a hundred thousand rows asks for the same few. */
const numberFormats = new Map<string, Intl.NumberFormat>()

function numberFormat(locale: string, least: number, most: number): Intl.NumberFormat {
  const key = `${locale} ${least} ${most}`
  const known = numberFormats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most })
  numberFormats.set(key, made)
  return made
}

function inLargestUnit(passed: number): [count: number, unit: Intl.RelativeTimeFormatUnit] {
  const size = Math.abs(passed)
  if (size < MINUTE_S) return [0, 'second']
  if (size < HOUR_S) return [Math.round(passed / MINUTE_S), 'minute']
  if (size < DAY_S) return [Math.round(passed / HOUR_S), 'hour']
  return [Math.round(passed / DAY_S), 'day']
}

/** Numbers, times and sizes as the reader's language writes them. */
export function useFormat() {
  const { t, locale } = useText()
  const dateAndTime = computed(
    () => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }),
  )
  const dateOnly = computed(() => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }))
  const relative = computed(() => new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }))

  const languages = computed(() => new Intl.DisplayNames(locale.value, { type: 'language' }))

  /** With exactly so many digits behind the decimal sign; a dash where there is no number. */
  const fixed = (value: number | null | undefined, digits: number) =>
    value === null || value === undefined ? MISSING : numberFormat(locale.value, digits, digits).format(value)
  /** With two digits behind the decimal sign at most. */
  const number = (value: number) => numberFormat(locale.value, 0, 2).format(value)
  const count = (value: number) => fixed(value, 0)
  const decimal = (value: number | null) => fixed(value, 1)
  /** Shares of one need a second digit, scores out of a hundred do not. */
  const score = (value: number) => fixed(value, value <= 1 ? 2 : 1)
  const seconds = (milliseconds: number) => `${decimal(milliseconds / SECOND_MS)} s`
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
    return `${fixed(value / 1000 ** power, power < 2 ? 0 : 1)} ${unit}`
  }

  function ago(timestamp: number, now = Date.now()): string {
    const [passed, unit] = inLargestUnit(Math.round((timestamp - now) / SECOND_MS))
    return relative.value.format(passed, unit)
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
    fixed,
    number,
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
