import type { TierColumns } from '#shared/contract/annotation.ts'
import type { AppError } from '#shared/contract/errors.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue'
import { asAppError } from '../../../api/app-error.ts'
import type { Api } from '../../../api/client.ts'
import { emptyTrack, type Track, trackOf } from './track.ts'

/** Tiers asked for at once: few enough that the ones on screen are there before the rest is read. */
const BATCH = 12

/**
 * The tracks of the open recording. What is on screen comes first; after an edit only the tiers that it touched
 * are asked for again.
 */
export function useTracks(api: Api, error: ShallowRef<AppError | undefined>) {
  const tracks = shallowRef<ReadonlyMap<TierId, Track>>(new Map())
  const stale = new Set<TierId>()
  /** How often each tier was changed here: an answer that was on its way meanwhile is out of date. */
  const patches = new Map<TierId, number>()
  let wanted: readonly TierId[] = []
  let first: readonly TierId[] = []
  let abort: AbortController | null = null

  function nextBatch(): TierId[] {
    const order = [...first, ...wanted].filter(id => stale.has(id))
    return [...new Set(order)].slice(0, BATCH)
  }

  async function fetchBatches(signal: AbortSignal): Promise<void> {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      for (const id of batch) stale.delete(id)
      const asked = new Map(patches)
      const answer = await api.annotation.columns({ tierIds: batch }, { signal }).catch((reason: unknown) => {
        for (const id of batch) stale.add(id)
        throw reason
      })
      if (signal.aborted) return
      const isCurrent = ({ tierId }: TierColumns) => asked.get(tierId) === patches.get(tierId)
      const [current, outdated] = [answer.filter(isCurrent), answer.filter(each => !isCurrent(each))]
      for (const { tierId } of outdated) stale.add(tierId)
      tracks.value = new Map([...tracks.value, ...current.map(each => [each.tierId, trackOf(each)] as const)])
    }
  }

  /** Reads what is stale; a run that is under way takes it up by itself. */
  async function reload(): Promise<void> {
    if (abort) return
    const mine = (abort = new AbortController())
    try {
      await fetchBatches(mine.signal)
    } catch (reason) {
      if (!mine.signal.aborted) error.value = asAppError(reason)
    } finally {
      if (abort === mine) abort = null
    }
  }

  /** The tiers that there are now: known ones stay, new ones are read, others go. */
  function keep(tierIds: readonly TierId[]): void {
    const known = tracks.value
    wanted = tierIds
    if (!tierIds.some(id => known.has(id))) {
      abort?.abort()
      abort = null
      stale.clear()
    }
    for (const id of tierIds) if (!known.has(id)) stale.add(id)
    tracks.value = new Map(tierIds.flatMap(id => (known.has(id) ? [[id, known.get(id) as Track]] : [])))
    void reload()
  }

  /** Null: any of them. */
  function markStale(tierIds: readonly TierId[] | null): void {
    for (const id of tierIds ?? wanted) if (wanted.includes(id)) stale.add(id)
  }

  /** Shows a change at once; the core's own announcement confirms it. */
  function patch(tierId: TierId, change: (track: Track) => Track): void {
    const track = tracks.value.get(tierId) ?? emptyTrack(tierId)
    patches.set(tierId, (patches.get(tierId) ?? 0) + 1)
    tracks.value = new Map(tracks.value).set(tierId, change(track))
  }

  onScopeDispose(() => abort?.abort())
  return { tracks, reload, keep, markStale, patch, showFirst: (ids: readonly TierId[]) => void (first = ids) }
}
