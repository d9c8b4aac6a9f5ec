import { endMs, timeToX, type Viewport } from './viewport.ts'

export interface Tick {
  x: number
  /** Null for the small ticks between two labelled ones. */
  label: string | null
}

/** Milliseconds between labelled ticks, with the number of parts that each is cut into. */
const STEPS: readonly (readonly [stepMs: number, parts: number])[] = [
  [1, 1],
  [2, 2],
  [5, 5],
  [10, 10],
  [20, 4],
  [50, 5],
  [100, 10],
  [200, 4],
  [500, 5],
  [1000, 5],
  [2000, 4],
  [5000, 5],
  [10_000, 10],
  [30_000, 6],
  [60_000, 6],
  [120_000, 4],
  [300_000, 5],
  [600_000, 10],
  [1_800_000, 6],
  [3_600_000, 6],
]

/** The smallest step whose labels do not touch. */
export function stepFor(msPerPx: number, roomPx = 64): { stepMs: number; parts: number } {
  const wanted = msPerPx * roomPx
  const found = STEPS.find(([stepMs]) => stepMs >= wanted) ?? STEPS.at(-1)
  return { stepMs: found?.[0] ?? 1000, parts: found?.[1] ?? 5 }
}

export function tickLabel(timeMs: number, stepMs: number): string {
  if (stepMs >= 1000 && timeMs < 60_000) return `${Math.round(timeMs / 1000)} s`
  const decimals = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3
  if (timeMs < 60_000) return `${(timeMs / 1000).toFixed(decimals)} s`
  const hours = Math.floor(timeMs / 3_600_000)
  const minutes = Math.floor(timeMs / 60_000) % 60
  const seconds = ((timeMs % 60_000) / 1000).toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

/** Ticks of the visible part, left to right. */
export function ticks(view: Viewport): Tick[] {
  const { stepMs, parts } = stepFor(view.msPerPx)
  const smallMs = stepMs / parts
  const first = Math.max(0, Math.floor(view.startMs / smallMs))
  const last = Math.ceil(Math.min(endMs(view), view.durationMs) / smallMs)
  const found: Tick[] = []
  for (let n = first; n <= last; n += 1) {
    const isLabelled = n % parts === 0
    found.push({
      x: timeToX(view, n * smallMs),
      label: isLabelled ? tickLabel((n / parts) * stepMs, stepMs) : null,
    })
  }
  return found
}
