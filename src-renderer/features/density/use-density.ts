import type { DensityInput, DensityProgress, DensityReport } from '#shared/contract/density.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { onScopeDispose, shallowRef } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { useApi } from '../../api/client.ts'

const SECOND_MS = 1000

/** As fast as so far in this phase; null at its beginning. */
function secondsLeft({ done, total }: Pick<DensityProgress, 'done' | 'total'>, passedMs: number) {
  return passedMs < SECOND_MS || done === 0 ? null : ((total - done) * passedMs) / done / SECOND_MS
}

/** One measurement at a time with its progress; it ends with its component. */
export function useDensity() {
  const api = useApi()
  const report = shallowRef<DensityReport>()
  const progress = shallowRef<Omit<DensityProgress, 'kind'> & { secondsLeft: number | null }>()
  const error = shallowRef<AppError>()
  let abort = new AbortController()

  async function measure(input: DensityInput): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    progress.value = { phase: 'features', done: 0, total: 0, secondsLeft: null }
    let [phase, since] = ['', 0]
    error.value = undefined
    try {
      for await (const event of await api.density.measure(input, { signal })) {
        if (signal.aborted) return
        if (event.kind === 'done') report.value = event
        else {
          if (event.phase !== phase) [phase, since] = [event.phase, performance.now()]
          progress.value = { ...event, secondsLeft: secondsLeft(event, performance.now() - since) }
        }
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

  onScopeDispose(cancel)
  return { report, progress, error, measure, cancel }
}
