export interface CueTiming {
  startMs: number
  endMs: number
  settings: string
  /** Not written as its format asks for, though it can be understood. */
  isOdd: boolean
}

const TIMING = /^\s*(-?[\d:.,]+)\s*-+>\s*(-?[\d:.,]+)(?:\s+(.*?))?\s*$/

const STRICT = {
  srt: /^\d{2,}:[0-5]\d:[0-5]\d,\d{3}$/,
  vtt: /^(\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}$/,
} as const

/** Reads `00:01:02,500 --> 1:03.5 align:start`; null where the line is no timing. */
export function parseTiming(line: string, format: 'srt' | 'vtt'): CueTiming | null {
  if (!line.includes('->')) return null
  const match = TIMING.exec(line)
  const [, start = '', end = '', settings = ''] = match ?? []
  const [startMs, endMs] = [parseTime(start), parseTime(end)]
  if (startMs === null || endMs === null) return null
  const isStrict = STRICT[format].test(start) && STRICT[format].test(end) && line.includes(' --> ')
  return { startMs, endMs, settings, isOdd: !isStrict }
}

/** Hours may be missing, and the separators be any of `:.,`: the last number is the fraction of a second. */
function parseTime(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1
  const parts = text.replace('-', '').split(/[:.,]/)
  if (parts.length < 2 || parts.length > 4 || parts.some(part => !/^\d{1,9}$/.test(part))) return null
  const hasFraction = parts.length > 2 || /[.,]\d+$/.test(text)
  const fraction = hasFraction ? Number(`0.${parts.pop()}`) : 0
  const seconds = parts.reduce((sum, part) => sum * 60 + Number(part), 0)
  return sign * Math.round((seconds + fraction) * 1000) + 0
}

/** `00:01:02,500` with the separator of the format. A time before the beginning keeps its sign, as some files have it. */
export function formatTime(milliseconds: number, separator: ',' | '.'): string {
  const total = Math.abs(milliseconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = two(Math.floor(total / 3_600_000))
  const minutes = two(Math.floor(total / 60_000) % 60)
  const seconds = two(Math.floor(total / 1000) % 60)
  return `${milliseconds < 0 ? '-' : ''}${hours}:${minutes}:${seconds}${separator}${String(total % 1000).padStart(3, '0')}`
}
