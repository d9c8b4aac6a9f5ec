import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { Interval, SharedRoom } from '../document/track.ts'
import { xToTime, type Viewport } from '../scene/viewport.ts'
import { draggedSpan, type Grip, noSnap, type Snap, sweptSpan } from './spans.ts'

export interface MovingItem {
  tierId: TierId
  span: Interval
  value: string
}

/** What a gesture shows while it lasts. */
export interface Moving {
  /** Where its annotations would be now. */
  items: readonly MovingItem[]
  /** Those that are not where they are stored, by tier: one object for the whole gesture. */
  held: ReadonlyMap<number, ReadonlySet<number>>
  /** The times that follow the pointer. */
  edges: readonly number[]
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
  /** Without the edges of what is held. */
  snap: (held: ReadonlySet<number>) => Snap
  seek: (timeMs: number) => void
  setSelection: (span: Interval | null) => void
  setMoving: (moving: Moving | null) => void
  setBand: (band: Band | null) => void
  chooseWithin: (band: Band) => void
  pick: (item: Annotation) => void
  unpick: (tierId: TierId | null) => void
  create: (tierId: TierId, span: Interval) => void
  change: (item: Annotation, span: Interval) => void
  shift: (items: readonly Annotation[], byMs: number) => void
  /** The pointer asks for more than there is room for. */
  tellBlocked: () => void
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

const NOTHING_HELD: ReadonlySet<number> = new Set()

function snapAt(stage: GestureStage, point: Point, held = NOTHING_HELD): Snap {
  return point.isFree ? noSnap : stage.snap(held)
}

function heldByTier(items: readonly Annotation[]): Moving['held'] {
  const byTier = Map.groupBy(items, item => item.tierId)
  return new Map([...byTier].map(([tierId, on]) => [tierId, new Set(on.map(({ id }) => id))]))
}

/** Beyond this many pixels a hand does not merely lean on the neighbour: it wants past it. */
const INSISTING_PX = 24

/** Tells once in a gesture that there is no more room. */
function createBlock(stage: GestureStage) {
  let isTold = false
  return (wantedMs: number, givenMs: number) => {
    if (isTold || Math.abs(wantedMs - givenMs) <= INSISTING_PX * stage.view().msPerPx) return
    isTold = true
    stage.tellBlocked()
  }
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
      const span = sweptSpan(startMs, xToTime(stage.view(), to.x), everything, snapAt(stage, to))
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
  const held = heldByTier([])
  const block = createBlock(stage)
  let span: Interval | null = null
  return {
    cursor: 'crosshair',
    move(to) {
      if (!span && !hasLeft(from, to)) return
      const toMs = xToTime(stage.view(), to.x)
      span = sweptSpan(startMs, toMs, room, snapAt(stage, to))
      const edgeMs = toMs < startMs ? span.startMs : span.endMs
      block(toMs, edgeMs)
      stage.setMoving({ items: [{ tierId, span, value: '' }], held, edges: [edgeMs] })
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
  const byTier = heldByTier([item])
  const ids = new Set<number>([item.id])
  const block = createBlock(stage)
  let span: Interval | null = null
  return {
    cursor: grip === 'body' ? 'grabbing' : 'ew-resize',
    move(to) {
      if (!span && !hasLeft(from, to)) return
      const deltaMs = (to.x - from.x) * stage.view().msPerPx
      span = draggedSpan(item, grip, deltaMs, room, snapAt(stage, to, ids))
      const edge = grip === 'end' ? 'endMs' : 'startMs'
      block(item[edge] + deltaMs, span[edge])
      const edges = grip === 'body' ? [span.startMs, span.endMs] : [span[edge]]
      stage.setMoving({ items: [{ ...item, span }], held: byTier, edges })
    },
    end() {
      stage.setMoving(null)
      stage.pick(span ? { ...item, ...span } : item)
      if (span && (span.startMs !== item.startMs || span.endMs !== item.endMs)) stage.change(item, span)
    },
    cancel: () => stage.setMoving(null),
  }
}

/** One of several chosen annotations: all move by the same time, and are stored as one edit. */
export function dragMany(
  stage: GestureStage,
  from: Point,
  held: { item: Annotation; items: readonly Annotation[]; room: SharedRoom },
): Gesture {
  const { item, items, room } = held
  const byTier = heldByTier(items)
  const ids = new Set<number>(items.map(({ id }) => id))
  const block = createBlock(stage)
  let byMs: number | null = null
  return {
    cursor: 'grabbing',
    move(to) {
      if (byMs === null && !hasLeft(from, to)) return
      const wantedMs = (to.x - from.x) * stage.view().msPerPx
      const snappedMs = snapAt(stage, to, ids)(item.startMs + wantedMs) - item.startMs
      const moveMs = Math.round(Math.min(room.toMs, Math.max(room.fromMs, snappedMs)))
      byMs = moveMs
      block(wantedMs, moveMs)
      const moved = items.map(each => ({
        ...each,
        span: { startMs: each.startMs + moveMs, endMs: each.endMs + moveMs },
      }))
      stage.setMoving({
        items: moved,
        held: byTier,
        edges: [item.startMs + moveMs, item.endMs + moveMs],
      })
    },
    end() {
      stage.setMoving(null)
      if (byMs === null) stage.pick(item)
      else if (byMs !== 0) stage.shift(items, byMs)
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
