/** What part of a recording is on screen: the time at the left edge, the scale, and the room there is. */
export interface Viewport {
  startMs: number
  msPerPx: number
  widthPx: number
  durationMs: number
}

/** 8 px a millisecond shows a 1 ms annotation as something that can be grabbed. */
const MIN_MS_PER_PX = 0.125

export function timeToX(view: Viewport, timeMs: number): number {
  return (timeMs - view.startMs) / view.msPerPx
}

export function xToTime(view: Viewport, x: number): number {
  return view.startMs + x * view.msPerPx
}

export function endMs(view: Viewport): number {
  return view.startMs + view.widthPx * view.msPerPx
}

/** The scale at which the whole recording is just visible. */
export function fittingScale(view: Pick<Viewport, 'widthPx' | 'durationMs'>): number {
  return Math.max(MIN_MS_PER_PX, view.durationMs / Math.max(1, view.widthPx))
}

/** Keeps the scale between "everything" and "a millisecond is wide", and the window inside the recording. */
export function clampViewport(view: Viewport): Viewport {
  const msPerPx = Math.min(fittingScale(view), Math.max(MIN_MS_PER_PX, view.msPerPx))
  const latest = Math.max(0, view.durationMs - view.widthPx * msPerPx)
  return { ...view, msPerPx, startMs: Math.min(latest, Math.max(0, view.startMs)) }
}

/** Zooms by a factor (> 1 shows less) so that the time under `x` stays under `x`. */
export function zoomAt(view: Viewport, x: number, factor: number): Viewport {
  const anchorMs = xToTime(view, x)
  const msPerPx = Math.min(fittingScale(view), Math.max(MIN_MS_PER_PX, view.msPerPx / factor))
  return clampViewport({ ...view, msPerPx, startMs: anchorMs - x * msPerPx })
}

export function panBy(view: Viewport, pixels: number): Viewport {
  return clampViewport({ ...view, startMs: view.startMs + pixels * view.msPerPx })
}

export function resized(view: Viewport, widthPx: number): Viewport {
  return clampViewport({ ...view, widthPx: Math.max(1, widthPx) })
}

/** Shows a span with some air on both sides. */
export function fitSpan(view: Viewport, span: { startMs: number; endMs: number }, air = 0.04): Viewport {
  const length = Math.max(1, span.endMs - span.startMs)
  const msPerPx = (length * (1 + 2 * air)) / Math.max(1, view.widthPx)
  return clampViewport({ ...view, msPerPx, startMs: span.startMs - length * air })
}

/** Moves the window only where the time is outside, and then by most of a page, as a reader turns pages. */
export function reveal(view: Viewport, timeMs: number): Viewport {
  const length = view.widthPx * view.msPerPx
  if (timeMs >= view.startMs && timeMs <= view.startMs + length) return view
  const lead = timeMs < view.startMs ? 0.9 : 0.1
  return clampViewport({ ...view, startMs: timeMs - length * lead })
}
