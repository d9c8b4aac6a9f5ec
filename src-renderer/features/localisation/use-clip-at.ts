import type { RecordingId } from '#shared/contract/ids.ts'
import { computed, type Ref, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useRequest } from '../../composables/use-request.ts'
import { onCorpusChange } from '../../stores/corpus.ts'

/** The clip of a recording that is on screen; between two, the nearest. */
export function useClipAt(recordingId: Readonly<Ref<RecordingId | null>>, timeMs: () => number | null) {
  const api = useApi()
  const { answer, load } = useRequest(async signal =>
    recordingId.value === null ? [] : api.clip.ofRecording({ recordingId: recordingId.value }, { signal }),
  )
  watch(recordingId, () => void load(), { immediate: true })
  onCorpusChange(['clips'], () => void load())

  return computed(() => {
    const now = timeMs() ?? 0
    const away = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
      Math.max(startMs - now, now - endMs + 1, 0)
    const [nearest] = (answer.value ?? []).toSorted((a, b) => away(a) - away(b))
    return nearest?.id ?? null
  })
}
