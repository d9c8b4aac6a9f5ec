import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { Interval } from './interval-index.ts'
import { draggedSpan, type Grip, type Snap, sweptSpan } from './spans.ts'
import { xToTime, type Viewport } from './viewport.ts'

export interface Moving {
  tierId: TierId
  /** Null for an annotation that is just being made. */
  id: number | null
  span: Interval
}

/** What a gesture may do to the timeline. */
export interface GestureStage {
  view: () => Viewport
  snap: (excludedId: number | null) => Snap
  seek: (timeMs: number) => void
  setSelection: (span: Interval | null) => void
  setMoving: (moving: Moving | null) => void
  pick: (item: Annotation) => void
  unpick: (tierId: TierId | null) => void
  create: (tierId: TierId, span: Interval) => void
  change: (item: Annotation, span: Interval) => void
  pan: (pixels: number) => void
}

/** One press of the pointer until its release. `x` is in pixels from the left edge of the lanes. */
export interface Gesture {
  cursor: string
  move: (x: number) => void
  end: (x: number) => void
  cancel: () => void
}

/** A hand trembles by this much without meaning a drag. */
const TREMBLE_PX = 3

function nothing(): void {}

/** Ruler: the picture follows the pointer. */
export function scrub(stage: GestureStage, x: number): Gesture {
  const follow = (to: number) => stage.seek(xToTime(stage.view(), to))
  follow(x)
  return { cursor: 'ew-resize', move: follow, end: nothing, cancel: nothing }
}

/** Curves and the free room of a read-only lane: a drag selects, a click goes there. */
export function select(stage: GestureStage, startX: number, tierId: TierId | null): Gesture {
  const startMs = xToTime(stage.view(), startX)
  const everything = { startMs: 0, endMs: stage.view().durationMs }
  let isDrag = false
  return {
    cursor: 'text',
    move(x) {
      isDrag ||= Math.abs(x - startX) > TREMBLE_PX
      if (!isDrag) return
      const span = sweptSpan(startMs, xToTime(stage.view(), x), everything, stage.snap(null))
      stage.setSelection(span.endMs > span.startMs ? span : null)
    },
    end() {
      if (isDrag) return
      stage.unpick(tierId)
      stage.setSelection(null)
      stage.seek(startMs)
    },
    cancel: () => stage.setSelection(null),
  }
}

/** Free room of a tier: a drag makes an annotation there, a click goes there. */
export function sweep(stage: GestureStage, startX: number, tierId: TierId, room: Interval): Gesture {
  const startMs = xToTime(stage.view(), startX)
  let span: Interval | null = null
  return {
    cursor: 'crosshair',
    move(x) {
      if (!span && Math.abs(x - startX) <= TREMBLE_PX) return
      span = sweptSpan(startMs, xToTime(stage.view(), x), room, stage.snap(null))
      stage.setMoving({ tierId, id: null, span })
    },
    end() {
      stage.setMoving(null)
      if (span && span.endMs > span.startMs) return stage.create(tierId, span)
      stage.unpick(tierId)
      stage.setSelection(null)
      stage.seek(startMs)
    },
    cancel: () => stage.setMoving(null),
  }
}

/** An annotation: a click picks it, a drag moves it or one of its edges. */
export function drag(
  stage: GestureStage,
  startX: number,
  held: { item: Annotation; grip: Grip; room: Interval },
): Gesture {
  const { item, grip, room } = held
  let span: Interval | null = null
  return {
    cursor: grip === 'body' ? 'grabbing' : 'ew-resize',
    move(x) {
      if (!span && Math.abs(x - startX) <= TREMBLE_PX) return
      const deltaMs = (x - startX) * stage.view().msPerPx
      span = draggedSpan(item, grip, deltaMs, room, stage.snap(item.id))
      stage.setMoving({ tierId: item.tierId, id: item.id, span })
    },
    end() {
      stage.setMoving(null)
      stage.pick(span ? { ...item, ...span } : item)
      if (span && (span.startMs !== item.startMs || span.endMs !== item.endMs)) stage.change(item, span)
    },
    cancel: () => stage.setMoving(null),
  }
}

/** The middle button: the timeline follows the hand. */
export function grabTimeline(stage: GestureStage, startX: number): Gesture {
  let lastX = startX
  return {
    cursor: 'grabbing',
    move(x) {
      stage.pan(lastX - x)
      lastX = x
    },
    end: nothing,
    cancel: nothing,
  }
}
