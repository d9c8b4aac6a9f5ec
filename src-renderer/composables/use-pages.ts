import type { AppError } from '#shared/contract/errors.ts'
import { onScopeDispose, type Ref, shallowReactive, shallowRef, watch } from 'vue'
import { asAppError } from '../api/app-error.ts'

const PAGE_ROWS = 200

export interface PageAnswer<Row> {
  total: number
  rows: readonly Row[]
}

/** The rows of a long list; pages are fetched when they come into view, and again whenever `question` changes. */
export function usePages<Question, Row, Answer extends PageAnswer<Row>>(
  question: Readonly<Ref<Question>>,
  ask: (question: Question, page: { offset: number; limit: number }, signal: AbortSignal) => Promise<Answer>,
) {
  const total = shallowRef<number>()
  const last = shallowRef<Answer>()
  const pages = shallowReactive(new Map<number, readonly Row[]>())
  const error = shallowRef<AppError>()
  let seen = { first: 0, last: 0 }
  let abort = new AbortController()

  async function fetchPage(page: number, signal: AbortSignal): Promise<void> {
    try {
      const answer = await ask(question.value, { offset: page * PAGE_ROWS, limit: PAGE_ROWS }, signal)
      if (signal.aborted) return
      pages.set(page, answer.rows)
      last.value = answer
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

  function see(first: number, to: number): void {
    seen = { first, last: Math.max(first, to) }
    for (const page of shownPages()) if (!pages.has(page)) void fetchPage(page, abort.signal)
  }

  const rowAt = (index: number): Row | undefined =>
    pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]

  watch(question, () => {
    seen = { first: 0, last: 0 }
    void reload()
  })
  onScopeDispose(() => abort.abort())
  void reload()

  return { total, last, error, see, rowAt, reload }
}
