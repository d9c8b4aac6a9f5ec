import { type Ref, shallowRef, watch } from 'vue'
import type { Interval } from '../document/track.ts'
import { clampViewport, fitSpan, panBy, resized, reveal, type Viewport, zoomAt } from './viewport.ts'

/** A clip that is the whole recording may still begin at its first frame, some milliseconds after time 0. */
const NEARLY_ALL = 0.97

/** The part of the recording that is on screen. A clip that arrives is fitted; after that it is the user's. */
export function useViewport(
  width: Readonly<Ref<number>>,
  durationMs: Readonly<Ref<number>>,
  clip: Readonly<Ref<Interval>>,
) {
  const view = shallowRef<Viewport>({ startMs: 0, msPerPx: 1, widthPx: 0, durationMs: 0 })

  function fit(): void {
    const isWhole = clip.value.endMs - clip.value.startMs >= NEARLY_ALL * durationMs.value
    const fresh = clampViewport({ ...view.value, widthPx: width.value, durationMs: durationMs.value })
    view.value = isWhole
      ? fitSpan(fresh, { startMs: 0, endMs: durationMs.value }, 0)
      : fitSpan(fresh, clip.value)
  }

  watch([durationMs, () => clip.value.startMs, () => clip.value.endMs], () => width.value > 0 && fit(), {
    immediate: true,
  })
  watch(width, (now, before) => {
    if (now === 0) return
    if (before === 0 || before === undefined || view.value.widthPx === 0) fit()
    else view.value = resized(view.value, now)
  })

  return {
    view,
    fit,
    show: (span: Interval) => (view.value = fitSpan(view.value, span)),
    zoom: (factor: number, x = view.value.widthPx / 2) => (view.value = zoomAt(view.value, x, factor)),
    pan: (pixels: number) => (view.value = panBy(view.value, pixels)),
    reveal: (timeMs: number) => (view.value = reveal(view.value, timeMs)),
  }
}
