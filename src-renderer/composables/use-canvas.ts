import { effect, onScopeDispose, type Ref, stop, watch } from 'vue'
import type { ElementSize } from './use-element-size.ts'
import { useNextFrame } from './use-next-frame.ts'

/** Where `isBlank`, nothing of the last picture is left. */
export type Paint = (context: CanvasRenderingContext2D, size: ElementSize & { isBlank: boolean }) => void

/** Says whether the canvas was emptied by it. */
function fitToDevice(canvas: HTMLCanvasElement, { width, height }: ElementSize, ratio: number): boolean {
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width === deviceWidth && canvas.height === deviceHeight) return false
  canvas.width = deviceWidth
  canvas.height = deviceHeight
  return true
}

/**
 * Paints a canvas again whenever something reactive that `paint` has read changes: at most once per frame of the
 * display, in device pixels.
 *
 * @param options `keepsPicture`: `paint` clears what it paints anew, and the rest of the last picture stays
 */
export function useCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  size: Readonly<Ref<ElementSize>>,
  paint: Paint,
  options: { keepsPicture?: boolean } = {},
): void {
  const { request } = useNextFrame(() => paintNow())
  let last: HTMLCanvasElement | null = null
  const paintNow = effect(
    () => {
      const [element, { width, height }] = [canvas.value, size.value]
      const context = element?.getContext('2d')
      if (!element || !context || width === 0 || height === 0) return
      const ratio = window.devicePixelRatio || 1
      const isResized = fitToDevice(element, { width, height }, ratio)
      const isBlank = isResized || element !== last || options.keepsPicture !== true
      last = element
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      if (isBlank) context.clearRect(0, 0, width, height)
      paint(context, { width, height, isBlank })
    },
    { scheduler: request },
  )

  watch(canvas, request, { flush: 'post' })
  onScopeDispose(() => stop(paintNow))
}
