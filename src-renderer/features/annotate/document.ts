import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { computed, type Ref, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { useRequest } from '../../composables/use-request.ts'
import { onCorpusChange } from '../../stores/corpus.ts'

const SETTLE_MS = 80

interface Loaded {
  tiers: readonly Tier[]
  annotations: readonly Annotation[]
}

/** All tiers and annotations of a recording, as the tables of the Annotate screen need them. */
export function useRecordingDocument(recordingId: Readonly<Ref<RecordingId | null>>) {
  const api = useApi()
  const { answer, error, isAsking, load } = useRequest(async (signal): Promise<Loaded> => {
    if (recordingId.value === null) return { tiers: [], annotations: [] }
    const input = { recordingId: recordingId.value }
    const [tiers, annotations] = await Promise.all([
      api.annotation.tiers(input, { signal }),
      api.annotation.list(input, { signal }),
    ])
    return { tiers: tiers.toSorted((a, b) => a.ordinal - b.ordinal || a.id - b.id), annotations }
  })
  watch(recordingId, () => void load(), { immediate: true })
  onCorpusChange(
    ['annotation', 'tier', 'edit', 'reference', 'clips'],
    useDebounced(SETTLE_MS, () => void load()),
  )

  const tiers = computed(() => answer.value?.tiers ?? [])
  const byTier = computed(() => groupByTier(answer.value?.annotations ?? []))
  const itemsOf = (tierId: TierId | null): readonly Annotation[] =>
    (tierId === null ? undefined : byTier.value.get(tierId)) ?? []
  const tierOf = (tierId: TierId | null) => tiers.value.find(tier => tier.id === tierId) ?? null
  const find = (id: AnnotationId, tierId: TierId) => itemsOf(tierId).find(item => item.id === id) ?? null
  const all = computed(() => [...byTier.value.values()].flat())

  return {
    tiers,
    all,
    itemsOf,
    tierOf,
    find,
    error,
    isLoading: isAsking,
    isKnown: computed(() => answer.value !== undefined),
    load,
  }
}

export type RecordingDocument = ReturnType<typeof useRecordingDocument>

function groupByTier(annotations: readonly Annotation[]): Map<TierId, readonly Annotation[]> {
  const groups = Map.groupBy(annotations, ({ tierId }) => tierId)
  return new Map(
    [...groups].map(([tierId, items]) => [
      tierId,
      items.toSorted((a, b) => a.startMs - b.startMs || a.id - b.id),
    ]),
  )
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
