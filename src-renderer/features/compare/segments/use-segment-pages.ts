import type { AnalysedSegment, SegmentOrder } from '#shared/contract/analysis.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { onScopeDispose, type Ref, shallowReactive, shallowRef, watch } from 'vue'
import { asAppError } from '../../../api/app-error.ts'
import { useApi } from '../../../api/client.ts'
import type { AnalysisQuestion } from '../analysis/use-analysis.ts'

const PAGE_ROWS = 40

/** The segments on screen, a page at a time; old rows stay until those of a new question are there. */
export function useSegmentPages(
  question: Readonly<Ref<AnalysisQuestion>>,
  order: Readonly<Ref<SegmentOrder>>,
) {
  const api = useApi()
  const total = shallowRef(0)
  const isReady = shallowRef(false)
  const error = shallowRef<AppError>()
  const pages = shallowReactive(new Map<number, readonly AnalysedSegment[]>())
  const asked = new Set<number>()
  let seen = { first: 0, last: 0 }
  let abort = new AbortController()

  const pageOf = (index: number) => Math.floor(index / PAGE_ROWS)

  function fetchRows(offset: number, limit: number, signal: AbortSignal) {
    return api.analysis.segments({ ...question.value, order: order.value, offset, limit }, { signal })
  }

  async function fetchPage(page: number, signal: AbortSignal, isFirst: boolean): Promise<void> {
    asked.add(page)
    try {
      const answer = await fetchRows(page * PAGE_ROWS, PAGE_ROWS, signal)
      if (signal.aborted) return
      if (isFirst) pages.clear()
      pages.set(page, answer.rows)
      total.value = answer.total
      isReady.value = true
      error.value = undefined
    } catch (thrown) {
      if (!signal.aborted) error.value = asAppError(thrown)
    }
  }

  async function reload(): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    asked.clear()
    const first = pageOf(seen.first)
    await fetchPage(first, signal, true)
    if (!signal.aborted) see(seen.first, Math.min(seen.last, Math.max(0, total.value - 1)))
  }

  /** Tells which rows are on screen. */
  function see(first: number, last: number): void {
    seen = { first, last }
    for (let page = pageOf(first); page <= pageOf(last); page++)
      if (!asked.has(page) && page * PAGE_ROWS < Math.max(1, total.value))
        void fetchPage(page, abort.signal, false)
  }

  function rowAt(index: number): AnalysedSegment | undefined {
    return pages.get(pageOf(index))?.[index % PAGE_ROWS]
  }

  watch([question, order], () => void reload(), { immediate: true })
  onScopeDispose(() => abort.abort())
  return { total, isReady, error, see, rowAt, fetchRows }
}
