export const VARIANTS = ['adjacent', 'pairs', 'fixed', 'states', 'points'] as const
/**
 * ELAN's ways: each stroke ends one annotation and begins the next; a stroke begins, the next ends; a stroke is enough.
 * And BORIS's, where each entry of the vocabulary has a key: its state begins and ends, or it is a point.
 */
export type Variant = (typeof VARIANTS)[number]

/** Whether the keys of the vocabulary's entries are strokes. */
export function takesEntries(variant: Variant): boolean {
  return variant === 'states' || variant === 'points'
}

export function isFixed(variant: Variant): boolean {
  return variant === 'fixed' || variant === 'points'
}

export interface SegmentSettings {
  variant: Variant
  /** Length of a fixed annotation in milliseconds of the recording. */
  lengthMs: number
  /** Whether a fixed annotation begins or ends at the stroke. */
  anchor: 'start' | 'end'
}

/** An annotation under way. */
export interface Open {
  startMs: number
  /** The text that it will have; empty without an entry. */
  value: string
}

export interface Stroke {
  /** What the stroke completed. */
  span: { startMs: number; endMs: number; value: string } | null
  open: Open | null
}

/**
 * What a stroke at a time means, given what is under way; `value` is the entry whose key it was. Times are whole
 * milliseconds. On one tier states exclude each other: another entry ends the one under way.
 */
export function strokeAt(timeMs: number, open: Open | null, settings: SegmentSettings, value = ''): Stroke {
  const { variant, lengthMs, anchor } = settings
  if (isFixed(variant)) {
    const startMs = Math.max(0, anchor === 'start' ? timeMs : timeMs - lengthMs)
    return { span: { startMs, endMs: startMs + lengthMs, value }, open: null }
  }
  const begun = { startMs: timeMs, value }
  if (open === null) return { span: null, open: begun }
  // Played backwards, or gone back: the later of the two is the end.
  const [startMs, endMs] = open.startMs <= timeMs ? [open.startMs, timeMs] : [timeMs, open.startMs]
  const span = endMs > startMs ? { startMs, endMs, value: open.value } : null
  const goesOn = variant === 'adjacent' || value !== open.value
  return { span, open: goesOn ? begun : span === null ? open : null }
}
