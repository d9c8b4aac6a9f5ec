import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { type Ref, shallowRef, watch } from 'vue'
import { type Api, useApi } from '../../../api/client.ts'
import { useDebounced } from '../../../composables/use-timers.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { onCorpusChange } from '../../../stores/corpus.ts'
import { useNotices } from '../../../stores/notices.ts'
import { type Interval, emptyTrack, type Track, withItem, without } from './track.ts'
import { useTracks } from './use-tracks.ts'

/** Other windows and undo announce themselves; a burst of them leads to one question. */
const SETTLE_MS = 120

async function loadTiers(api: Api, recordingId: RecordingId | null, signal: AbortSignal): Promise<Tier[]> {
  if (recordingId === null) return []
  const tiers = await api.annotation.tiers({ recordingId }, { signal })
  return tiers.sort((a, b) => a.ordinal - b.ordinal || a.id - b.id)
}

/** The tiers and annotations of a recording, and how to change them. */
export function useAnnotations(recordingId: Readonly<Ref<RecordingId | null>>) {
  const api = useApi()
  const tiers = shallowRef<readonly Tier[]>([])
  const { answer, error, load } = useRequest(signal => loadTiers(api, recordingId.value, signal))
  const tracks = useTracks(api, error)

  watch(answer, fresh => {
    tiers.value = fresh ?? []
    tracks.keep(tiers.value.filter(tier => !tier.isSentenceView).map(tier => tier.id))
  })
  watch(recordingId, () => void load(), { immediate: true })

  const loadTiersSoon = useDebounced(SETTLE_MS, () => void load())
  const reloadSoon = useDebounced(SETTLE_MS, tracks.reload)
  onCorpusChange(['annotation', 'tier'], change => {
    if (change.kind !== 'annotation') loadTiersSoon()
    if (change.kind === 'tier') return
    tracks.markStale(change.tierIds ?? null)
    reloadSoon()
  })

  return {
    tiers,
    tracks: tracks.tracks,
    showFirst: tracks.showFirst,
    error,
    load,
    ...useAnnotationEdits(api, tracks.patch),
    ...useTierEdits(api, load),
  }
}

type Patch = (tierId: TierId, change: (track: Track) => Track) => void

function useAnnotationEdits(api: Api, patch: Patch) {
  const notices = useNotices()

  async function create(tierId: TierId, span: Interval, value = ''): Promise<Annotation | null> {
    try {
      const made = await api.annotation.create({ tierId, ...span, value })
      patch(tierId, track => withItem(track, made))
      return made
    } catch (error) {
      notices.error(error)
      return null
    }
  }

  /** Shown at once; taken back where the core refuses. */
  async function update(item: Annotation, changes: Partial<Interval & { value: string }>): Promise<void> {
    const replace = (fresh: Annotation) => patch(item.tierId, track => withItem(track, fresh))
    replace({ ...item, ...changes })
    try {
      replace(await api.annotation.update({ annotationId: item.id, ...changes }))
    } catch (error) {
      replace(item)
      notices.error(error)
    }
  }

  async function remove(items: readonly Annotation[]): Promise<void> {
    for (const item of items) patch(item.tierId, track => without(track, item.id))
    try {
      await api.annotation.remove({ annotationIds: items.map(item => item.id) })
    } catch (error) {
      for (const item of items) patch(item.tierId, track => withItem(track, item))
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

export function trackIn(document: Pick<AnnotationDocument, 'tracks'>, tierId: TierId): Track {
  return document.tracks.value.get(tierId) ?? emptyTrack(tierId)
}
