import type { ClipHypothesis } from '#shared/contract/clip.ts'
import { computed, type Ref, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useExplainedWord } from '../../stores/explained-word.ts'

/** The explanation of the chosen hypothesis, and the word in it that is pointed at. */
export function useExplanation(
  hypotheses: Readonly<Ref<readonly ClipHypothesis[]>>,
  seek: (timeMs: number) => void,
) {
  const api = useApi()
  const pointer = useExplainedWord()
  const best = computed(() => hypotheses.value.filter(each => each.rank === 0))
  const chosen = computed(
    () => best.value.find(each => each.runId === pointer.runId) ?? best.value[0] ?? null,
  )
  const { answer, error, load } = useRequest(async signal =>
    chosen.value ? api.run.explanation({ hypothesisId: chosen.value.id }, { signal }) : null,
  )
  watch(() => chosen.value?.id, load, { immediate: true })

  /** Not that of a hypothesis that was chosen before. */
  const explanation = computed(() =>
    answer.value && answer.value.hypothesisId === chosen.value?.id ? answer.value : null,
  )
  const words = computed(() => (explanation.value?.kind === 'attention' ? explanation.value.words : []))
  const wordAt = (from: number, to: number) => words.value.findIndex(word => word.from < to && word.to > from)
  const active = computed(() => {
    const { word } = pointer
    return word && word.hypothesisId === chosen.value?.id ? wordAt(word.from, word.to) : -1
  })

  watch([() => pointer.visited, words], () => {
    const { visited } = pointer
    if (!visited || visited.hypothesisId !== explanation.value?.hypothesisId) return
    pointer.visited = null
    const word = words.value[wordAt(visited.from, visited.to)]
    if (word) seek(word.peakMs)
  })

  return { best, chosen, explanation, words, active, error, load }
}
