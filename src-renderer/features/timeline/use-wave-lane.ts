import { onScopeDispose, type Ref, watch } from 'vue'
import WaveSurfer from 'wavesurfer.js'
import { windowOf } from './curve.ts'
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
  const yOf = (value: number) => height - value * (height - 3)
  const outline = new Path2D()
  outline.moveTo(0, yOf(values[0] ?? 0))
  for (const [at, value] of values.entries()) outline.lineTo((at + 0.5) * stepPx, yOf(value))
  outline.lineTo(width, yOf(values.at(-1) ?? 0))
  const area = new Path2D(outline)
  area.lineTo(width, height)
  area.lineTo(0, height)
  context.strokeStyle = context.fillStyle
  context.globalAlpha = 0.3
  context.fill(area)
  context.globalAlpha = 1
  context.lineWidth = Math.max(1, height / 46)
  context.stroke(outline)
}

export interface WaveLane {
  curve: () => Curve
  view: () => Viewport
  colour: () => string
  height: number
}

function openSurfer(container: HTMLElement, lane: WaveLane): WaveSurfer {
  return WaveSurfer.create({
    container,
    height: lane.height,
    peaks: [visible(lane)],
    duration: 1,
    waveColor: lane.colour(),
    progressColor: 'transparent',
    cursorWidth: 0,
    interact: false,
    autoScroll: false,
    hideScrollbar: true,
    ...(lane.curve().kind === 'motion' && { renderFunction: paintArea }),
  })
}

function visible(lane: WaveLane): number[] {
  const view = lane.view()
  return windowOf(lane.curve().values, view, Math.max(2, Math.ceil(view.widthPx)))
}

/**
 * A lane drawn by wavesurfer from values that are there already; it plays nothing and listens to nobody. It is given
 * the visible part and never zoomed: its own zoom makes canvases for far more than is seen, 40 ms of work a step.
 */
export function useWaveLane(container: Readonly<Ref<HTMLElement | null>>, lane: WaveLane): void {
  let surfer: WaveSurfer | null = null
  let isReady = false
  let handle = 0

  function draw(): void {
    handle = 0
    if (isReady) surfer?.setOptions({ peaks: [visible(lane)], duration: 1, waveColor: lane.colour() })
  }

  function request(): void {
    if (handle === 0) handle = requestAnimationFrame(draw)
  }

  function close(): void {
    cancelAnimationFrame(handle)
    handle = 0
    surfer?.destroy()
    surfer = null
    isReady = false
  }

  watch(
    [container, () => lane.curve().kind],
    ([element]) => {
      close()
      if (!element) return
      surfer = openSurfer(element, lane)
      surfer.once('ready', () => {
        isReady = true
        draw()
      })
    },
    { immediate: true, flush: 'post' },
  )
  watch([lane.view, lane.curve, lane.colour], request)
  onScopeDispose(close)
}
