import { timeOf } from '#shared/domain/frame-index.ts'
import { computed, onScopeDispose, type Ref, watch } from 'vue'
import { FrameCover } from './frame-cover.ts'
import { type FrameSource, useFramePictures } from './frame-pictures.ts'
import { FrameTransport } from './frame-transport.ts'

export type { FrameSource } from './frame-pictures.ts'
export { FASTEST, SLOWEST } from './frame-transport.ts'

/**
 * Plays and shows a clip frame by frame. `frame` is the one that the compositor says is on screen, found through the
 * index of presentation times; it is null while that is not known, so a number that is shown is never wrong.
 */
export function useFramePlayer(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  source: Readonly<Ref<FrameSource | null>>,
  /** Lies over the video. */
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
) {
  const cover = new FrameCover(canvas)
  const { shown, show } = useFramePictures(video, source, cover)
  const transport = new FrameTransport({ video, source, shown, show, cover })
  onScopeDispose(() => transport.dispose())

  watch(
    video,
    (element, _previous, onCleanup) => {
      if (!element) return
      const ended = () => transport.reachEnd()
      const paused = () => element.ended || transport.interrupted()
      element.addEventListener('ended', ended)
      element.addEventListener('pause', paused)
      onCleanup(() => {
        element.removeEventListener('ended', ended)
        element.removeEventListener('pause', paused)
      })
    },
    { immediate: true, flush: 'post' },
  )
  watch([video, source], () => transport.load(), { immediate: true, flush: 'post' })

  return {
    /** The frame on screen, counted from 0; null while unknown. */
    frame: shown,
    /** The frame that covers the video, null where the video itself is seen. */
    covered: cover.frame,
    /** Where its interval starts, in milliseconds of the file. */
    timeMs: computed(() =>
      source.value && shown.value !== null ? timeOf(source.value.index, shown.value) : null,
    ),
    isPlaying: transport.isPlaying,
    isSeeking: transport.isSeeking,
    rate: transport.rate,
    loop: transport.loop,
    transport,
  }
}

export type FramePlayer = ReturnType<typeof useFramePlayer>
