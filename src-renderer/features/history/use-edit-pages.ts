import type { HistoryEdit } from '#shared/contract/history.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { onScopeDispose, type Ref, shallowReactive, shallowRef, watch } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { useApi } from '../../api/client.ts'
import { useThrottled } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'

const PAGE_ROWS = 200
const SETTLE_MS = 120

/** The edits that contain `text`, newest first; pages are fetched when they come into view. */
export function useEditPages(text: Readonly<Ref<string>>) {
  const api = useApi()
  const total = shallowRef<number>()
  const pages = shallowReactive(new Map<number, readonly HistoryEdit[]>())
  const error = shallowRef<AppError>()
  let seen = { first: 0, last: 0 }
  let abort = new AbortController()

  async function fetchPage(page: number, signal: AbortSignal): Promise<void> {
    try {
      const input = { skip: page * PAGE_ROWS, limit: PAGE_ROWS, text: text.value }
      const answer = await api.history.edits(input, { signal })
      if (signal.aborted) return
      pages.set(page, answer.edits)
      total.value = answer.total
      error.value = undefined
    } catch (thrown) {
      if (!signal.aborted) error.value = asAppError(thrown)
    }
  }

  const shownPages = () => {
    const [from, to] = [Math.floor(seen.first / PAGE_ROWS), Math.floor(seen.last / PAGE_ROWS)]
    return Array.from({ length: to - from + 1 }, (_, at) => from + at)
  }

  /** What was shown stays until the new page is there. */
  async function reload(): Promise<void> {
    abort.abort()
    abort = new AbortController()
    const kept = shownPages()
    for (const page of pages.keys()) if (!kept.includes(page)) pages.delete(page)
    await Promise.all(kept.map(page => fetchPage(page, abort.signal)))
  }

  function see(first: number, last: number): void {
    seen = { first, last: Math.max(first, last) }
    for (const page of shownPages()) if (!pages.has(page)) void fetchPage(page, abort.signal)
  }

  const rowAt = (index: number): HistoryEdit | undefined =>
    pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]

  watch(text, () => {
    seen = { first: 0, last: 0 }
    void reload()
  })
  onCorpusChange(
    ['edit'],
    useThrottled(SETTLE_MS, () => void reload()),
  )
  onScopeDispose(() => abort.abort())
  void reload()

  return { total, error, see, rowAt, reload }
}
