import { frameAt, type FrameIndex, timeOf } from '#shared/domain/frame-index.ts'
import { intervalsBetween } from './interval-index.ts'
import { magnetic, noSnap, type Snap } from './spans.ts'
import type { AnnotationIndex } from './use-annotations.ts'

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
  indexes: Iterable<AnnotationIndex>
  playheadMs: number | null
  msPerPx: number
  /** The annotation that is being dragged does not attract itself. */
  excludedId: number | null
}

export function timelineSnap({ frames, indexes, playheadMs, msPerPx, excludedId }: SnapSources): Snap {
  const reachMs = REACH_PX * msPerPx
  const all = [...indexes]
  function* edgesNear(timeMs: number): Generator<number> {
    if (playheadMs !== null) yield Math.round(playheadMs)
    for (const index of all) {
      for (const item of intervalsBetween(index, timeMs - reachMs, timeMs + reachMs)) {
        if (item.id === excludedId) continue
        yield item.startMs
        yield item.endMs
      }
    }
  }
  return magnetic(edgesNear, reachMs, frames ? timeMs => frameBoundary(frames, timeMs) : noSnap)
}
