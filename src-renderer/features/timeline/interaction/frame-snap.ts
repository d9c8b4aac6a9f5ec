import { frameAt, type FrameIndex, timeOf } from '#shared/domain/frame-index.ts'
import { positionsBetween, type Track } from '../document/track.ts'
import { magnetic, noSnap, type Snap } from './spans.ts'

/** The frame boundary next to a time, in whole milliseconds: a picture belongs to an annotation or it does not. */
export function frameBoundary(index: FrameIndex, timeMs: number): number {
  const frame = frameAt(index, timeMs)
  const [start, end] = [timeOf(index, frame), timeOf(index, frame + 1)]
  return Math.round(timeMs - start <= end - timeMs ? start : end)
}

/** Pixels within which an edge attracts. */
const REACH_PX = 6

export interface SnapSources {
  frames: FrameIndex | null
  /** Of the tiers on screen: an edge that is not seen would pull from nowhere. */
  tracks: Iterable<Track>
  playheadMs: number | null
  msPerPx: number
  /** What is being dragged does not attract itself. */
  held: ReadonlySet<number>
}

export function timelineSnap({ frames, tracks, playheadMs, msPerPx, held }: SnapSources): Snap {
  const reachMs = REACH_PX * msPerPx
  const all = [...tracks]
  function* edgesNear(timeMs: number): Generator<number> {
    if (playheadMs !== null) yield Math.round(playheadMs)
    for (const track of all) {
      for (const at of positionsBetween(track, timeMs - reachMs, timeMs + reachMs)) {
        if (held.has(track.ids[at] ?? 0)) continue
        yield track.starts[at] ?? 0
        yield track.ends[at] ?? 0
      }
    }
  }
  return magnetic(edgesNear, reachMs, frames ? timeMs => frameBoundary(frames, timeMs) : noSnap)
}
