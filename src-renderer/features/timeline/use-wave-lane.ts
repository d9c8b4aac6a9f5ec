import { onScopeDispose, type Ref, watch } from 'vue'
import WaveSurfer from 'wavesurfer.js'
import type { Viewport } from './viewport.ts'

export interface Curve {
  kind: 'motion' | 'audio'
  /** 0–1 in even steps over the recording. */
  values: readonly number[]
}

/** Motion has no negative half: an area that stands on the lane's floor. */
function paintArea(peaks: (Float32Array | number[])[], context: CanvasRenderingContext2D): void {
  const values = peaks[0]
  const { width, height } = context.canvas
  if (!values || values.length === 0) return
  const stepPx = width / values.length
  const line = new Path2D()
  const yOf = (value: number) => height - value * (height - 3)
  line.moveTo(0, yOf(values[0] ?? 0))
  for (const [at, value] of values.entries()) line.lineTo((at + 0.5) * stepPx, yOf(value))
  line.lineTo(width, yOf(values.at(-1) ?? 0))
  const area = new Path2D(line)
  area.lineTo(width, height)
  area.lineTo(0, height)
  context.strokeStyle = context.fillStyle
  context.globalAlpha = 0.3
  context.fill(area)
  context.globalAlpha = 1
  context.lineWidth = Math.max(1, height / 46)
  context.stroke(line)
}

/** A lane drawn by wavesurfer from values that are there already; it plays nothing and listens to nobody. */
export function useWaveLane(
  container: Readonly<Ref<HTMLElement | null>>,
  lane: { curve: () => Curve; view: () => Viewport; colour: () => string; height: number },
): void {
  let surfer: WaveSurfer | null = null
  let isReady = false
  let shownScale = 0

  function follow(): void {
    if (!surfer || !isReady) return
    const { startMs, msPerPx } = lane.view()
    const pixelsPerSecond = 1000 / msPerPx
    if (Math.abs(pixelsPerSecond - shownScale) > 1e-6 * pixelsPerSecond) surfer.zoom(pixelsPerSecond)
    shownScale = pixelsPerSecond
    surfer.setScroll(startMs / msPerPx)
  }

  function close(): void {
    surfer?.destroy()
    surfer = null
    isReady = false
    shownScale = 0
  }

  function open(element: HTMLElement): void {
    const { kind, values } = lane.curve()
    surfer = WaveSurfer.create({
      container: element,
      height: lane.height,
      peaks: [[...values]],
      duration: lane.view().durationMs / 1000,
      waveColor: lane.colour(),
      cursorWidth: 0,
      interact: false,
      autoScroll: false,
      fillParent: false,
      hideScrollbar: true,
      minPxPerSec: 1000 / lane.view().msPerPx,
      ...(kind === 'motion' && { renderFunction: paintArea }),
    })
    surfer.once('ready', () => {
      isReady = true
      follow()
    })
  }

  watch(
    [container, lane.curve, () => lane.view().durationMs, lane.colour],
    ([element]) => {
      close()
      if (element && lane.view().durationMs > 0) open(element)
    },
    { immediate: true, flush: 'post' },
  )
  watch(lane.view, follow, { flush: 'post' })
  onScopeDispose(close)
}
