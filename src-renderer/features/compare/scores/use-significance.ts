import type { EvaluationChoice, SignificanceReport } from '#shared/contract/evaluation.ts'
import type { AppError } from '#shared/contract/errors.ts'
import type { RunId } from '#shared/contract/ids.ts'
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { asAppError } from '../../../api/app-error.ts'
import { useApi } from '../../../api/client.ts'

export interface TestScope {
  runIds: RunId[]
  split: string | null
  choice: EvaluationChoice
}

export interface TestProgress {
  done: number
  total: number
  secondsLeft: number | null
}

/** The test that is kept of this scope, and one test at a time with its progress; it ends with its component. */
export function useSignificance(scope: Readonly<Ref<TestScope>>) {
  const api = useApi()
  const report = shallowRef<SignificanceReport>()
  const progress = shallowRef<TestProgress>()
  const error = shallowRef<AppError>()
  const isRecalling = shallowRef(false)
  let abort = new AbortController()

  /** What was asked for last takes the place of what is still under way. */
  async function follow(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    error.value = undefined
    try {
      await work(signal)
    } catch (thrown) {
      if (!signal.aborted) error.value = asAppError(thrown)
    } finally {
      if (abort.signal === signal) {
        progress.value = undefined
        isRecalling.value = false
      }
    }
  }

  const recall = () =>
    follow(async signal => {
      progress.value = undefined
      report.value = undefined
      isRecalling.value = true
      const found = await api.evaluation.tested(scope.value, { signal })
      if (!signal.aborted && found) report.value = found
    })

  const run = (how: { test: SignificanceReport['test']; seed: number }) =>
    follow(async signal => {
      progress.value = { done: 0, total: 0, secondsLeft: null }
      for await (const event of await api.evaluation.significance({ ...scope.value, ...how }, { signal })) {
        if (signal.aborted) return
        if (event.kind === 'report') report.value = event.report
        else progress.value = event
      }
    })

  function cancel(): void {
    abort.abort()
    progress.value = undefined
  }

  watch(() => JSON.stringify(scope.value), recall, { immediate: true })
  onScopeDispose(cancel)
  return { report, progress, error, isRecalling, run, cancel }
}
