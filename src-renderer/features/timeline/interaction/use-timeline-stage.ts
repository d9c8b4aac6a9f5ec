import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { Ref, ShallowRef } from 'vue'
import type { Picked } from '../document/timeline-selection.ts'
import { type Interval, itemAtTime, itemsBetween, sharedRoom, type SharedRoom } from '../document/track.ts'
import { type AnnotationDocument, trackIn } from '../document/use-annotations.ts'
import { rowAt, rowsBetween } from '../scene/rows.ts'
import type { TimelineScene } from '../scene/use-timeline-scene.ts'
import { type Viewport, xToTime } from '../scene/viewport.ts'
import type { AnnotationActs } from './annotation-acts.ts'
import { timelineSnap } from './frame-snap.ts'
import type { Band, GestureStage, Moving } from './gestures.ts'
import { useTimelinePointer, wheelZoom } from './use-timeline-pointer.ts'

export interface StageDeps {
  scene: TimelineScene
  document: AnnotationDocument
  picked: Picked
  acts: AnnotationActs
  view: Readonly<Ref<Viewport>>
  zoom: (factor: number, x?: number) => void
  pan: (pixels: number) => void
  selection: Ref<Interval | null>
  moving: ShallowRef<Moving | null>
  band: ShallowRef<Band | null>
  hovered: ShallowRef<Annotation | null>
  scrollTop: Readonly<Ref<number>>
  frames: () => FrameIndex | null
  playheadMs: () => number | null
  /** The scrolled box of the rows and the lanes in it. */
  body: Readonly<Ref<HTMLElement | null>>
  lanes: Readonly<Ref<HTMLElement | null>>
  seek: (timeMs: number) => void
  tellBlocked: () => void
  openSentence: (item: Annotation) => void
  editSentence: (item: Annotation) => void
}

function annotationsWithin({ scene, view }: StageDeps, { from, to }: Band): Annotation[] {
  const times = [xToTime(view.value, from.x), xToTime(view.value, to.x)]
  const touched = rowsBetween(scene.rows.value, Math.min(from.y, to.y), Math.max(from.y, to.y) + 1)
  return touched
    .filter(row => row.kind === 'tier')
    .flatMap(row => [...itemsBetween(scene.trackOf(row), Math.min(...times), Math.max(...times))])
}

/** What moves with an annotation that is dragged, and how far all of it can. */
function companionsOf({ document, picked, view }: StageDeps, item: Annotation) {
  const items = picked.chosen.value
  if (items.length < 2 || !items.some(({ id }) => id === item.id)) return null
  const tiers = Map.groupBy(items, ({ tierId }) => tierId)
  const room: SharedRoom = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
  for (const [tierId, on] of tiers) {
    const own = sharedRoom(trackIn(document, tierId), new Set(on.map(({ id }) => id)), view.value.durationMs)
    room.fromMs = Math.max(room.fromMs, own.fromMs)
    room.toMs = Math.min(room.toMs, own.toMs)
  }
  return { items, room }
}

function createStage(deps: StageDeps): GestureStage {
  const { document, picked, view, selection, moving, band } = deps
  return {
    view: () => view.value,
    snap: held =>
      timelineSnap({
        frames: deps.frames(),
        tracks: deps.scene.visibleTierIds.value.flatMap(id => document.tracks.value.get(id) ?? []),
        playheadMs: deps.playheadMs(),
        msPerPx: view.value.msPerPx,
        held,
      }),
    seek: deps.seek,
    setSelection: span => (selection.value = span),
    setMoving: now => (moving.value = now),
    setBand: now => (band.value = now),
    chooseWithin: within => picked.choose(annotationsWithin(deps, within)),
    pick: item => {
      picked.pick(item)
      deps.seek(item.startMs)
    },
    unpick: picked.unpick,
    create: (tierId, span) => void deps.acts.create(tierId, span),
    change: (item, span) => void document.update(item, { ...span }),
    shift: (items, byMs) => void document.shift(items, byMs),
    tellBlocked: deps.tellBlocked,
    pan: deps.pan,
  }
}

/** What the pointer and the wheel do on the lanes and the ruler. */
export function useTimelineStage(deps: StageDeps) {
  const { scene, picked, body, lanes, scrollTop } = deps
  const stage = createStage(deps)

  const leftOf = (event: MouseEvent) => event.clientX - (lanes.value?.getBoundingClientRect().left ?? 0)
  const belowTop = (event: MouseEvent) => event.clientY - (body.value?.getBoundingClientRect().top ?? 0)

  function rowOf(event: MouseEvent) {
    const y = belowTop(event)
    return y < 0 ? null : (rowAt(scene.rows.value, y + scrollTop.value) ?? scene.rows.value.at(-1) ?? null)
  }

  const pointer = useTimelinePointer(
    {
      stage,
      rowOf,
      pointOf: event => ({
        x: leftOf(event),
        y: belowTop(event) + scrollTop.value,
        isFree: event.altKey,
      }),
      trackOf: scene.trackOf,
      toggle: picked.toggle,
      extendTo: picked.extendTo,
      companionsOf: item => companionsOf(deps, item),
      openSentence: deps.openSentence,
    },
    deps.hovered,
  )

  function onWheel(event: WheelEvent): void {
    const isAcross = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (event.ctrlKey || event.metaKey) deps.zoom(wheelZoom(event.deltaY, event.deltaMode), leftOf(event))
    else if (isAcross) deps.pan(event.deltaX || event.deltaY)
    else return
    event.preventDefault()
  }

  /** As in ELAN: a double click below an annotation makes one that hangs on it. */
  function createInParent(event: MouseEvent): void {
    const row = rowOf(event)
    const tier = deps.document.tiers.value.find(each => each.id === row?.id)
    const parents = tier?.parentId ? deps.document.tracks.value.get(tier.parentId) : undefined
    const parent = parents && itemAtTime(parents, xToTime(deps.view.value, leftOf(event)))
    if (tier && parent) void deps.acts.create(tier.id, { startMs: parent.startMs, endMs: parent.endMs })
  }

  /** What is under a right click is what the menu means, unless it is among what is chosen already. */
  function onContextMenu(event: MouseEvent): void {
    const hit = pointer.hitOf(event)
    const row = rowOf(event)
    if (row?.kind !== 'tier') return
    if (!hit) picked.unpick(row.id as TierId)
    else if (!picked.chosen.value.some(item => item.id === hit.item.id)) picked.pick(hit.item)
  }

  function onDoubleClick(event: MouseEvent): void {
    const hit = pointer.hitOf(event)
    if (!hit) return createInParent(event)
    if (rowOf(event)?.kind === 'sentence') return deps.editSentence(hit.item)
    picked.pick(hit.item)
    deps.acts.edit()
  }

  return { stage, pointer, rowOf, leftOf, onWheel, onDoubleClick, onContextMenu }
}
