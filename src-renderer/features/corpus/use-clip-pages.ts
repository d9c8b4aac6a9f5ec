import type { ClipRow } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { onScopeDispose, shallowReactive, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { asAppError } from '../../api/app-error.ts'
import { useThrottled } from '../../composables/use-timers.ts'
import { useClipView } from '../../stores/clip-view.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import type { AppError } from '#shared/contract/errors.ts'

const PAGE_ROWS = 100
const SETTLE_MS = 120

/**
 * The clips of the current view: every id in order, and the rows of the pages that are looked at.
 * A change keeps the old rows on screen until the new ones are there.
 */
export function useClipPages() {
  const api = useApi()
  const view = useClipView()
  const ids = shallowRef<readonly ClipId[]>([])
  const pages = shallowReactive(new Map<number, readonly ClipRow[]>())
  const error = shallowRef<AppError>()
  const state = shallowRef<'loading' | 'ready' | 'failed'>('loading')
  const asked = new Set<number>()
  let seen = { first: 0, last: 0 }
  let abort = new AbortController()

  function visiblePages(): number[] {
    const from = Math.floor(seen.first / PAGE_ROWS)
    const to = Math.floor(Math.max(seen.first, seen.last) / PAGE_ROWS)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  }

  async function fetchPage(page: number, signal: AbortSignal): Promise<void> {
    asked.add(page)
    const input = { ...view.query, offset: page * PAGE_ROWS, limit: PAGE_ROWS }
    const { rows } = await api.clip.list(input, { signal })
    if (!signal.aborted) pages.set(page, rows)
  }

  async function fetchView(signal: AbortSignal): Promise<void> {
    const fresh = await api.clip.ids(view.query, { signal })
    if (signal.aborted) return
    asked.clear()
    const wanted = visiblePages().filter(page => page * PAGE_ROWS < fresh.length)
    await Promise.all(wanted.map(page => fetchPage(page, signal)))
    if (signal.aborted) return
    for (const page of pages.keys()) if (!asked.has(page)) pages.delete(page)
    ids.value = fresh
    state.value = 'ready'
  }

  async function guarded(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await work(signal)
    } catch (thrown) {
      if (signal.aborted) return
      error.value = asAppError(thrown)
      state.value = 'failed'
    }
  }

  function reload(): Promise<void> {
    abort.abort()
    abort = new AbortController()
    return guarded(fetchView, abort.signal)
  }

  /** Tells which rows are on screen; their pages are fetched where they are not known. */
  function see(first: number, last: number): void {
    seen = { first, last }
    const missing = visiblePages().filter(page => !asked.has(page) && page * PAGE_ROWS < ids.value.length)
    for (const page of missing) void guarded(signal => fetchPage(page, signal), abort.signal)
  }

  function rowAt(index: number): ClipRow | undefined {
    return pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
  }

  const reloadSoon = useThrottled(SETTLE_MS, () => void reload())
  watch(() => view.query, reload, { immediate: true })
  onCorpusChange(['clips', 'clip', 'reference', 'rating', 'run', 'edit', 'media'], reloadSoon)
  onScopeDispose(() => abort.abort())

  return { ids, state, error, see, rowAt, reload }
}
