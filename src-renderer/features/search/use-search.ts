import type { RecordingId } from '#shared/contract/ids.ts'
import type { SearchHit, SearchQuery } from '#shared/contract/search.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { onScopeDispose, shallowRef } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { useApi } from '../../api/client.ts'

export const MOST_HITS = 5000

export interface RecordingCount {
  recordingId: RecordingId
  recording: string
  hits: number
}

/** One search at a time; its hits appear as they are found. */
export function useSearch() {
  const api = useApi()
  const hits = shallowRef<readonly SearchHit[]>([])
  const recordings = shallowRef<readonly RecordingCount[]>([])
  const total = shallowRef(0)
  const looked = shallowRef(0)
  const of = shallowRef(0)
  const elapsedMs = shallowRef(0)
  const state = shallowRef<'idle' | 'running' | 'done' | 'stopped'>('idle')
  const error = shallowRef<AppError>()
  let abort = new AbortController()

  function clear(): void {
    hits.value = []
    recordings.value = []
    total.value = 0
    looked.value = 0
    of.value = 0
    error.value = undefined
  }

  async function run(query: SearchQuery | null): Promise<void> {
    abort.abort()
    clear()
    state.value = query ? 'running' : 'idle'
    if (!query) return
    const mine = (abort = new AbortController())
    try {
      const events = await api.search.run({ query, limit: MOST_HITS }, { signal: mine.signal })
      for await (const event of events) {
        if (mine.signal.aborted) return
        if (event.hits.length > 0) hits.value = [...hits.value, ...event.hits]
        if (event.recordings.length > 0) recordings.value = [...recordings.value, ...event.recordings]
        total.value = event.total
        looked.value = event.looked
        of.value = event.of
        elapsedMs.value = event.elapsedMs
      }
      state.value = 'done'
    } catch (thrown) {
      if (mine.signal.aborted) return
      error.value = asAppError(thrown)
      state.value = 'done'
    }
  }

  function stop(): void {
    if (state.value !== 'running') return
    abort.abort()
    state.value = 'stopped'
  }

  onScopeDispose(() => abort.abort())
  return { hits, recordings, total, looked, of, elapsedMs, state, error, run, stop }
}

/** Has the index of search made while the screen is open; a search before that makes what it needs itself. */
export function useSearchIndex() {
  const api = useApi()
  const tiersLeft = shallowRef(0)
  const abort = new AbortController()

  async function prepare(): Promise<void> {
    try {
      for await (const event of await api.search.prepare(undefined, { signal: abort.signal }))
        tiersLeft.value = event.tiersLeft
    } catch (thrown) {
      tiersLeft.value = 0
      if (!abort.signal.aborted) throw thrown
    }
  }

  onScopeDispose(() => abort.abort())
  return { tiersLeft, prepare }
}
