/** Whole milliseconds as a clock: `00:41.520`, `1:02:03.004`. Negative times keep their sign. */
export function formatClock(milliseconds: number): string {
  const total = Math.round(Math.abs(milliseconds))
  const sign = milliseconds < 0 && total > 0 ? '-' : ''
  const hours = Math.floor(total / 3_600_000)
  const minutes = pad(Math.floor(total / 60_000) % 60, 2)
  const seconds = `${pad(Math.floor(total / 1000) % 60, 2)}.${pad(total % 1000, 3)}`
  return hours > 0 ? `${sign}${hours}:${minutes}:${seconds}` : `${sign}${minutes}:${seconds}`
}

const CLOCK = /^(-)?(?:(?:(\d+):)?(\d{1,2}):)?(\d+)(?:[.,](\d{1,3})\d*)?$/

/** Reads `1:02:03.004`, `02:03,5`, `41.52` (seconds) as whole milliseconds; null where it is no time. */
export function parseClock(text: string): number | null {
  const match = CLOCK.exec(text.trim())
  if (!match) return null
  const [, sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
  const isPastSixty =
    (match[3] !== undefined && Number(seconds) > 59) || (match[2] !== undefined && Number(minutes) > 59)
  if (isPastSixty) return null
  const whole = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
  const milliseconds = whole + Number(fraction.padEnd(3, '0'))
  return sign && milliseconds > 0 ? -milliseconds : milliseconds
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
