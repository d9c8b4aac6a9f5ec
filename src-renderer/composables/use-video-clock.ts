import { readonly, type Ref, shallowRef, watch } from 'vue'

/**
 * The media time in milliseconds of the picture on screen, null while there is none. `timeupdate` fires some four
 * times a second, and `currentTime` may already be past the picture that is shown.
 */
export function useVideoClock(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  presented: (mediaTimeMs: number) => void = () => {},
) {
  const shownMs = shallowRef<number | null>(null)

  watch(
    video,
    (element, _previous, onCleanup) => {
      shownMs.value = null
      if (!element) return
      const tick = (_time: number, picture: VideoFrameCallbackMetadata) => {
        handle = element.requestVideoFrameCallback(tick)
        shownMs.value = picture.mediaTime * 1000
        presented(shownMs.value)
      }
      const forget = () => (shownMs.value = null)
      let handle = element.requestVideoFrameCallback(tick)
      element.addEventListener('emptied', forget)
      onCleanup(() => {
        element.cancelVideoFrameCallback(handle)
        element.removeEventListener('emptied', forget)
      })
    },
    { immediate: true, flush: 'post' },
  )

  return readonly(shownMs)
}
