import type { RecordingRow } from '#shared/contract/recording.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useRequest } from '../../composables/use-request.ts'
import { type ClipPlayer, useClipPlayer } from '../review/clip-player.ts'
import { type StagedClip, useClipMedia } from '../review/use-clip-media.ts'

/** The recording on stage: its first video with all its frames, and the player. */
export function useStage(recording: Readonly<Ref<RecordingRow | null>>) {
  const api = useApi()
  const video = shallowRef<HTMLVideoElement | null>(null)
  const mediaId = computed(() => recording.value?.media[0]?.id ?? null)
  const facts = useRequest(async signal =>
    mediaId.value === null ? null : api.media.get({ mediaId: mediaId.value }, { signal }),
  )
  watch(mediaId, () => void facts.load(), { immediate: true })

  const staged = computed((): StagedClip | null => {
    const file = facts.answer.value
    if (!file || !recording.value || file.id !== mediaId.value) return null
    return { id: file.id, mediaId: file.id, firstFrame: 0, lastFrame: Math.max(0, file.frames - 1) }
  })
  const media = useClipMedia(staged)
  const clipPlayer: ClipPlayer = useClipPlayer(
    video,
    media,
    computed(() => staged.value?.id ?? null),
  )
  return { video, media, clipPlayer, mediaId, error: facts.error }
}
