import type { AppError } from '#shared/contract/errors.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import { frameCount } from '#shared/domain/frame-index.ts'
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import type { Api } from '../../api/client.ts'
import type { FrameSource } from '../../composables/use-frame-player.ts'
import { createTimesCache, onRecording } from './media-times.ts'

/** What a follower plays: the file or its copy, and its frames on the recording's time line. */
export function useViewMedia(api: Api, facts: Readonly<Ref<MediaFacts>>) {
  const timesOf = createTimesCache(api)
  const playable = shallowRef<{ url: string; source: FrameSource } | null>(null)
  const error = shallowRef<AppError | null>(null)
  let abort = new AbortController()

  async function load(): Promise<void> {
    abort.abort()
    const mine = (abort = new AbortController())
    const { id, playUrl, pictureUrl } = facts.value
    try {
      const { index, playerOffsetMs } = onRecording(await timesOf(id), facts.value)
      const prepared = () => api.media.preparePlayback({ mediaId: id }, { signal: mine.signal })
      const url = pictureUrl === null ? (playUrl ?? (await prepared()).playUrl) : ''
      if (mine.signal.aborted || url === null) return
      const clip = { first: 0, last: frameCount(index) - 1 }
      playable.value = { url, source: { index, playerOffsetMs, clip, pictureUrl } }
      error.value = null
    } catch (thrown) {
      if (!mine.signal.aborted) error.value = asAppError(thrown)
    }
  }

  watch([() => facts.value.id, () => facts.value.offsetMs, () => facts.value.playUrl], () => void load(), {
    immediate: true,
  })
  onScopeDispose(() => abort.abort())
  return { playable, error }
}
