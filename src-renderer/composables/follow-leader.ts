import { frameAt, frameCount, timeOf } from '#shared/domain/frame-index.ts'
import { computed, onScopeDispose, readonly, type Ref, shallowRef, watch } from 'vue'
import { FrameCover } from './frame-cover.ts'
import { clampFrame, type FrameSource, useFramePictures } from './frame-pictures.ts'
import { createFrameSeeker } from './frame-seeker.ts'

/** The player that the others go by. Times are those of the recording. */
export interface Leader {
  video: Readonly<Ref<HTMLVideoElement | null>>
  source: Readonly<Ref<FrameSource | null>>
  /** When the frame on screen began, null while unknown. */
  timeMs: Readonly<Ref<number | null>>
  /** The element plays by itself; otherwise frames are put up one by one. */
  isRolling: Readonly<Ref<boolean>>
  rate: Readonly<Ref<number>>
  /** How many go by it. */
  followers: Ref<number>
}

export type Correction = { kind: 'rate'; rate: number } | { kind: 'jump' } | { kind: 'hold' }

/** Drift that is cured in so many seconds. */
const CURE_S = 0.35
/** Faster or slower by no more than this: a change of pace that nobody sees. */
const MOST_CHANGE = 0.3
/** Beyond so many seconds of the screen's time, catching up takes longer than a seek. */
const JUMP_S = 0.4
const SLOWEST_NATIVE = 0.0625
const TICK_MS = 40

/**
 * What a follower does about being `driftS` seconds of media ahead (or, negative, behind) while playing at `rate`:
 * nothing below an eighth of a frame, a small change of pace, a wait where the browser plays no slower, or a jump.
 */
export function correct(driftS: number, rate: number, frameS: number): Correction {
  if (Math.abs(driftS) > Math.max(JUMP_S * rate, 2 * frameS)) return { kind: 'jump' }
  if (Math.abs(driftS) < frameS / 8) return { kind: 'rate', rate }
  const change = Math.max(-MOST_CHANGE, Math.min(MOST_CHANGE, driftS / (CURE_S * rate)))
  const next = rate * (1 - change)
  return next < SLOWEST_NATIVE ? { kind: 'hold' } : { kind: 'rate', rate: next }
}

/** Where a time lies relative to a video: it may begin later or end earlier than the one it follows. */
export function placeOf({ index }: FrameSource, timeMs: number): 'before' | 'inside' | 'after' {
  if (timeMs < timeOf(index, 0) - 0.5) return 'before'
  return timeMs >= timeOf(index, frameCount(index)) - 0.5 ? 'after' : 'inside'
}

/** Null while it has no video, or jumps: where it will land is not yet told. */
function timeOfLeader({ video, source }: Leader): number | null {
  const [element, from] = [video.value, source.value]
  if (!element || !from || element.seeking) return null
  return element.currentTime * 1000 - from.playerOffsetMs
}

function keepPace(
  own: HTMLVideoElement,
  { index, playerOffsetMs }: FrameSource,
  timeMs: number,
  rate: number,
) {
  const frames = frameCount(index)
  const frameS = (timeOf(index, frames) - timeOf(index, 0)) / frames / 1000
  const wantedS = (timeMs + playerOffsetMs) / 1000
  const next = correct(own.currentTime - wantedS, rate, frameS)
  if (next.kind === 'hold') return own.pause()
  own.playbackRate = next.kind === 'rate' ? next.rate : rate
  if (next.kind === 'jump') own.currentTime = wantedS
  // Refused or overtaken by a pause: the next look tries again.
  if (own.paused) own.play().catch(() => {})
}

function countAmong({ followers }: Leader): void {
  followers.value += 1
  onScopeDispose(() => (followers.value -= 1))
}

/**
 * A video that shows the moment that another one shows: the same frame whenever that rests, within a frame of it while
 * it plays. `isLinked` false lets it go, to be stepped by itself.
 */
export function useFollower(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  source: Readonly<Ref<FrameSource | null>>,
  leader: Leader,
  isLinked: Readonly<Ref<boolean>>,
  /** Lies over the video, for the pictures of a frame folder. */
  canvas: Readonly<Ref<HTMLCanvasElement | null>> = shallowRef(null),
) {
  const { shown, show } = useFramePictures(video, source, new FrameCover(canvas))
  const seeker = createFrameSeeker(show)
  /** Where the leader was while it played; at rest its frame tells. */
  const playedMs = shallowRef<number | null>(null)
  const place = computed(() => {
    const timeMs = leader.isRolling.value ? playedMs.value : leader.timeMs.value
    return source.value && timeMs !== null ? placeOf(source.value, timeMs) : 'inside'
  })
  let timer: ReturnType<typeof setInterval> | undefined

  function goTo(frame: number): void {
    if (frame !== (seeker.wanted() ?? shown.value)) void seeker.seek(frame)
  }

  function rest(): void {
    const [from, timeMs] = [source.value, leader.timeMs.value]
    if (!video.value || leader.isRolling.value || !isLinked.value) return
    if (from && timeMs !== null && placeOf(from, timeMs) === 'inside') goTo(frameAt(from.index, timeMs))
  }

  function keepUp(): void {
    const [own, from] = [video.value, source.value]
    playedMs.value = timeOfLeader(leader)
    if (!own || !from || playedMs.value === null) return
    if (from.pictureUrl) return goTo(frameAt(from.index, playedMs.value))
    if (own.readyState === 0) return
    const isHeld = leader.video.value?.paused !== false || placeOf(from, playedMs.value) !== 'inside'
    if (isHeld) own.pause()
    else if (!own.seeking) keepPace(own, from, playedMs.value, leader.rate.value)
  }

  function roll(isRolling: boolean): void {
    clearInterval(timer)
    if (!isRolling || !isLinked.value) {
      video.value?.pause()
      return rest()
    }
    seeker.cancel()
    timer = setInterval(keepUp, TICK_MS)
    keepUp()
  }

  // At once, and not after the next rendering: both start in the same moment.
  watch(leader.isRolling, roll, { flush: 'sync', immediate: true })
  watch([leader.timeMs, isLinked, video, source], rest, { flush: 'post', immediate: true })
  // A picture that was on its way when both stopped comes up after that; those that a seek puts up are its own affair.
  watch(shown, () => seeker.wanted() === null && rest(), { flush: 'sync' })
  countAmong(leader)
  onScopeDispose(() => {
    clearInterval(timer)
    seeker.cancel()
  })

  function step(frames: number): void {
    const now = seeker.wanted() ?? shown.value ?? 0
    if (source.value) goTo(clampFrame(source.value, now + frames))
  }

  /** When the frame on screen began, in milliseconds of the recording. */
  const timeMs = computed(() =>
    source.value && shown.value !== null ? timeOf(source.value.index, shown.value) : null,
  )

  return { frame: readonly(shown), timeMs, place, step }
}

export type Follower = ReturnType<typeof useFollower>
