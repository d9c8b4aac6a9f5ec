import type { CorpusChange, CorpusSummary, RecentCorpus } from '#shared/contract/corpus.ts'
import { defineStore } from 'pinia'
import { onScopeDispose, shallowRef } from 'vue'
import { useApi, useConnection } from '../api/client.ts'
import { follow } from '../api/follow.ts'
import { coalesced, createListeners } from './listeners.ts'

/** A change that may be any of them: after a reconnection nobody knows what was missed. */
const ANYTHING: CorpusChange = { kind: 'corpus', clipId: null }

/** The summary is asked again when one of these changed; typing in a reference changes none of its counts. */
const COUNTED = new Set<CorpusChange['kind']>(['clips', 'clip', 'media', 'corpus', 'edit'])

/** The open corpus. Screens that show parts of it listen with `onCorpusChange` and ask again. */
export const useCorpus = defineStore('corpus', () => {
  const api = useApi()
  const connection = useConnection()
  const current = shallowRef<CorpusSummary | null>(null)
  const recent = shallowRef<RecentCorpus[]>([])
  const state = shallowRef<'unknown' | 'ready'>('unknown')
  const { tell, listen } = createListeners<CorpusChange>()

  const refresh = coalesced(async () => {
    current.value = await api.corpus.current()
    state.value = 'ready'
  })
  const refreshRecent = coalesced(async () => {
    recent.value = await api.corpus.recent()
  })

  function adopt(summary: CorpusSummary | null): void {
    current.value = summary
    state.value = 'ready'
    tell(ANYTHING)
  }

  async function enter(summary: Promise<CorpusSummary>): Promise<void> {
    adopt(await summary)
    await refreshRecent()
  }

  const open = (dir: string) => enter(api.corpus.open({ dir }))
  const create = (dir: string, name: string) => enter(api.corpus.create({ dir, name }))
  const openDemo = () => enter(api.corpus.demo({}))
  const restore = (file: string) => enter(api.corpus.restore({ file }))

  async function close(): Promise<void> {
    await api.corpus.close()
    adopt(null)
    await refreshRecent()
  }

  async function forget(dir: string): Promise<void> {
    await api.corpus.forget({ dir })
    await refreshRecent()
  }

  function start(signal: AbortSignal): Promise<void> {
    return follow({
      connection,
      signal,
      open: abort => api.corpus.changes(undefined, { signal: abort }),
      refresh: async () => {
        await Promise.all([refresh(), refreshRecent()])
        tell(ANYTHING)
      },
      receive: change => {
        if (COUNTED.has(change.kind)) void refresh()
        tell(change)
      },
    })
  }

  return { current, recent, state, start, refresh, open, create, openDemo, close, forget, restore, listen }
})

/**
 * Calls back when something of these kinds changed, for as long as the calling component lives.
 * Kind `corpus` (another corpus, or a reconnection) always calls back: anything may have changed.
 */
export function onCorpusChange(
  kinds: readonly CorpusChange['kind'][],
  listener: (change: CorpusChange) => void,
): void {
  const stop = useCorpus().listen(change => {
    if (change.kind === 'corpus' || kinds.includes(change.kind)) listener(change)
  })
  onScopeDispose(stop)
}
