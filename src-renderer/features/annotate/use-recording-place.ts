import { RecordingId } from '#shared/contract/ids.ts'
import { computed, onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useApi } from '../../api/client.ts'
import { useKept } from '../../composables/use-kept.ts'
import { useRequest } from '../../composables/use-request.ts'
import type { Mode } from '../../keymaps/modes.ts'
import { useCommandRegistry } from '../../stores/commands.ts'
import { onCorpusChange, useCorpus } from '../../stores/corpus.ts'
import { NOWHERE, placeOf, type Places, withPlace } from './annotate-place.ts'

/** The recording that the address names, and how it was left: its mode, time and row tier. */
export function useRecordingPlace() {
  const api = useApi()
  const route = useRoute()
  const router = useRouter()
  const registry = useCommandRegistry()
  const places = useKept<Places>(`annotate.places ${useCorpus().current?.dir ?? ''}`, NOWHERE)
  const list = useRequest(signal => api.recording.list(undefined, { signal }))
  void list.load()
  onCorpusChange(['media', 'clips', 'tier', 'annotation'], () => void list.load())

  const recordings = computed(() => list.answer.value ?? [])
  const recordingId = computed(() => {
    const parsed = RecordingId.safeParse(Number(route.params['recordingId']))
    return parsed.success ? parsed.data : null
  })
  const recording = computed(() => recordings.value.find(({ id }) => id === recordingId.value) ?? null)
  const place = computed(() => placeOf(places.value, recordingId.value))
  const mode = computed(() => place.value.mode)

  function keep(change: Parameters<typeof withPlace>[2]): void {
    if (recordingId.value !== null) places.value = withPlace(places.value, recordingId.value, change)
  }

  function open(id: RecordingId): void {
    void router.replace({ name: 'annotate', params: { recordingId: String(id) } })
  }

  /** An address without a recording leads to the last one, or to the first there is. */
  watch(
    recordings,
    ([first, ...others]) => {
      if (recording.value || !first || route.name !== 'annotate') return
      open([first, ...others].find(({ id }) => id === places.value.last)?.id ?? first.id)
    },
    { immediate: true },
  )
  watch(mode, now => (registry.mode = now), { immediate: true })
  onScopeDispose(() => (registry.mode = null))

  return {
    list,
    recordings,
    recordingId,
    recording,
    place,
    mode,
    keep,
    open,
    setMode: (to: Mode) => keep({ mode: to }),
  }
}
