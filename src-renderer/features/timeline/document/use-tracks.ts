import type { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue'
import { asAppError } from '../../../api/app-error.ts'
import type { Api } from '../../../api/client.ts'
import { emptyTrack, type Track, trackOf, withThese } from './track.ts'

/** Tiers asked for at once: few enough that the ones on screen are there before the rest is read. */
const BATCH = 12

/** The tracks that are known, and what of them is out of date. */
interface Reading {
  api: Api
  tracks: ShallowRef<ReadonlyMap<TierId, Track>>
  /** Tiers to read whole. */
  stale: Set<TierId>
  /** Annotations to read by themselves, and the tiers that they are or were on. */
  touched: { ids: Set<AnnotationId>; tierIds: Set<TierId> }
  /** How often each tier was changed here: an answer that was on its way meanwhile is out of date. */
  patches: Map<TierId, number>
  wanted: readonly TierId[]
  /** What is on screen. */
  first: readonly TierId[]
}

function nextBatch({ first, wanted, stale }: Reading): TierId[] {
  const order = [...first, ...wanted].filter(id => stale.has(id))
  return [...new Set(order)].slice(0, BATCH)
}

async function readStale(reading: Reading, signal: AbortSignal): Promise<void> {
  const { api, tracks, stale, patches } = reading
  for (let batch = nextBatch(reading); batch.length > 0; batch = nextBatch(reading)) {
    for (const id of batch) stale.delete(id)
    const asked = new Map(patches)
    const answer = await api.annotation.columns({ tierIds: batch }, { signal }).catch((reason: unknown) => {
      for (const id of batch) stale.add(id)
      throw reason
    })
    if (signal.aborted) return
    const fresh = new Map(tracks.value)
    for (const columns of answer)
      if (asked.get(columns.tierId) === patches.get(columns.tierId))
        fresh.set(columns.tierId, trackOf(columns))
      else stale.add(columns.tierId)
    tracks.value = fresh
  }
}

/** A changed annotation may have left one tier and come to another. */
async function readTouched({ api, tracks, stale, touched, patches }: Reading, signal: AbortSignal) {
  while (touched.ids.size > 0) {
    const [annotationIds, tierIds] = [[...touched.ids], [...touched.tierIds]]
    touched.ids.clear()
    touched.tierIds.clear()
    const asked = new Map(patches)
    const found = await api.annotation.some({ annotationIds }, { signal }).catch((reason: unknown) => {
      for (const id of tierIds) stale.add(id)
      throw reason
    })
    if (signal.aborted) return
    const fresh = new Map(tracks.value)
    for (const tierId of tierIds) {
      const track = fresh.get(tierId)
      // What is still to be read whole brings the change with it.
      if (!track || stale.has(tierId)) continue
      if (asked.get(tierId) === patches.get(tierId)) fresh.set(tierId, withThese(track, annotationIds, found))
      else stale.add(tierId)
    }
    tracks.value = fresh
  }
}

/**
 * The tracks of the open recording. What is on screen comes first; after an edit only the annotations that it touched
 * are asked for again, or, where they are many, their tiers.
 */
export function useTracks(api: Api, error: ShallowRef<AppError | undefined>) {
  const tracks = shallowRef<ReadonlyMap<TierId, Track>>(new Map())
  const touched = { ids: new Set<AnnotationId>(), tierIds: new Set<TierId>() }
  const reading: Reading = {
    api,
    tracks,
    stale: new Set(),
    touched,
    patches: new Map(),
    wanted: [],
    first: [],
  }
  const { stale, patches } = reading
  let abort: AbortController | null = null

  /** Reads what is out of date; a run that is under way takes it up by itself. */
  async function reload(): Promise<void> {
    if (abort) return
    const mine = (abort = new AbortController())
    try {
      while (!mine.signal.aborted && (touched.ids.size > 0 || nextBatch(reading).length > 0)) {
        await readTouched(reading, mine.signal)
        await readStale(reading, mine.signal)
      }
    } catch (reason) {
      if (!mine.signal.aborted) error.value = asAppError(reason)
    } finally {
      if (abort === mine) abort = null
    }
  }

  /** The tiers that there are now: known ones stay, new ones are read, others go. */
  function keep(tierIds: readonly TierId[]): void {
    const known = tracks.value
    reading.wanted = tierIds
    if (!tierIds.some(id => known.has(id))) {
      abort?.abort()
      abort = null
      stale.clear()
      touched.ids.clear()
    }
    for (const id of tierIds) if (!known.has(id)) stale.add(id)
    tracks.value = new Map(tierIds.flatMap(id => (known.has(id) ? [[id, known.get(id) as Track]] : [])))
    void reload()
  }

  /** Null: any of them. */
  function markStale(tierIds: readonly TierId[] | null): void {
    for (const id of tierIds ?? reading.wanted) if (reading.wanted.includes(id)) stale.add(id)
  }

  function markTouched(annotationIds: readonly AnnotationId[], tierIds: readonly TierId[]): void {
    const own = tierIds.filter(id => reading.wanted.includes(id))
    for (const id of own) touched.tierIds.add(id)
    if (own.length > 0) for (const id of annotationIds) touched.ids.add(id)
  }

  /** Shows a change at once; the core's own announcement confirms it. */
  function patch(tierId: TierId, change: (track: Track) => Track): void {
    const track = tracks.value.get(tierId) ?? emptyTrack(tierId)
    patches.set(tierId, (patches.get(tierId) ?? 0) + 1)
    tracks.value = new Map(tracks.value).set(tierId, change(track))
  }

  onScopeDispose(() => abort?.abort())
  const showFirst = (ids: readonly TierId[]) => void (reading.first = ids)
  return { tracks, reload, keep, markStale, markTouched, patch, showFirst }
}
