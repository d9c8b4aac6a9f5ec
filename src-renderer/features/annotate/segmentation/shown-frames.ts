import { type Ref, shallowRef, watch } from 'vue'

/** Pictures that are remembered: two seconds at 60 a second and eight times the speed are dropped frames anyway. */
const KEPT = 256
/** A browser busy elsewhere reports a picture frames after it came on screen; one that comes later than this counts for the next key. */
const REPORT_LAG_MS = 100

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
export function useShownPictures(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  /** Media time of the picture that covers the video, null where the video itself is seen. */
  coveredMs: Readonly<Ref<number | null>> = shallowRef(null),
) {
  let pictures: ShownPicture[] = []
  let waiting: { atMs: number; go: () => void }[] = []

  function add(picture: ShownPicture): void {
    pictures = [...pictures.slice(1 - KEPT), picture]
    for (const { atMs, go } of waiting) if (atMs < picture.atMs) go()
  }

  /** Resolves when no picture of this moment can be missing: a later one is known, or the time for reports is over. */
  const reported = (atMs: number) =>
    new Promise<void>(resolve => {
      const waiter = { atMs, go }
      const timer = setTimeout(go, Math.max(0, atMs + REPORT_LAG_MS - performance.now()))
      function go(): void {
        clearTimeout(timer)
        waiting = waiting.filter(one => one !== waiter)
        resolve()
      }
      waiting = [...waiting, waiter]
      if ((pictures.at(-1)?.atMs ?? -1) > atMs) go()
    })

  watch(
    video,
    (element, _previous, onCleanup) => {
      pictures = []
      if (!element) return
      const note = (_now: number, { expectedDisplayTime, mediaTime }: VideoFrameCallbackMetadata) => {
        handle = element.requestVideoFrameCallback(note)
        if (coveredMs.value === null) add({ atMs: expectedDisplayTime, mediaMs: mediaTime * 1000 })
      }
      let handle = element.requestVideoFrameCallback(note)
      onCleanup(() => element.cancelVideoFrameCallback(handle))
    },
    { immediate: true, flush: 'post' },
  )

  watch(coveredMs, mediaMs => mediaMs !== null && add({ atMs: performance.now(), mediaMs }), {
    flush: 'sync',
  })

  return {
    /** The picture on screen at a moment of the playing video, on the clock of key events. */
    async at(atMs: number): Promise<ShownPicture | null> {
      await reported(atMs)
      return pictureAt(pictures, atMs)
    },
  }
}
