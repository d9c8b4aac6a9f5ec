import type { ClipDetail, ReviewState } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { computed, type Ref, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'

const SETTLE_MS = 60

/** The clip on screen, asked again whenever it changes anywhere. */
export function useClipDetail(clipId: Readonly<Ref<ClipId | null>>) {
  const api = useApi()
  const notices = useNotices()
  const { answer, error, isAsking, load } = useRequest(async (signal): Promise<ClipDetail | null> =>
    clipId.value === null ? null : api.clip.get({ clipId: clipId.value }, { signal }),
  )

  watch(clipId, () => void load(), { immediate: true })
  const settle = useDebounced(SETTLE_MS, () => void load())
  onCorpusChange(['clip', 'clips', 'reference', 'run', 'rating', 'edit'], change => {
    if (change.clipId === null || change.clipId === clipId.value) settle()
  })

  async function setState(state: ReviewState): Promise<void> {
    const detail = answer.value
    if (!detail || detail.state === state) return
    try {
      await api.clip.update({ selection: { kind: 'ids', clipIds: [detail.id] }, changes: { state } })
      await load()
    } catch (thrown) {
      notices.error(thrown)
    }
  }

  async function rate(
    hypothesisId: ClipDetail['hypotheses'][number]['id'],
    value: number | null,
  ): Promise<void> {
    try {
      await api.rating.set({ hypothesisId, value })
      await load()
    } catch (thrown) {
      notices.error(thrown)
    }
  }

  /** Only the clip that was asked for last: while the next one is on its way, the old one is shown. */
  const clip = computed(() => answer.value ?? null)
  return { clip, error, isLoading: isAsking, load, setState, rate }
}

export type ClipDetailState = ReturnType<typeof useClipDetail>
