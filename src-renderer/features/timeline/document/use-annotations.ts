import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import type { RecordingId, TierId, VocabularyEntryId } from '#shared/contract/ids.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { type Api, useApi } from '../../../api/client.ts'
import { useDebounced } from '../../../composables/use-timers.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { onCorpusChange } from '../../../stores/corpus.ts'
import { useNotices } from '../../../stores/notices.ts'
import { type Interval, emptyTrack, shifted, type Track, withItem, without } from './track.ts'
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
    tracks.keep(tiers.value.map(tier => tier.id))
  })
  watch(recordingId, () => void load(), { immediate: true })

  const loadTiersSoon = useDebounced(SETTLE_MS, () => void load())
  const reloadSoon = useDebounced(SETTLE_MS, tracks.reload)
  const sentenceTiers = () => tiers.value.filter(tier => tier.isSentenceView).map(tier => tier.id)
  onCorpusChange(['annotation', 'tier', 'reference', 'clips'], change => {
    if (change.kind === 'tier' || change.kind === 'corpus') loadTiersSoon()
    if (change.kind === 'tier') return
    const isSentence = change.kind === 'reference' || change.kind === 'clips'
    if (change.annotationIds) tracks.markTouched(change.annotationIds, change.tierIds ?? [])
    else tracks.markStale(isSentence ? sentenceTiers() : (change.tierIds ?? null))
    reloadSoon()
  })

  return {
    tiers,
    tracks: tracks.tracks,
    showFirst: tracks.showFirst,
    error,
    isLoaded: computed(() => answer.value !== undefined),
    load,
    ...useAnnotationEdits(api, tracks.patch),
  }
}

export type AnnotationChanges = Partial<Interval & { value: string; entryId: VocabularyEntryId }>

function scopeOf(items: readonly Annotation[]) {
  return { kind: 'annotations' as const, annotationIds: items.map(item => item.id) }
}

type Patch = (tierId: TierId, change: (track: Track) => Track) => void

function useAnnotationEdits(api: Api, patch: Patch) {
  const notices = useNotices()

  async function create(
    tierId: TierId,
    { startMs, endMs }: Interval,
    value = '',
  ): Promise<Annotation | null> {
    try {
      const made = await api.annotation.create({ tierId, startMs, endMs, value })
      patch(tierId, track => withItem(track, made))
      return made
    } catch (error) {
      notices.error(error)
      return null
    }
  }

  /** Shown at once; taken back where the core refuses, which is answered with false. */
  async function update(item: Annotation, changes: AnnotationChanges): Promise<boolean> {
    const replace = (fresh: Annotation) => patch(item.tierId, track => withItem(track, fresh))
    const { entryId: _entry, ...shown } = changes
    replace({ ...item, ...shown })
    try {
      replace(await api.annotation.update({ annotationId: item.id, ...changes }))
      return true
    } catch (error) {
      replace(item)
      notices.error(error)
      return false
    }
  }

  async function remove(items: readonly Annotation[]): Promise<boolean> {
    for (const item of items) patch(item.tierId, track => without(track, item.id))
    try {
      await api.annotation.remove({ annotationIds: items.map(item => item.id) })
      return true
    } catch (error) {
      for (const item of items) patch(item.tierId, track => withItem(track, item))
      notices.error(error)
      return false
    }
  }

  /** All by the same time, with what hangs on them, as one step of undo. Shown at once. */
  async function shift(items: readonly Annotation[], byMs: number): Promise<void> {
    const idsOf = Map.groupBy(items, item => item.tierId)
    const showBy = (moveMs: number) => {
      for (const [tierId, on] of idsOf)
        patch(tierId, track => shifted(track, new Set(on.map(({ id }) => id)), moveMs))
    }
    showBy(byMs)
    try {
      await api.annotation.bulk({ kind: 'shift', scope: scopeOf(items), byMs })
    } catch (error) {
      showBy(-byMs)
      notices.error(error)
    }
  }

  /** As one step of undo. */
  async function clear(items: readonly Annotation[]): Promise<void> {
    await api.annotation.bulk({ kind: 'clear', scope: scopeOf(items) }).catch(notices.error)
  }

  /** One that came into being otherwise, before its announcement leads to a question. */
  const adopt = (made: Annotation) => patch(made.tierId, track => withItem(track, made))

  return { create, update, remove, shift, clear, adopt }
}

export type AnnotationDocument = ReturnType<typeof useAnnotations>

export function trackIn(document: Pick<AnnotationDocument, 'tracks'>, tierId: TierId): Track {
  return document.tracks.value.get(tierId) ?? emptyTrack(tierId)
}
