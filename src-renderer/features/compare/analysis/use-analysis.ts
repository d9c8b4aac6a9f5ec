import type { AnalysisProgress, AnalysisScope } from '#shared/contract/analysis.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { computed, onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { asAppError } from '../../../api/app-error.ts'
import { useApi } from '../../../api/client.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { useDebounced } from '../../../composables/use-timers.ts'
import { onCorpusChange } from '../../../stores/corpus.ts'
import { pairOf, useAnalysisChoice } from './analysis-choice.ts'

const SETTLE_MS = 400

/** The segments of a scope: read and scored once, then looked at through the filter of the moment. */
export function useAnalysis(scope: Readonly<Ref<AnalysisScope>>) {
  const api = useApi()
  const choice = useAnalysisChoice()
  const { progress, ready, error, isCancelled, prepare, cancel } = usePreparation(scope)

  const question = computed(
    () =>
      ready.value && {
        scope: ready.value,
        filter: choice.filter,
        pair: pairOf(choice.pair, ready.value.runIds),
      },
  )
  const view = useRequest(async signal =>
    question.value
      ? api.analysis.view({ ...question.value, kinds: choice.kept.kinds }, { signal })
      : undefined,
  )
  watch([question, () => choice.kept.kinds], () => question.value && void view.load())

  return {
    question,
    view: view.answer,
    isAsking: view.isAsking,
    error: computed(() => error.value ?? view.error.value),
    progress,
    isCancelled,
    prepare,
    cancel,
  }
}

export type AnalysisQuestion = NonNullable<ReturnType<typeof useAnalysis>['question']['value']>

/** Tells how far the core is; what was ready stays in use until the next is. */
function usePreparation(scope: Readonly<Ref<AnalysisScope>>) {
  const api = useApi()
  const progress = shallowRef<(AnalysisProgress & { secondsLeft: number | null }) | null>(null)
  const ready = shallowRef<AnalysisScope>()
  const error = shallowRef<AppError>()
  const isCancelled = shallowRef(false)
  let abort = new AbortController()

  async function prepare(): Promise<void> {
    abort.abort()
    const mine = (abort = new AbortController())
    const { signal } = mine
    const wanted = scope.value
    const began = performance.now()
    isCancelled.value = false
    try {
      for await (const state of await api.analysis.prepare({ scope: wanted }, { signal })) {
        const perSegment = state.done > 0 ? (performance.now() - began) / 1000 / state.done : null
        const secondsLeft = perSegment === null ? null : perSegment * (state.total - state.done)
        if (!signal.aborted) progress.value = { ...state, secondsLeft }
      }
      if (signal.aborted) return
      // A new object also where the scope is the same: what it holds has changed.
      ready.value = { ...wanted }
      error.value = undefined
    } catch (thrown) {
      if (!signal.aborted) error.value = asAppError(thrown)
    } finally {
      if (abort === mine) progress.value = null
    }
  }

  function cancel(): void {
    abort.abort()
    progress.value = null
    isCancelled.value = true
  }

  watch(
    () => JSON.stringify(scope.value),
    () => void prepare(),
    { immediate: true },
  )
  onCorpusChange(
    ['run', 'reference', 'clips', 'clip', 'edit'],
    useDebounced(SETTLE_MS, () => void prepare()),
  )
  onScopeDispose(() => abort.abort())
  return { progress, ready, error, isCancelled, prepare, cancel }
}
