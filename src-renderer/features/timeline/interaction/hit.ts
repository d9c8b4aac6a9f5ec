import type { Annotation } from '#shared/contract/annotation.ts'
import { itemsBetween, type Track } from '../document/track.ts'
import type { Grip } from './spans.ts'
import { timeToX, xToTime, type Viewport } from '../scene/viewport.ts'

export interface Hit {
  item: Annotation
  grip: Grip
}

/** Edges are easier to grab than they are wide, but leave a third of a short annotation as its body. */
const EDGE_PX = 6
const OUTSIDE_PX = 3

/** What is under a pointer at `x` on a tier; of several the one drawn on top, and beside all of them the nearest edge. */
export function hitOn(track: Track, view: Viewport, x: number): Hit | null {
  const timeMs = xToTime(view, x)
  let inside: Hit | null = null
  let beside: Hit | null = null
  let nearest = OUTSIDE_PX
  for (const item of itemsBetween(
    track,
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
