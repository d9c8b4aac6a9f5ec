import { framesBetween, timeOf } from '#shared/domain/frame-index.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { FASTEST, SLOWEST, useFramePlayer } from '../../composables/use-frame-player.ts'
import { useSettings } from '../../stores/settings.ts'
import type { Interval } from '../timeline/interval-index.ts'
import type { ClipMedia } from './use-clip-media.ts'

export const RATES = [SLOWEST, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4, FASTEST] as const

/** The rate one notch faster or slower than this one. */
export function nextRate(rate: number, by: 1 | -1): number {
  if (by > 0) return RATES.find(each => each > rate + 1e-6) ?? FASTEST
  return RATES.findLast(each => each < rate - 1e-6) ?? SLOWEST
}

/** The player of the clip on stage, with what the reviewer has selected and whether it is repeated. */
export function useClipPlayer(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  media: ClipMedia,
  clipId: Ref<number | null>,
) {
  const settings = useSettings()
  const playable = computed(() => (media.state.value.kind === 'ready' ? media.state.value.playable : null))
  const source = computed(() => playable.value?.source ?? null)
  const player = useFramePlayer(video, source)
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

  /** One edge of the selection at the frame on screen: its beginning, or its end so that the frame is inside. */
  function mark(edge: 'start' | 'end'): void {
    const [from, frame] = [source.value, player.frame.value]
    if (!from || frame === null) return
    const clipMs = {
      startMs: timeOf(from.index, from.clip.first),
      endMs: timeOf(from.index, from.clip.last + 1),
    }
    const at = Math.round(timeOf(from.index, edge === 'start' ? frame : frame + 1))
    const { startMs, endMs } = selection.value ?? clipMs
    if (edge === 'start')
      selection.value = { startMs: at, endMs: endMs > at ? endMs : Math.round(clipMs.endMs) }
    else selection.value = { startMs: startMs < at ? startMs : Math.round(clipMs.startMs), endMs: at }
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

  return { player, transport, playable, source, selection, isLooping, setRate, mark, playLoop }
}

export type ClipPlayer = ReturnType<typeof useClipPlayer>
