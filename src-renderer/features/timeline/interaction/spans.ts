import type { Interval } from '../document/track.ts'

export type Grip = 'start' | 'end' | 'body'

/** Turns any time into one that an annotation may begin or end at. */
export type Snap = (timeMs: number) => number

export const noSnap: Snap = timeMs => Math.round(timeMs)

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(low, high), Math.max(low, value))
}

/** A span keeps its length when it moves: what snaps is its start, and it stops at its neighbours. */
function movedSpan(span: Interval, deltaMs: number, room: Interval, snap: Snap): Interval {
  const length = span.endMs - span.startMs
  const startMs = clamp(snap(span.startMs + deltaMs), room.startMs, room.endMs - length)
  return { startMs, endMs: startMs + length }
}

/** What a span becomes when it is dragged by one of its grips within the room that its neighbours leave. */
export function draggedSpan(
  span: Interval,
  grip: Grip,
  deltaMs: number,
  room: Interval,
  snap: Snap,
): Interval {
  if (grip === 'body') return movedSpan(span, deltaMs, room, snap)
  if (grip === 'start') {
    const startMs = clamp(snap(span.startMs + deltaMs), room.startMs, span.endMs - 1)
    return { startMs, endMs: span.endMs }
  }
  const endMs = clamp(snap(span.endMs + deltaMs), span.startMs + 1, room.endMs)
  return { startMs: span.startMs, endMs }
}

/** The span between where a drag began and where the pointer is now, in either direction. */
export function sweptSpan(fromMs: number, toMs: number, room: Interval, snap: Snap): Interval {
  const [low, high] = fromMs <= toMs ? [fromMs, toMs] : [toMs, fromMs]
  return {
    startMs: clamp(snap(low), room.startMs, room.endMs),
    endMs: clamp(snap(high), room.startMs, room.endMs),
  }
}

/** Snaps to an edge nearby (another annotation, the playhead) and else by `otherwise`. */
export function magnetic(
  edgesNear: (timeMs: number) => Iterable<number>,
  reachMs: number,
  otherwise: Snap,
): Snap {
  return timeMs => {
    let nearest = Number.NaN
    let distance = reachMs
    for (const edge of edgesNear(timeMs)) {
      const away = Math.abs(edge - timeMs)
      if (away <= distance) {
        nearest = edge
        distance = away
      }
    }
    return Number.isNaN(nearest) ? otherwise(timeMs) : nearest
  }
}
