import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId, VocabularyEntryId } from '#shared/contract/ids.ts'
import { frameAt, frameCount, type FrameIndex, timeOf } from '#shared/domain/frame-index.ts'
import { type Ref, shallowRef } from 'vue'
import { useText } from '../../../composables/use-text.ts'
import { useNotices } from '../../../stores/notices.ts'
import type { Picked } from '../document/timeline-selection.ts'
import { gapAround, type Interval, nextAfter, roomFor, type Track } from '../document/track.ts'
import { type AnnotationDocument, trackIn } from '../document/use-annotations.ts'

export interface ActsDeps {
  document: AnnotationDocument
  picked: Picked
  selection: Ref<Interval | null>
  frames: () => FrameIndex | null
  durationMs: () => number
}

/** A boundary one frame on or back, in whole milliseconds. */
export function nudged(frames: FrameIndex | null, timeMs: number, by: 1 | -1): number {
  if (!frames) return timeMs + by * 40
  const target = frameAt(frames, timeMs) + by
  return Math.round(timeOf(frames, Math.min(frameCount(frames), Math.max(0, target))))
}

/** As much of a span as is free where it begins; null where that is nothing. */
function cutToRoom(track: Track, span: Interval, durationMs: number): Interval | null {
  const room = gapAround(track, span.startMs, durationMs)
  if (!room) return null
  const cut = { startMs: Math.max(room.startMs, span.startMs), endMs: Math.min(room.endMs, span.endMs) }
  return cut.endMs > cut.startMs ? cut : null
}

/** Tiers whose annotations fill their parent: a new one takes its room from the others there. */
function isTiled({ tiers }: AnnotationDocument, tierId: TierId): boolean {
  const stereotype = tiers.value.find(tier => tier.id === tierId)?.stereotype
  return stereotype !== undefined && stereotype !== 'none' && stereotype !== 'included-in'
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
    const cut = cutToRoom(acts.trackOf(tierId), span, durationMs())
    if (cut) await document.create(tierId, cut)
  }

  return { startMs, mark }
}

/** What the inline editor and its keys do. */
function useTextActs(document: AnnotationDocument, picked: Picked, editing: Ref<Annotation | null>) {
  async function saveText(
    value: string,
    then: 'stay' | 'next',
    entryId: VocabularyEntryId | null,
  ): Promise<void> {
    const item = editing.value
    editing.value = null
    if (!item) return
    const next = then === 'next' ? nextAfter(trackIn(document, item.tierId), item.startMs) : null
    if (value !== item.value || entryId !== null)
      await document.update(picked.picked.value ?? item, { value, ...(entryId !== null && { entryId }) })
    if (!next) return
    picked.pick(next)
    editing.value = next
  }

  const edit = () => (editing.value = picked.picked.value)

  async function clearValue(): Promise<void> {
    if (picked.chosen.value.length > 0) await document.clear(picked.chosen.value)
  }

  return { saveText, edit, clearValue }
}

/** What can be done to annotations, by pointer and by key alike. */
export function useAnnotationActs({ document, picked, selection, frames, durationMs }: ActsDeps) {
  const { t } = useText()
  const notices = useNotices()
  const editing = shallowRef<Annotation | null>(null)
  const trackOf = (tierId: TierId) => trackIn(document, tierId)

  async function create(tierId: TierId, span: Interval): Promise<void> {
    const made = await document.create(tierId, span)
    if (!made) return
    picked.pick(made)
    editing.value = made
  }

  async function createFromSelection(): Promise<void> {
    const [tierId, span] = [picked.tierId.value, selection.value]
    if (tierId === null || !span) return
    const cut = isTiled(document, tierId) ? span : cutToRoom(trackOf(tierId), span, durationMs())
    if (cut) await create(tierId, cut)
    else notices.info(t('timeline.noRoom'))
  }

  async function remove(): Promise<void> {
    const items = picked.chosen.value
    if (items.length === 0) return
    picked.unpick(picked.tierId.value)
    await document.remove(items)
  }

  const fits = (item: Annotation, span: Interval) => {
    const room = roomFor(trackOf(item.tierId), item, durationMs())
    return span.startMs >= room.startMs && span.endMs <= room.endMs
  }

  const tellBlocked = () => notices.info(t('timeline.blocked'), undefined, 'timeline.blocked')

  /** Moves one boundary, or everything that is chosen, by a frame. */
  async function nudge(part: 'start' | 'end' | 'both', by: 1 | -1): Promise<void> {
    const item = picked.picked.value
    if (!item) return
    const startMs = part === 'end' ? item.startMs : nudged(frames(), item.startMs, by)
    const endMs = part === 'start' ? item.endMs : nudged(frames(), item.endMs, by)
    if (startMs >= endMs) return notices.info(t('timeline.tooShort'), undefined, 'timeline.blocked')
    if (part === 'both' && picked.chosen.value.length > 1)
      return document.shift(picked.chosen.value, startMs - item.startMs)
    if ((startMs === item.startMs && endMs === item.endMs) || !fits(item, { startMs, endMs }))
      return tellBlocked()
    selection.value = { startMs, endMs }
    await document.update(item, { startMs, endMs })
  }

  async function takeSelection(): Promise<void> {
    const [item, span] = [picked.picked.value, selection.value]
    if (!item || !span) return
    if (!fits(item, span)) return tellBlocked()
    await document.update(item, { ...span })
  }

  return {
    editing,
    trackOf,
    create,
    createFromSelection,
    remove,
    nudge,
    takeSelection,
    tellBlocked,
    ...useTextActs(document, picked, editing),
  }
}

export type AnnotationActs = ReturnType<typeof useAnnotationActs>
