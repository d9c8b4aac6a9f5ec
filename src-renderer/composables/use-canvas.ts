import { effect, onScopeDispose, type Ref, stop, watch } from 'vue'
import type { ElementSize } from './use-element-size.ts'
import { useNextFrame } from './use-next-frame.ts'

export type Paint = (context: CanvasRenderingContext2D, size: ElementSize) => void

function fitToDevice(canvas: HTMLCanvasElement, { width, height }: ElementSize): number {
  const ratio = window.devicePixelRatio || 1
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight
  return ratio
}

/**
 * Paints a canvas again whenever something reactive that `paint` has read changes: at most once per frame of the
 * display, in device pixels.
 */
export function useCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  size: Readonly<Ref<ElementSize>>,
  paint: Paint,
): void {
  const { request } = useNextFrame(() => paintNow())
  const paintNow = effect(
    () => {
      const [element, { width, height }] = [canvas.value, size.value]
      const context = element?.getContext('2d')
      if (!element || !context || width === 0 || height === 0) return
      const ratio = fitToDevice(element, { width, height })
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, width, height)
      paint(context, { width, height })
    },
    { scheduler: request },
  )

  watch(canvas, request, { flush: 'post' })
  onScopeDispose(() => stop(paintNow))
}
