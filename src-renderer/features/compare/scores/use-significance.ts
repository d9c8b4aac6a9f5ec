import type { EvaluationChoice, SignificanceReport } from '#shared/contract/evaluation.ts'
import type { AppError } from '#shared/contract/errors.ts'
import type { RunId } from '#shared/contract/ids.ts'
import { onScopeDispose, shallowRef } from 'vue'
import { asAppError } from '../../../api/app-error.ts'
import { useApi } from '../../../api/client.ts'

export interface TestRequest {
  runIds: RunId[]
  split: string | null
  choice: EvaluationChoice
  test: SignificanceReport['test']
  seed: number
}

export interface TestProgress {
  done: number
  total: number
  secondsLeft: number | null
}

/** One test at a time with its progress; it ends with the component that started it. */
export function useSignificance() {
  const api = useApi()
  const report = shallowRef<SignificanceReport>()
  const progress = shallowRef<TestProgress>()
  const error = shallowRef<AppError>()
  let abort = new AbortController()

  async function run(request: TestRequest): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    progress.value = { done: 0, total: 0, secondsLeft: null }
    error.value = undefined
    try {
      for await (const event of await api.evaluation.significance(request, { signal })) {
        if (signal.aborted) return
        if (event.kind === 'report') report.value = event.report
        else progress.value = event
      }
    } catch (thrown) {
      if (!signal.aborted) error.value = asAppError(thrown)
    } finally {
      if (abort.signal === signal) progress.value = undefined
    }
  }

  function cancel(): void {
    abort.abort()
    progress.value = undefined
  }

  function forget(): void {
    cancel()
    report.value = undefined
    error.value = undefined
  }

  onScopeDispose(cancel)
  return { report, progress, error, run, cancel, forget }
}
