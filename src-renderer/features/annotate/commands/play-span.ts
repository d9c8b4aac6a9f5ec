import { frameAt, framesBetween, type FrameSpan } from '#shared/domain/frame-index.ts'
import { shallowRef, watch } from 'vue'
import type { ClipPlayer } from '../../review/clip-player.ts'
import type { Span } from '../edits.ts'

/** ELAN's values: two seconds, each time twice, then on by one second. */
const STEP_WINDOW_MS = 2000
const STEP_TIMES = 2
const STEP_MS = 1000

function framesOf({ source }: ClipPlayer, span: Span): FrameSpan | null {
  return source.value && framesBetween(source.value.index, span.startMs, span.endMs)
}

/** Two seconds over and over, moving on through the recording. */
function useStepAndRepeat(clipPlayer: ClipPlayer) {
  const { player, transport } = clipPlayer
  const stepping = shallowRef<{ startMs: number; times: number } | null>(null)

  function step(startMs: number): void {
    const frames = framesOf(clipPlayer, { startMs, endMs: startMs + STEP_WINDOW_MS })
    if (!frames) return stop()
    stepping.value = { startMs, times: STEP_TIMES }
    transport.loop.value = frames
    transport.goTo(frames.first)
    if (!player.isPlaying.value) void transport.play()
  }

  function stop(): void {
    if (!stepping.value) return
    stepping.value = null
    transport.loop.value = null
    transport.pause()
  }

  watch(
    player.frame,
    (frame, before) => {
      const now = stepping.value
      if (!now || frame === null || (before ?? frame) <= frame) return
      if (now.times > 1) stepping.value = { ...now, times: now.times - 1 }
      else step(now.startMs + STEP_MS)
    },
    { flush: 'sync' },
  )
  watch(player.isPlaying, isPlaying => !isPlaying && stop())

  return { stop, toggle: () => (stepping.value ? stop() : step(player.timeMs.value ?? 0)) }
}

/** Playing exactly a span: once, or over and over where looping is on. */
export function usePlaySpan(clipPlayer: ClipPlayer) {
  const { player, transport, isLooping, source } = clipPlayer
  const stepping = useStepAndRepeat(clipPlayer)

  function play(span: Span, repeats = isLooping.value): void {
    const frames = framesOf(clipPlayer, span)
    if (!frames) return
    stepping.stop()
    transport.loop.value = repeats ? frames : null
    if (!repeats) return transport.playOnce(frames)
    transport.stop()
    transport.goTo(frames.first)
    void transport.play()
  }

  /** At least a frame on or back, and as many as fit into a time. */
  function stepTime(milliseconds: number): void {
    if (!source.value) return
    const { index } = source.value
    const fromMs = player.timeMs.value ?? 0
    const frames = Math.abs(frameAt(index, fromMs + milliseconds) - frameAt(index, fromMs))
    transport.step(Math.sign(milliseconds) * Math.max(1, frames))
  }

  return { play, toggleStepping: stepping.toggle, stepTime }
}

export type PlaySpan = ReturnType<typeof usePlaySpan>
