import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { type Ref, shallowRef } from 'vue'
import { drag, type Gesture, type GestureStage, grabTimeline, scrub, select, sweep } from './gestures.ts'
import { type Hit, hitOn } from './hit.ts'
import { gapAround, roomFor } from './interval-index.ts'
import type { PlacedRow } from './rows.ts'
import type { AnnotationIndex } from './use-annotations.ts'
import { xToTime } from './viewport.ts'

export interface PointerScene {
  stage: GestureStage
  indexOf: (tierId: number) => AnnotationIndex
  /** The row under a pointer; null for the ruler. */
  rowOf: (event: MouseEvent) => PlacedRow | null
  xOf: (event: MouseEvent) => number
}

/** Zooming by one notch of a wheel. A pinch arrives as many small ones. */
const ZOOM_PER_PX = 0.0022

export function wheelZoom(deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === WheelEvent.DOM_DELTA_LINE ? deltaY * 32 : deltaY
  return Math.exp(-pixels * ZOOM_PER_PX)
}

function gestureFor(scene: PointerScene, event: PointerEvent): Gesture | null {
  const { stage } = scene
  const x = scene.xOf(event)
  if (event.button === 1) return grabTimeline(stage, x)
  if (event.button !== 0) return null
  const row = scene.rowOf(event)
  if (!row) return scrub(stage, x)
  if (row.kind !== 'tier') return select(stage, x, null)
  const index = scene.indexOf(row.id)
  const { durationMs } = stage.view()
  const hit = hitOn(index, stage.view(), x)
  if (hit) return drag(stage, x, { ...hit, room: roomFor(index, hit.item, durationMs) })
  const room = gapAround(index, xToTime(stage.view(), x), durationMs)
  return room ? sweep(stage, x, row.id as TierId, room) : null
}

/** Turns the pointer into gestures, with a cursor that tells beforehand what a press would do. */
export function useTimelinePointer(scene: PointerScene, hovered: Ref<Annotation | null>) {
  const cursor = shallowRef('default')
  let gesture: Gesture | null = null

  function hitOf(event: MouseEvent): Hit<Annotation> | null {
    const row = scene.rowOf(event)
    if (!row || (row.kind !== 'tier' && row.kind !== 'sentence')) return null
    return hitOn(scene.indexOf(row.id), scene.stage.view(), scene.xOf(event))
  }

  function hover(event: PointerEvent): void {
    const hit = hitOf(event)
    const row = scene.rowOf(event)
    hovered.value = hit?.item ?? null
    if (hit && row?.kind === 'tier') cursor.value = hit.grip === 'body' ? 'grab' : 'ew-resize'
    else cursor.value = row?.kind === 'tier' ? 'crosshair' : row ? 'text' : 'ew-resize'
  }

  function down(event: PointerEvent): void {
    gesture = gestureFor(scene, event)
    if (!gesture) return
    event.preventDefault()
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
    cursor.value = gesture.cursor
  }

  function move(event: PointerEvent): void {
    if (gesture) gesture.move(scene.xOf(event))
    else hover(event)
  }

  function up(event: PointerEvent): void {
    const ended = gesture
    gesture = null
    ended?.end(scene.xOf(event))
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
