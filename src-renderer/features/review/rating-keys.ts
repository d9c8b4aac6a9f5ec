/** What a key press does to a rating of 0–100; `typed` are the digits so far. */
export interface RatingEntry {
  value: number | null
  typed: string
}

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
}

/** Seven keys in a row for the seven labelled points of the scale: one key press, one judgement. */
const POINT_KEYS = 'qwertyu'

/** The value of a point key, from q = 0 to u = 100; null for other keys. */
export function pointOfKey(key: string): number | null {
  const point = key.length === 1 ? POINT_KEYS.indexOf(key) : -1
  return point < 0 ? null : Math.round((point * 100) / (POINT_KEYS.length - 1))
}

const MIDDLE = 50

function clamp(value: number): number {
  return Math.min(100, Math.max(0, value))
}

/** A digit continues the number that is being typed where that stays within 100, and else begins a new one. */
function typeDigit(typed: string, digit: string): RatingEntry {
  const longer = Number(typed + digit) <= 100 && typed !== '' && typed !== '0' ? typed + digit : digit
  return { value: Number(longer), typed: longer }
}

/** Null for a key that means nothing to a rating. */
export function rateByKey(key: string, { value, typed }: RatingEntry): RatingEntry | null {
  if (/^\d$/.test(key)) return typeDigit(typed, key)
  if (key === 'Backspace' || key === 'Delete') return { value: null, typed: '' }
  if (key === 'Home') return { value: 0, typed: '' }
  if (key === 'End') return { value: 100, typed: '' }
  const step = STEPS[key]
  return step === undefined ? null : { value: clamp((value ?? MIDDLE) + step), typed: '' }
}
