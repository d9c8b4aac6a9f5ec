import { onScopeDispose, shallowRef } from 'vue'
import { asAppError } from '../api/app-error.ts'
import type { AppError } from '#shared/contract/errors.ts'

/**
 * What a screen shows from one question to the core. Asking again keeps the old answer on screen until the
 * new one is there, and an answer that was overtaken by a later question is dropped.
 */
export function useRequest<Answer>(ask: (signal: AbortSignal) => Promise<Answer>) {
  const answer = shallowRef<Answer>()
  const error = shallowRef<AppError>()
  const isAsking = shallowRef(false)
  let abort = new AbortController()

  async function load(): Promise<void> {
    abort.abort()
    const mine = (abort = new AbortController())
    isAsking.value = true
    try {
      const fresh = await ask(mine.signal)
      if (mine.signal.aborted) return
      answer.value = fresh
      error.value = undefined
    } catch (thrown) {
      if (mine.signal.aborted) return
      error.value = asAppError(thrown)
    } finally {
      if (abort === mine) isAsking.value = false
    }
  }

  onScopeDispose(() => abort.abort())
  return { answer, error, isAsking, load }
}
