import { framesBetween, timeOf } from '#shared/domain/frame-index.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import type { Leader } from '../../composables/follow-leader.ts'
import {
  FASTEST,
  type FramePlayer,
  type FrameSource,
  SLOWEST,
  useFramePlayer,
} from '../../composables/use-frame-player.ts'
import { useSettings } from '../../stores/settings.ts'
import type { Interval } from '../timeline/document/track.ts'
import type { ClipMedia } from './use-clip-media.ts'

export const RATES = [SLOWEST, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4, FASTEST] as const

/** As far as doubling makes sense to watch. */
const FASTEST_SHUTTLE = 4

/** The rate one notch faster or slower than this one. */
export function nextRate(rate: number, by: 1 | -1): number {
  if (by > 0) return RATES.find(each => each > rate + 1e-6) ?? FASTEST
  return RATES.findLast(each => each < rate - 1e-6) ?? SLOWEST
}

/** The selection with one edge at a frame: its beginning, or its end so that the frame is inside. */
function withEdge(
  { index, clip }: FrameSource,
  selected: Interval | null,
  edge: 'start' | 'end',
  frame: number,
): Interval {
  const at = Math.round(timeOf(index, edge === 'start' ? frame : frame + 1))
  const clipStart = Math.round(timeOf(index, clip.first))
  const clipEnd = Math.round(timeOf(index, clip.last + 1))
  const { startMs, endMs } = selected ?? { startMs: clipStart, endMs: clipEnd }
  if (edge === 'start') return { startMs: at, endMs: endMs > at ? endMs : clipEnd }
  return { startMs: startMs < at ? startMs : clipStart, endMs: at }
}

/** What a stage shows a video on. */
export interface VideoScreen {
  video: Ref<HTMLVideoElement | null>
  /** Lies over it, for frames that must be shown or held whatever the video does. */
  cover: Ref<HTMLCanvasElement | null>
}

export function createScreen(): VideoScreen {
  return { video: shallowRef(null), cover: shallowRef(null) }
}

/** As on an editing desk: another L while it plays doubles the speed, and K goes back to the chosen one. */
function createShuttleKeys({ transport, isPlaying, rate }: FramePlayer, chosenRate: () => number) {
  return {
    forwards(): void {
      if (isPlaying.value) transport.setRate(Math.min(FASTEST_SHUTTLE, rate.value * 2))
      else void transport.play()
    },
    rest(): void {
      transport.pause()
      transport.setRate(chosenRate())
    },
  }
}

/** What other views of the recording go by. */
function leaderOf(video: Leader['video'], source: Leader['source'], player: FramePlayer): Leader {
  const { timeMs, rate, transport } = player
  return { video, source, timeMs, rate, isRolling: transport.isRolling, followers: transport.followers }
}

/** Steps go to the player, or where they are diverted while another view is aligned with it. */
function createSteps({ transport }: FramePlayer) {
  const divert = shallowRef<((frames: number) => void) | null>(null)
  const step = (frames: number) => (divert.value ? divert.value(frames) : transport.step(frames))
  return { divert, step }
}

/** The player of the clip on stage, with what the reviewer has selected and whether it is repeated. */
export function useClipPlayer({ video, cover }: VideoScreen, media: ClipMedia, clipId: Ref<number | null>) {
  const settings = useSettings()
  const playable = computed(() => (media.state.value.kind === 'ready' ? media.state.value.playable : null))
  const source = computed(() => playable.value?.source ?? null)
  const player = useFramePlayer(video, source, cover)
  const { transport } = player
  const selection = shallowRef<Interval | null>(null)
  const isLooping = shallowRef(false)

  transport.setRate(settings.current.playbackRate)

  const selectedFrames = computed(() => {
    const [from, span] = [source.value, selection.value]
    return from && span ? framesBetween(from.index, span.startMs, span.endMs) : null
  })
  watch([isLooping, selectedFrames, source], ([loops, frames, from]) => {
    transport.loop.value = loops && from ? (frames ?? from.clip) : null
  })
  watch(clipId, () => {
    selection.value = null
    isLooping.value = false
  })

  function setRate(rate: number): void {
    transport.setRate(rate)
    void settings.save({ playbackRate: rate })
  }

  function mark(edge: 'start' | 'end'): void {
    const [from, frame] = [source.value, player.frame.value]
    if (from && frame !== null) selection.value = withEdge(from, selection.value, edge, frame)
  }

  function playLoop(): void {
    if (player.isPlaying.value && isLooping.value) {
      isLooping.value = false
      return transport.pause()
    }
    isLooping.value = true
    const frames = selectedFrames.value ?? source.value?.clip
    if (!frames) return
    transport.loop.value = frames
    transport.stop()
    transport.goTo(frames.first)
    void transport.play()
  }

  const shuttle = createShuttleKeys(player, () => settings.current.playbackRate)
  const acts = { setRate, mark, playLoop, shuttle, ...createSteps(player) }
  const leader = leaderOf(video, source, player)
  return { player, transport, leader, source, selection, isLooping, ...acts }
}

export type ClipPlayer = ReturnType<typeof useClipPlayer>
