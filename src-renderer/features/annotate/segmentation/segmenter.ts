export const VARIANTS = ['adjacent', 'pairs', 'fixed'] as const
/** ELAN's ways: each stroke ends one annotation and begins the next; a stroke begins, the next ends; a stroke is enough. */
export type Variant = (typeof VARIANTS)[number]

export interface SegmentSettings {
  variant: Variant
  /** Length of a fixed annotation in milliseconds of the recording. */
  lengthMs: number
  /** Whether a fixed annotation begins or ends at the stroke. */
  anchor: 'start' | 'end'
}

export interface Stroke {
  /** What the stroke completed. */
  span: { startMs: number; endMs: number } | null
  /** Where the annotation under way begins; null where none is. */
  openMs: number | null
}

/** What a stroke at a time means, given where an annotation was begun. Times are whole milliseconds. */
export function strokeAt(timeMs: number, openMs: number | null, settings: SegmentSettings): Stroke {
  const { variant, lengthMs, anchor } = settings
  if (variant === 'fixed') {
    const startMs = Math.max(0, anchor === 'start' ? timeMs : timeMs - lengthMs)
    return { span: { startMs, endMs: startMs + lengthMs }, openMs: null }
  }
  if (openMs === null) return { span: null, openMs: timeMs }
  // Played backwards, or gone back: the later of the two is the end.
  const [startMs, endMs] = openMs <= timeMs ? [openMs, timeMs] : [timeMs, openMs]
  const span = endMs > startMs ? { startMs, endMs } : null
  return { span, openMs: variant === 'adjacent' ? timeMs : span === null ? openMs : null }
}
