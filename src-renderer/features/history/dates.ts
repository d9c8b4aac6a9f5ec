export const PRESETS = ['hour', 'today', 'day', 'week', 'month'] as const
export type Preset = (typeof PRESETS)[number]

const HOUR_MS = 3_600_000
const AGO_MS: Record<Exclude<Preset, 'today'>, number> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
}

export function presetAt(preset: Preset, now: number): number {
  return preset === 'today' ? new Date(now).setHours(0, 0, 0, 0) : now - AGO_MS[preset]
}

/** What a `datetime-local` field holds for a moment, in the time zone of this machine. */
export function fieldTextOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19)
}

/** The last millisecond of the second that the field names, so that what was done in it is included; null: no date. */
export function atOf(text: string): number | null {
  const at = text === '' ? Number.NaN : new Date(text).getTime()
  return Number.isNaN(at) ? null : at + 999
}
