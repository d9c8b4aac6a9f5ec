import { intervalsBetween, type Interval, type IntervalIndex } from './interval-index.ts'
import type { Grip } from './spans.ts'
import { timeToX, xToTime, type Viewport } from './viewport.ts'

export interface Hit<T> {
  item: T
  grip: Grip
}

/** Edges are easier to grab than they are wide, but leave a third of a short annotation as its body. */
const EDGE_PX = 6
const OUTSIDE_PX = 3

/** What is under a pointer at `x` on a tier; of several the one drawn on top, and beside all of them the nearest edge. */
export function hitOn<T extends Interval>(index: IntervalIndex<T>, view: Viewport, x: number): Hit<T> | null {
  const timeMs = xToTime(view, x)
  let inside: Hit<T> | null = null
  let beside: Hit<T> | null = null
  let nearest = OUTSIDE_PX
  for (const item of intervalsBetween(
    index,
    timeMs - OUTSIDE_PX * view.msPerPx,
    timeMs + OUTSIDE_PX * view.msPerPx,
  )) {
    const left = timeToX(view, item.startMs)
    const right = Math.max(left + 1, timeToX(view, item.endMs))
    const edge = Math.min(EDGE_PX, (right - left) / 3)
    const fromEdge = Math.min(Math.abs(x - left), Math.abs(x - right))
    const grip = Math.abs(x - left) <= Math.abs(x - right) ? 'start' : 'end'
    if (x >= left && x < right) inside = { item, grip: fromEdge <= edge ? grip : 'body' }
    else if (fromEdge <= nearest) {
      beside = { item, grip }
      nearest = fromEdge
    }
  }
  return inside ?? beside
}
