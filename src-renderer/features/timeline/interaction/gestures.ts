import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { Interval } from '../document/track.ts'
import { xToTime, type Viewport } from '../scene/viewport.ts'
import { draggedSpan, type Grip, noSnap, type Snap, sweptSpan } from './spans.ts'

export interface Moving {
  tierId: TierId
  /** Null for an annotation that is just being made. */
  id: number | null
  span: Interval
  value: string
}

/** Where the pointer is, in pixels of the lanes: `x` from their left edge, `y` from the top of the first row. */
export interface Point {
  x: number
  y: number
  /** The user holds the key that turns snapping off. */
  isFree: boolean
}

export interface Band {
  from: Point
  to: Point
}

/** What a gesture may do to the timeline. */
export interface GestureStage {
  view: () => Viewport
  snap: (excludedId: number | null) => Snap
  seek: (timeMs: number) => void
  setSelection: (span: Interval | null) => void
  setMoving: (moving: Moving | null) => void
  setBand: (band: Band | null) => void
  chooseWithin: (band: Band) => void
  pick: (item: Annotation) => void
  unpick: (tierId: TierId | null) => void
  create: (tierId: TierId, span: Interval) => void
  change: (item: Annotation, span: Interval) => void
  pan: (pixels: number) => void
}

/** One press of the pointer until its release. */
export interface Gesture {
  cursor: string
  move: (to: Point) => void
  end: (to: Point) => void
  cancel: () => void
}

/** A hand trembles by this much without meaning a drag. */
const TREMBLE_PX = 3

function nothing(): void {}

function hasLeft(from: Point, to: Point): boolean {
  return Math.abs(to.x - from.x) > TREMBLE_PX
}

function snapAt(stage: GestureStage, point: Point, excludedId: number | null): Snap {
  return point.isFree ? noSnap : stage.snap(excludedId)
}

/** Ruler: the picture follows the pointer. */
export function scrub(stage: GestureStage, from: Point): Gesture {
  const follow = (to: Point) => stage.seek(xToTime(stage.view(), to.x))
  follow(from)
  return { cursor: 'ew-resize', move: follow, end: nothing, cancel: nothing }
}

/** Curves and the free room of a read-only lane: a drag selects, a click goes there. */
export function select(stage: GestureStage, from: Point, tierId: TierId | null): Gesture {
  const startMs = xToTime(stage.view(), from.x)
  const everything = { startMs: 0, endMs: stage.view().durationMs }
  let isDrag = false
  return {
    cursor: 'text',
    move(to) {
      isDrag ||= hasLeft(from, to)
      if (!isDrag) return
      const span = sweptSpan(startMs, xToTime(stage.view(), to.x), everything, snapAt(stage, to, null))
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
export function sweep(stage: GestureStage, from: Point, tierId: TierId, room: Interval): Gesture {
  const startMs = xToTime(stage.view(), from.x)
  let span: Interval | null = null
  return {
    cursor: 'crosshair',
    move(to) {
      if (!span && !hasLeft(from, to)) return
      span = sweptSpan(startMs, xToTime(stage.view(), to.x), room, snapAt(stage, to, null))
      stage.setMoving({ tierId, id: null, span, value: '' })
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
  from: Point,
  held: { item: Annotation; grip: Grip; room: Interval },
): Gesture {
  const { item, grip, room } = held
  let span: Interval | null = null
  return {
    cursor: grip === 'body' ? 'grabbing' : 'ew-resize',
    move(to) {
      if (!span && !hasLeft(from, to)) return
      const deltaMs = (to.x - from.x) * stage.view().msPerPx
      span = draggedSpan(item, grip, deltaMs, room, snapAt(stage, to, item.id))
      stage.setMoving({ tierId: item.tierId, id: item.id, span, value: item.value })
    },
    end() {
      stage.setMoving(null)
      stage.pick(span ? { ...item, ...span } : item)
      if (span && (span.startMs !== item.startMs || span.endMs !== item.endMs)) stage.change(item, span)
    },
    cancel: () => stage.setMoving(null),
  }
}

/** A frame drawn over rows chooses every annotation that it touches. */
export function frameBand(stage: GestureStage, from: Point): Gesture {
  const stop = () => stage.setBand(null)
  return {
    cursor: 'crosshair',
    move: to => stage.setBand({ from, to }),
    end(to) {
      stop()
      stage.chooseWithin({ from, to })
    },
    cancel: stop,
  }
}

/** The middle button: the timeline follows the hand. */
export function grabTimeline(stage: GestureStage, from: Point): Gesture {
  let lastX = from.x
  return {
    cursor: 'grabbing',
    move(to) {
      stage.pan(lastX - to.x)
      lastX = to.x
    },
    end: nothing,
    cancel: nothing,
  }
}
