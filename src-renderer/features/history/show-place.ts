import type { RecordingId } from '#shared/contract/ids.ts'
import { useRouter } from 'vue-router'
import { useKept } from '../../composables/use-kept.ts'
import { useCorpus } from '../../stores/corpus.ts'
import { NOWHERE, type Places, withPlace } from '../annotate/annotate-place.ts'

/** Opens a recording on the Annotate screen at a time, as if it had been left there. */
export function useShowPlace() {
  const router = useRouter()
  const corpus = useCorpus()
  const places = useKept<Places>(`annotate.places ${corpus.current?.dir ?? ''}`, NOWHERE)

  return ({ recordingId, startMs }: { recordingId: RecordingId | null; startMs: number | null }): void => {
    if (recordingId === null) return
    if (startMs !== null) places.value = withPlace(places.value, recordingId, { timeMs: startMs })
    void router.push({ name: 'annotate', params: { recordingId: String(recordingId) } })
  }
}
