import { onScopeDispose, type Ref, watch } from 'vue'
import WaveSurfer from 'wavesurfer.js'
import { useNextFrame } from '../../../composables/use-next-frame.ts'
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
  context.beginPath()
  context.moveTo(0, yOf(values[0] ?? 0))
  for (const [at, value] of values.entries()) context.lineTo((at + 0.5) * stepPx, yOf(value))
  context.lineTo(width, yOf(values.at(-1) ?? 0))
  context.strokeStyle = context.fillStyle
  context.lineWidth = Math.max(1, height / 46)
  context.stroke()
  context.lineTo(width, height)
  context.lineTo(0, height)
  context.globalAlpha = 0.3
  context.fill()
  context.globalAlpha = 1
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
  const { request, cancel } = useNextFrame(() => {
    // `setOptions` with new peaks draws the old ones again (8.0.1); a load that a newer one overtakes is rejected.
    surfer?.load('', [visible(lane)], 1).catch(() => {})
  })

  function close(): void {
    cancel()
    surfer?.destroy()
    surfer = null
  }

  watch(
    [container, () => lane.curve().kind, lane.colour],
    ([element]) => {
      close()
      if (element) surfer = openSurfer(element, lane)
    },
    { immediate: true, flush: 'post' },
  )
  watch([lane.view, lane.curve], request)
  onScopeDispose(close)
}
