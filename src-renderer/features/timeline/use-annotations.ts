import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { type Ref, shallowRef, watch } from 'vue'
import { type Api, useApi } from '../../api/client.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { useRequest } from '../../composables/use-request.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'
import { indexIntervals, type Interval, type IntervalIndex } from './interval-index.ts'

export type AnnotationIndex = IntervalIndex<Annotation>

/** Other windows and undo announce themselves; a burst of them leads to one question. */
const SETTLE_MS = 120

function groupByTier(annotations: readonly Annotation[]): Map<TierId, AnnotationIndex> {
  return new Map(
    [...Map.groupBy(annotations, annotation => annotation.tierId)].map(([id, group]) => [
      id,
      indexIntervals(group),
    ]),
  )
}

async function loadAll(api: Api, recordingId: RecordingId | null, signal: AbortSignal) {
  if (recordingId === null) return { tiers: [], annotations: [] }
  const [tiers, annotations] = await Promise.all([
    api.annotation.tiers({ recordingId }, { signal }),
    api.annotation.list({ recordingId }, { signal }),
  ])
  return { tiers: tiers.sort((a, b) => a.ordinal - b.ordinal || a.id - b.id), annotations }
}

/** The tiers and annotations of a recording, and how to change them. */
export function useAnnotations(recordingId: Readonly<Ref<RecordingId | null>>) {
  const api = useApi()
  const tiers = shallowRef<readonly Tier[]>([])
  const indexes = shallowRef<ReadonlyMap<TierId, AnnotationIndex>>(new Map())
  const { answer, error, load } = useRequest(signal => loadAll(api, recordingId.value, signal))

  watch(answer, fresh => {
    tiers.value = fresh?.tiers ?? []
    indexes.value = groupByTier(fresh?.annotations ?? [])
  })
  watch(recordingId, () => void load(), { immediate: true })
  onCorpusChange(
    ['annotation', 'tier', 'edit', 'reference'],
    useDebounced(SETTLE_MS, () => void load()),
  )

  /** Shows a change at once; the core's own announcement confirms it. */
  function patch(tierId: TierId, change: (items: readonly Annotation[]) => readonly Annotation[]): void {
    const items = change(indexes.value.get(tierId)?.items ?? [])
    indexes.value = new Map(indexes.value).set(tierId, indexIntervals(items))
  }

  return {
    tiers,
    indexes,
    error,
    load,
    ...useAnnotationEdits(api, patch),
    ...useTierEdits(api, load),
  }
}

type Patch = (tierId: TierId, change: (items: readonly Annotation[]) => readonly Annotation[]) => void

function useAnnotationEdits(api: Api, patch: Patch) {
  const notices = useNotices()

  async function create(tierId: TierId, span: Interval, value = ''): Promise<Annotation | null> {
    try {
      const made = await api.annotation.create({ tierId, ...span, value })
      patch(tierId, items => [...items.filter(item => item.id !== made.id), made])
      return made
    } catch (error) {
      notices.error(error)
      return null
    }
  }

  async function update(item: Annotation, changes: Partial<Interval & { value: string }>): Promise<void> {
    const replace = (fresh: Annotation) =>
      patch(item.tierId, items => items.map(each => (each.id === item.id ? fresh : each)))
    replace({ ...item, ...changes })
    try {
      replace(await api.annotation.update({ annotationId: item.id, ...changes }))
    } catch (error) {
      replace(item)
      notices.error(error)
    }
  }

  async function remove(item: Annotation): Promise<void> {
    patch(item.tierId, items => items.filter(each => each.id !== item.id))
    try {
      await api.annotation.remove({ annotationIds: [item.id] })
    } catch (error) {
      patch(item.tierId, items => [...items, item])
      notices.error(error)
    }
  }

  return { create, update, remove }
}

function useTierEdits(api: Api, reload: () => Promise<void>) {
  const notices = useNotices()

  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act()
      await reload()
      return true
    } catch (error) {
      notices.error(error)
      return false
    }
  }

  return {
    createTier: (recordingId: RecordingId, name: string) =>
      attempt(() => api.annotation.createTier({ recordingId, name })),
    renameTier: (tierId: TierId, name: string) => attempt(() => api.annotation.renameTier({ tierId, name })),
    removeTier: (tierId: TierId) => attempt(() => api.annotation.removeTier({ tierId })),
  }
}

export type AnnotationDocument = ReturnType<typeof useAnnotations>
