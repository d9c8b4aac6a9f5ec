import type { MergePreview, MergeResolution, MergeSource } from '#shared/contract/merge.ts'
import { computed, type Ref, shallowReactive } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useFormat } from '../../composables/use-format.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useText } from '../../composables/use-text.ts'
import { useEdits } from '../../stores/edits.ts'
import { useNotices } from '../../stores/notices.ts'

export type Choice = MergeResolution['choice']
/** By the id of the conflict. */
export type Answers = Map<string, Omit<MergeResolution, 'id'>>

export const CHOICE_KEYS: Readonly<Record<string, Choice>> = { 1: 'ours', 2: 'theirs', 3: 'both' }

/** Asks what a merge would do, keeps the answers to its questions, and carries it out. */
export function useMerge(source: Readonly<Ref<MergeSource>>) {
  const { t } = useText()
  const { count } = useFormat()
  const api = useApi()
  const edits = useEdits()
  const notices = useNotices()
  const answers: Answers = shallowReactive(new Map())
  const { answer, error, isAsking, load } = useRequest(signal =>
    api.merging.preview(source.value, { signal }),
  )
  const preview = answer as Ref<MergePreview | undefined>
  const open = computed(() => (preview.value?.conflicts ?? []).filter(({ id }) => !answers.has(id)).length)

  async function compare(): Promise<void> {
    answers.clear()
    await load()
  }

  /** What was found belongs to the sources that were compared. */
  function forget(): void {
    answers.clear()
    preview.value = undefined
    error.value = undefined
  }

  const apply = useAction(async () => {
    if (!preview.value) return
    const resolutions = [...answers].map(([id, rest]) => ({ id, ...rest }))
    const done = await api.merging.apply({ source: source.value, token: preview.value.token, resolutions })
    const counts = { added: count(done.added), changed: count(done.changed), removed: count(done.removed) }
    const undo = { label: t('commands.undo'), run: () => void edits.undo() }
    notices.good(t('merging.done', counts), undo, 'edit')
    forget()
  })

  return { preview, error, isAsking, compare, answers, open, apply, forget }
}
