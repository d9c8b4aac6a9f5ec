import type { Ref } from 'vue'
import { watch } from 'vue'

/** Pictures that are remembered: two seconds at 60 a second and eight times the speed are dropped frames anyway. */
const KEPT = 256

export interface ShownPicture {
  /** When it came on screen, on the clock of `performance.now()` and of key events. */
  atMs: number
  /** The element's media time in milliseconds. */
  mediaMs: number
}

/** The picture that was on screen at a moment; the oldest that is known for an earlier one. */
export function pictureAt(pictures: readonly ShownPicture[], atMs: number): ShownPicture | null {
  return pictures.findLast(picture => picture.atMs <= atMs) ?? pictures[0] ?? null
}

/**
 * Remembers which picture was on screen when, so that a key press means the picture that the annotator saw, and not
 * the one that is shown when the page gets round to the event.
 */
export function useShownPictures(video: Readonly<Ref<HTMLVideoElement | null>>) {
  let pictures: ShownPicture[] = []

  watch(
    video,
    (element, _previous, onCleanup) => {
      pictures = []
      if (!element) return
      const note = (_now: number, { expectedDisplayTime, mediaTime }: VideoFrameCallbackMetadata) => {
        handle = element.requestVideoFrameCallback(note)
        pictures = [...pictures.slice(1 - KEPT), { atMs: expectedDisplayTime, mediaMs: mediaTime * 1000 }]
      }
      let handle = element.requestVideoFrameCallback(note)
      onCleanup(() => element.cancelVideoFrameCallback(handle))
    },
    { immediate: true, flush: 'post' },
  )

  return { at: (atMs: number) => pictureAt(pictures, atMs) }
}
