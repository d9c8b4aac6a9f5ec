import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { frameAt, frameCount, type FrameIndex, timeOf } from '#shared/domain/frame-index.ts'
import { type Ref, shallowRef } from 'vue'
import { gapAround, indexIntervals, type Interval, nextAfter, roomFor } from './interval-index.ts'
import type { Picked } from './timeline-selection.ts'
import type { AnnotationDocument, AnnotationIndex } from './use-annotations.ts'

export interface ActsDeps {
  document: AnnotationDocument
  picked: Picked
  selection: Ref<Interval | null>
  frames: () => FrameIndex | null
  durationMs: () => number
}

const NONE = indexIntervals<Annotation>([])

/** A boundary one frame on or back, in whole milliseconds. */
export function nudged(frames: FrameIndex | null, timeMs: number, by: 1 | -1): number {
  if (!frames) return timeMs + by * 40
  const target = frameAt(frames, timeMs) + by
  return Math.round(timeOf(frames, Math.min(frameCount(frames), Math.max(0, target))))
}

/** As much of a span as is free where it begins; null where that is nothing. */
function cutToRoom(index: AnnotationIndex, span: Interval, durationMs: number): Interval | null {
  const room = gapAround(index, span.startMs, durationMs)
  if (!room) return null
  const cut = { startMs: Math.max(room.startMs, span.startMs), endMs: Math.min(room.endMs, span.endMs) }
  return cut.endMs > cut.startMs ? cut : null
}

/**
 * Segmenting while the video plays: the first mark begins an annotation, the second ends it. No editor opens;
 * the texts come when all the cuts are there.
 */
export function useMarks(acts: AnnotationActs, { document, picked, durationMs }: ActsDeps) {
  const startMs = shallowRef<number | null>(null)

  async function mark(timeMs: number): Promise<void> {
    const [from, tierId] = [startMs.value, picked.tierId.value]
    startMs.value = from === null ? timeMs : null
    if (from === null || tierId === null) return
    const span = { startMs: Math.min(from, timeMs), endMs: Math.max(from, timeMs) }
    const cut = cutToRoom(acts.indexOf(tierId), span, durationMs())
    if (cut) await document.create(tierId, cut)
  }

  return { startMs, mark }
}

/** What can be done to annotations, by pointer and by key alike. */
export function useAnnotationActs({ document, picked, selection, frames, durationMs }: ActsDeps) {
  const editing = shallowRef<Annotation | null>(null)
  const indexOf = (tierId: TierId) => document.indexes.value.get(tierId) ?? NONE

  async function create(tierId: TierId, span: Interval): Promise<void> {
    const made = await document.create(tierId, span)
    if (!made) return
    picked.pick(made)
    editing.value = made
  }

  async function createFromSelection(): Promise<void> {
    const [tierId, span] = [picked.tierId.value, selection.value]
    const cut = tierId !== null && span && cutToRoom(indexOf(tierId), span, durationMs())
    if (tierId !== null && cut) await create(tierId, cut)
  }

  async function remove(): Promise<void> {
    const item = picked.picked.value
    if (!item) return
    picked.unpick(item.tierId)
    await document.remove(item)
  }

  /** Moves one boundary, or the whole annotation, by a frame. */
  async function nudge(part: 'start' | 'end' | 'both', by: 1 | -1): Promise<void> {
    const item = picked.picked.value
    if (!item) return
    const room = roomFor(indexOf(item.tierId), item, durationMs())
    const startMs = part === 'end' ? item.startMs : nudged(frames(), item.startMs, by)
    const endMs = part === 'start' ? item.endMs : nudged(frames(), item.endMs, by)
    if (startMs >= endMs || startMs < room.startMs || endMs > room.endMs) return
    selection.value = { startMs, endMs }
    await document.update(item, { startMs, endMs })
  }

  async function takeSelection(): Promise<void> {
    const [item, span] = [picked.picked.value, selection.value]
    if (!item || !span) return
    const room = roomFor(indexOf(item.tierId), item, durationMs())
    if (span.startMs >= room.startMs && span.endMs <= room.endMs) await document.update(item, { ...span })
  }

  async function saveText(value: string, then: 'stay' | 'next'): Promise<void> {
    const item = editing.value
    editing.value = null
    if (!item) return
    const next = then === 'next' ? nextAfter(indexOf(item.tierId), item.startMs) : null
    if (value !== item.value) await document.update(picked.picked.value ?? item, { value })
    if (!next) return
    picked.pick(next)
    editing.value = next
  }

  const edit = () => (editing.value = picked.picked.value)
  return { editing, indexOf, create, createFromSelection, remove, nudge, takeSelection, saveText, edit }
}

export type AnnotationActs = ReturnType<typeof useAnnotationActs>
