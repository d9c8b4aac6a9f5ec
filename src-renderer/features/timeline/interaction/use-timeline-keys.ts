import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { Ref } from 'vue'
import type { Picked } from '../document/timeline-selection.ts'
import type { AnnotationDocument } from '../document/use-annotations.ts'
import type { TimelineScene } from '../scene/use-timeline-scene.ts'
import { type Direction, moveTo } from './navigation.ts'

interface KeyDeps {
  scene: TimelineScene
  document: AnnotationDocument
  picked: Picked
  playheadMs: () => number | null
  /** What scrolls, how far, and how much of it is seen, in pixels. */
  body: Readonly<Ref<HTMLElement | null>>
  scrollTop: Readonly<Ref<number>>
  height: () => number
  pick: (item: Annotation) => void
  /** Brings a time into view. */
  reveal: (timeMs: number) => void
  /** Whether there was a gesture to take back. */
  cancelGesture: () => boolean
}

const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** Moving from annotation to annotation by keys, the new place brought into view. */
export function useTimelineKeys(deps: KeyDeps) {
  const { document, picked, body } = deps
  const { rows } = deps.scene

  function goTo(direction: Direction): void {
    const from = { tierId: picked.tierId.value, item: picked.picked.value, timeMs: deps.playheadMs() ?? 0 }
    const shown = rows.value.filter(row => row.kind === 'tier').map(row => ({ id: row.id as TierId }))
    const place = moveTo(direction, from, shown, document.tracks.value)
    picked.unpick(place.tierId)
    revealTier(place.tierId)
    if (!place.item) return
    deps.pick(place.item)
    deps.reveal(place.item.startMs)
  }

  function revealTier(tierId: TierId | null): void {
    const row = rows.value.find(each => each.kind === 'tier' && each.id === tierId)
    if (!row || !body.value) return
    const bottom = row.y + row.height - deps.height()
    body.value.scrollTop = Math.min(row.y, Math.max(bottom, deps.scrollTop.value))
  }

  /** Only while the timeline itself has the focus: arrows otherwise step through frames. */
  function onKey(event: KeyboardEvent): void {
    const direction = ARROWS[event.key]
    if (event.key === 'Escape' && deps.cancelGesture()) return event.preventDefault()
    if (!direction || event.ctrlKey || event.altKey || event.shiftKey) return
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    goTo(direction)
  }

  return { goTo, onKey }
}
