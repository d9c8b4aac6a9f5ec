import type { Annotation } from '#shared/contract/annotation.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { computed, type Ref } from 'vue'
import { itemAt as itemOfTrack, itemOf, type Track } from '../timeline/document/track.ts'
import { useAnnotations } from '../timeline/document/use-annotations.ts'

const NONE: readonly Annotation[] = []

/**
 * The annotations of the open recording for the tables of the Annotate screen. They are the timeline's own, read once and
 * changed in place: an edit makes new rows only for the tier that it touches.
 */
export function useRecordingDocument(recordingId: Readonly<Ref<RecordingId | null>>) {
  const shared = useAnnotations(recordingId)
  const { tiers, tracks, error, load } = shared
  const rowsOf = createRows()

  const itemsOf = (tierId: TierId | null): readonly Annotation[] => {
    const track = tierId === null ? undefined : tracks.value.get(tierId)
    return track ? rowsOf(track) : NONE
  }
  const countOf = (tierId: TierId) => tracks.value.get(tierId)?.length ?? 0
  const tierOf = (tierId: TierId | null) => tiers.value.find(tier => tier.id === tierId) ?? null
  const find = (id: AnnotationId, tierId: TierId) => itemOf(tracks.value.get(tierId), id)
  const all = computed(() => tiers.value.flatMap(tier => itemsOf(tier.id)))

  return { shared, tiers, tracks, all, itemsOf, countOf, tierOf, find, error, load }
}

export type RecordingDocument = ReturnType<typeof useRecordingDocument>

/**
 * The rows of a track, made when somebody first asks for them. The next state of a tier shares its rows with the last one
 * before and behind what changed, so that whatever is remembered for a row holds.
 */
export function createRows(): (track: Track) => readonly Annotation[] {
  const known = new Map<TierId, { track: Track; rows: readonly Annotation[] }>()

  return track => {
    const last = known.get(track.tierId)
    if (last?.track === track) return last.rows
    const rows = rowsFrom(track, last?.rows ?? NONE)
    known.set(track.tierId, { track, rows })
    return rows
  }
}

function rowsFrom(track: Track, last: readonly Annotation[]): readonly Annotation[] {
  const shift = track.length - last.length
  const same = (at: number, row: Annotation | undefined) =>
    row !== undefined &&
    row.id === track.ids[at] &&
    row.startMs === track.starts[at] &&
    row.endMs === track.ends[at] &&
    row.value === track.values[at]
  const least = Math.min(track.length, last.length)
  let before = 0
  while (before < least && same(before, last[before])) before += 1
  let behind = 0
  while (behind < least - before && same(track.length - 1 - behind, last[last.length - 1 - behind]))
    behind += 1
  if (before === least && shift === 0) return last
  const from = track.length - behind
  const changed = Array.from({ length: from - before }, (_, at) => itemOfTrack(track, before + at))
  return [...last.slice(0, before), ...changed, ...last.slice(last.length - behind)]
}

/** Position of the first item that ends after a time, in items that are in order and do not overlap. */
export function firstEndingAfter(items: readonly Annotation[], timeMs: number): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((items[middle]?.endMs ?? 0) > timeMs) high = middle
    else low = middle + 1
  }
  return low
}

/** What lies inside an annotation on another tier: its children, wherever the tier is below its own. */
export function within(items: readonly Annotation[], span: { startMs: number; endMs: number }): Annotation[] {
  const found: Annotation[] = []
  for (let at = firstEndingAfter(items, span.startMs); at < items.length; at += 1) {
    const item = items[at]
    if (!item || item.startMs >= span.endMs) break
    if (item.startMs >= span.startMs && item.endMs <= span.endMs) found.push(item)
  }
  return found
}

/** The item at a time. */
export function itemAt(items: readonly Annotation[], timeMs: number): Annotation | null {
  const item = items[firstEndingAfter(items, timeMs)]
  return item && item.startMs <= timeMs ? item : null
}

/** The free part of a span that begins at its start, null where that is taken. */
export function freePart(
  items: readonly Annotation[],
  span: { startMs: number; endMs: number },
): { startMs: number; endMs: number } | null {
  const next = items[firstEndingAfter(items, span.startMs)]
  const startMs = next && next.startMs <= span.startMs ? next.endMs : span.startMs
  const after = items[firstEndingAfter(items, startMs)]
  const endMs = Math.min(span.endMs, after?.startMs ?? span.endMs)
  return endMs > startMs ? { startMs, endMs } : null
}
