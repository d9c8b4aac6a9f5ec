import type { LinkedAnnotation } from '#shared/contract/annotation.ts'
import type { RecordingId, SuggestionId } from '#shared/contract/ids.ts'
import type { Suggestion } from '#shared/contract/suggestion.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useCommands } from '../../composables/use-commands.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useText } from '../../composables/use-text.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'

export interface SuggestionDeps {
  nowMs: () => number | null
  /** Shows where a suggestion is. */
  show: (suggestion: Suggestion) => void
  /** What an accepted one became. */
  accepted: (annotation: LinkedAnnotation) => void
  /** Opens the editor on it. */
  edit: (annotation: LinkedAnnotation) => void
}

/** The open ones, and which of them the keys mean. */
function useOpen(recordingId: Readonly<Ref<RecordingId | null>>, deps: SuggestionDeps) {
  const api = useApi()
  const { t } = useText()
  const notices = useNotices()
  const { answer, load } = useRequest(async signal =>
    recordingId.value === null ? [] : api.suggestion.list({ recordingId: recordingId.value }, { signal }),
  )
  const open = computed(() => answer.value ?? [])
  const currentId = shallowRef<SuggestionId | null>(null)
  const current = computed(() => open.value.find(({ id }) => id === currentId.value) ?? null)
  watch(
    recordingId,
    () => {
      currentId.value = null
      void load()
    },
    { immediate: true },
  )
  onCorpusChange(['suggestion', 'tier', 'clips'], () => void load())

  function choose(suggestion: Suggestion): void {
    currentId.value = suggestion.id
    deps.show(suggestion)
  }

  /** Before the first choice: the one at the playhead, or the next. */
  function step(by: 1 | -1): void {
    const list = open.value
    const at = list.findIndex(({ id }) => id === currentId.value)
    const now = deps.nowMs() ?? 0
    const near = list.findIndex(({ endMs }) => endMs > now)
    const next = at >= 0 ? list[at + by] : (list[near] ?? list.at(-1))
    if (next) choose(next)
    else if (list.length === 0) notices.info(t('localisation.noSuggestions'))
  }

  /** Answered: it is gone before the announcement says so. */
  function drop(suggestion: Suggestion): void {
    answer.value = open.value.filter(({ id }) => id !== suggestion.id)
    currentId.value = null
  }

  return { open, current, choose, step, drop, load }
}

/** The open suggestions of a recording, each accepted, edited or rejected with one key. */
export function useSuggestions(recordingId: Readonly<Ref<RecordingId | null>>, deps: SuggestionDeps) {
  const api = useApi()
  const notices = useNotices()
  const { open, current, choose, step, drop, load } = useOpen(recordingId, deps)

  async function answerWith(act: (id: SuggestionId) => Promise<unknown>): Promise<void> {
    const suggestion = current.value
    if (!suggestion) return step(1)
    const at = open.value.indexOf(suggestion)
    const next = open.value[at + 1] ?? open.value[at - 1]
    try {
      await act(suggestion.id)
    } catch (error) {
      notices.error(error)
      return
    }
    drop(suggestion)
    // The one that follows comes next, so that a run of them takes a key each.
    if (next) choose(next)
  }

  const accept = () =>
    answerWith(async id => {
      for (const made of await api.suggestion.accept({ suggestionIds: [id] })) deps.accepted(made)
    })
  const reject = () => answerWith(id => api.suggestion.reject({ suggestionIds: [id] }))

  async function edit(): Promise<void> {
    const suggestion = current.value
    if (!suggestion) return step(1)
    try {
      const [made] = await api.suggestion.accept({ suggestionIds: [suggestion.id] })
      drop(suggestion)
      if (!made) return
      deps.accepted(made)
      deps.edit(made)
    } catch (error) {
      notices.error(error)
    }
  }

  useCommands([
    { id: 'suggestion.next', run: () => step(1) },
    { id: 'suggestion.previous', run: () => step(-1) },
    { id: 'suggestion.accept', run: () => void accept() },
    { id: 'suggestion.edit', run: () => void edit() },
    { id: 'suggestion.reject', run: () => void reject() },
  ])

  return { open, current, choose, load }
}
