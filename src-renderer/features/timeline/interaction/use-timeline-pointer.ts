import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { type Ref, shallowRef } from 'vue'
import { gapAround, roomFor, type SharedRoom, type Track } from '../document/track.ts'
import type { PlacedRow } from '../scene/rows.ts'
import { xToTime } from '../scene/viewport.ts'
import {
  drag,
  dragMany,
  frameBand,
  type Gesture,
  type GestureStage,
  grabTimeline,
  type Point,
  scrub,
  select,
  sweep,
} from './gestures.ts'
import { type Hit, hitOn } from './hit.ts'

export interface PointerScene {
  stage: GestureStage
  trackOf: (row: PlacedRow) => Track
  /** The row under a pointer; null for the ruler. */
  rowOf: (event: MouseEvent) => PlacedRow | null
  pointOf: (event: MouseEvent) => Point
  /** A click that adds to what is chosen instead of replacing it. */
  toggle: (item: Annotation) => void
  extendTo: (item: Annotation) => void
  /** All that is chosen, where this is one of several; null where it stands alone. */
  companionsOf: (item: Annotation) => { items: readonly Annotation[]; room: SharedRoom } | null
  /** A click on a sentence, or on what is read only. */
  openSentence: (item: Annotation) => void
}

/** Zooming by one notch of a wheel. A pinch arrives as many small ones. */
const ZOOM_PER_PX = 0.0022

export function wheelZoom(deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === WheelEvent.DOM_DELTA_LINE ? deltaY * 32 : deltaY
  return Math.exp(-pixels * ZOOM_PER_PX)
}

/** A press that acts at once and leaves nothing to drag. */
function atOnce(act: () => void): null {
  act()
  return null
}

function gestureOn(scene: PointerScene, row: PlacedRow, event: PointerEvent): Gesture | null {
  const { stage } = scene
  const point = scene.pointOf(event)
  const isAdding = event.ctrlKey || event.metaKey
  if (row.kind === 'motion' || row.kind === 'audio') return select(stage, point, null)
  const track = scene.trackOf(row)
  const hit = hitOn(track, stage.view(), point.x)
  if (row.kind === 'sentence')
    return hit ? atOnce(() => scene.openSentence(hit.item)) : select(stage, point, null)
  if (hit && isAdding) return atOnce(() => scene.toggle(hit.item))
  if (hit && event.shiftKey) return atOnce(() => scene.extendTo(hit.item))
  if (isAdding || event.shiftKey) return frameBand(stage, point)
  const { durationMs } = stage.view()
  const companions = hit?.grip === 'body' ? scene.companionsOf(hit.item) : null
  if (hit && companions) return dragMany(stage, point, { item: hit.item, ...companions })
  if (hit) return drag(stage, point, { ...hit, room: roomFor(track, hit.item, durationMs) })
  const room = gapAround(track, xToTime(stage.view(), point.x), durationMs)
  return room ? sweep(stage, point, row.id as TierId, room) : null
}

function gestureFor(scene: PointerScene, event: PointerEvent): Gesture | null {
  const point = scene.pointOf(event)
  if (event.button === 1) return grabTimeline(scene.stage, point)
  if (event.button !== 0) return null
  const row = scene.rowOf(event)
  return row ? gestureOn(scene, row, event) : scrub(scene.stage, point)
}

/** Turns the pointer into gestures, with a cursor that tells beforehand what a press would do. */
export function useTimelinePointer(scene: PointerScene, hovered: Ref<Annotation | null>) {
  const cursor = shallowRef('default')
  let gesture: Gesture | null = null

  function hitOf(event: MouseEvent): Hit | null {
    const row = scene.rowOf(event)
    if (!row || (row.kind !== 'tier' && row.kind !== 'sentence')) return null
    return hitOn(scene.trackOf(row), scene.stage.view(), scene.pointOf(event).x)
  }

  function hover(event: PointerEvent): void {
    const hit = hitOf(event)
    const row = scene.rowOf(event)
    if (hovered.value?.id !== hit?.item.id) hovered.value = hit?.item ?? null
    if (hit && row?.kind === 'tier') cursor.value = hit.grip === 'body' ? 'grab' : 'ew-resize'
    else if (hit) cursor.value = 'pointer'
    else cursor.value = row?.kind === 'tier' ? 'crosshair' : row ? 'text' : 'ew-resize'
  }

  function down(event: PointerEvent): void {
    gesture = gestureFor(scene, event)
    if (!gesture) return
    event.preventDefault()
    if (event.currentTarget instanceof HTMLElement) {
      event.currentTarget.setPointerCapture(event.pointerId)
      // The press keeps its default from happening, and with it the focus.
      if (event.currentTarget.tabIndex >= 0) event.currentTarget.focus({ preventScroll: true })
    }
    cursor.value = gesture.cursor
  }

  function move(event: PointerEvent): void {
    if (gesture) gesture.move(scene.pointOf(event))
    else hover(event)
  }

  function up(event: PointerEvent): void {
    const ended = gesture
    gesture = null
    ended?.end(scene.pointOf(event))
    hover(event)
  }

  function cancel(): boolean {
    const wasActive = gesture !== null
    gesture?.cancel()
    gesture = null
    return wasActive
  }

  const leave = () => (hovered.value = null)
  return { cursor, hitOf, down, move, up, cancel, leave }
}
