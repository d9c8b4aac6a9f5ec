import { frameAt, frameCount, type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import { readonly, type Ref, shallowRef } from 'vue'
import { createBrake } from './frame-brake.ts'
import { clampFrame, type FrameSource, placeIn } from './frame-pictures.ts'
import { createFrameSeeker, type ShowFrame } from './frame-seeker.ts'
import { createShuttle, isNativeRate } from './frame-shuttle.ts'

export const SLOWEST = 0.05
export const FASTEST = 8

export interface TransportDeps {
  video: Readonly<Ref<HTMLVideoElement | null>>
  source: Readonly<Ref<FrameSource | null>>
  /** The frame on screen. */
  shown: Readonly<Ref<number | null>>
  show: ShowFrame
}

/** For the picture of a frame that was sought. */
const PATIENCE_MS = 1000

/** Of the newest seek, in the mean of all: it follows a machine that gets busy, and forgets one that hung. */
const NEWEST_SHARE = 0.4

/**
 * How long the way back to the first frame of a loop takes. While it does, the last frame stays on screen, so the way
 * begins that much before its time is over.
 */
function createSeam() {
  let leftAt: number | null = null
  let meanMs = 0
  return {
    left: () => void (leftAt = performance.now()),
    arrived(): void {
      if (leftAt === null) return
      const tookMs = performance.now() - leftAt
      meanMs = meanMs === 0 ? tookMs : meanMs + NEWEST_SHARE * (tookMs - meanMs)
      leftAt = null
    },
    expectedMs: () => meanMs,
  }
}

function spanAround({ clip, index }: FrameSource, frame: number): FrameSpan {
  return frame >= clip.first && frame <= clip.last ? clip : { first: 0, last: frameCount(index) - 1 }
}

/** Plays, stops, steps and loops one video; owns its timers. */
export class FrameTransport {
  readonly #deps: TransportDeps
  readonly #seeker: ReturnType<typeof createFrameSeeker>
  readonly #shuttle: ReturnType<typeof createShuttle>
  readonly #isPlaying = shallowRef(false)
  readonly #isSeeking = shallowRef(false)
  readonly #isRolling = shallowRef(false)
  readonly #rate = shallowRef(1)
  /** Frames that playing repeats, null for none. */
  readonly loop = shallowRef<FrameSpan | null>(null)
  /** Where playing ends without a loop: the clip, or the recording if it began outside the clip. */
  #span: FrameSpan = { first: 0, last: 0 }
  /** What is played through once instead. */
  #once: FrameSpan | null = null
  #towards: 1 | -1 = 1
  readonly #seam = createSeam()
  readonly #brake: ReturnType<typeof createBrake>
  /** Runs while the last frame is held for its time. */
  #holding: ReturnType<typeof setTimeout> | undefined

  constructor(deps: TransportDeps) {
    this.#deps = deps
    this.#seeker = createFrameSeeker(deps.show)
    const index = () => this.#source().index
    this.#shuttle = createShuttle({
      now: () => performance.now(),
      timeOf: frame => timeOf(index(), frame),
      frameAt: timeMs => frameAt(index(), timeMs),
      seek: frame => void this.#show(frame),
      limits: () => ({ ...this.#limits(), isLoop: this.loop.value !== null }),
      ended: () => (this.#isPlaying.value = false),
    })
    this.#brake = createBrake({
      now: () => performance.now(),
      positionMs: () => this.#positionMs(),
      rate: () => this.#rate.value,
      stop: () => deps.video.value?.pause(),
      showLast: () => this.#showLast(),
    })
  }

  get isPlaying() {
    return readonly(this.#isPlaying)
  }

  /** The element plays by itself, at its last frame's hold and the seam of a loop too. */
  get isRolling() {
    return readonly(this.#isRolling)
  }

  /** Another frame than the one on screen is on its way. */
  get isSeeking() {
    return readonly(this.#isSeeking)
  }

  get rate() {
    return readonly(this.#rate)
  }

  /** The frame that was asked for last, or else the one on screen. */
  position(): number {
    return this.#seeker.wanted() ?? this.#deps.shown.value ?? this.#deps.source.value?.clip.first ?? 0
  }

  /** Shows the start of the clip; for a video or a clip that has just arrived. */
  load(): void {
    this.stop()
    this.#seeker.cancel()
    this.loop.value = null
    const { video, source } = this.#deps
    if (video.value && source.value) void this.#show(source.value.clip.first)
  }

  async play(towards: 1 | -1 = 1): Promise<void> {
    const source = this.#deps.source.value
    if (!source) return
    this.#halt()
    this.#towards = towards
    this.#span = spanAround(source, this.position())
    const start = this.#startFor(this.position())
    this.#isPlaying.value = true
    if (start !== this.#deps.shown.value || this.#seeker.wanted() !== null) await this.#show(start)
    if (this.#isPlaying.value) await this.#move(start)
  }

  /** Plays these frames from the first to the last and stops there. */
  playOnce(span: FrameSpan): void {
    this.stop()
    this.goTo(span.first)
    this.#once = span
    void this.play()
  }

  /** Stops on the frame that is on screen. */
  pause(): void {
    const wasPlaying = this.#isPlaying.value
    this.stop()
    const shown = this.#deps.shown.value
    if (wasPlaying && shown !== null && this.#seeker.wanted() === null) void this.#show(shown)
  }

  toggle(): void {
    if (this.#isPlaying.value) this.pause()
    else void this.play()
  }

  stop(): void {
    this.#halt()
    this.#once = null
    this.#isPlaying.value = false
  }

  step(frames: number): void {
    const source = this.#deps.source.value
    if (!source) return
    const from = this.position()
    const span = spanAround(source, from)
    this.stop()
    void this.#show(Math.min(span.last, Math.max(span.first, from + frames)))
  }

  /** A second on or back, by time and not by a number of frames. */
  stepTime(milliseconds: number): void {
    const source = this.#deps.source.value
    if (!source) return
    const from = this.position()
    this.step(frameAt(source.index, timeOf(source.index, from) + milliseconds) - from)
  }

  /** Goes to a frame anywhere in the recording; playing goes on from there. */
  goTo(frame: number): void {
    const { source, video } = this.#deps
    if (!source.value) return
    const target = clampFrame(source.value, frame)
    this.#span = spanAround(source.value, target)
    this.#once = null
    if (this.#shuttle.isRunning()) this.#shuttle.start(target, this.#towards * this.#rate.value)
    else if (this.#isPlaying.value && video.value) this.#playFrom(video.value, placeIn(source.value, target))
    else void this.#show(target)
  }

  goToTime(timeMs: number): void {
    const source = this.#deps.source.value
    if (source) this.goTo(frameAt(source.index, timeMs))
  }

  setRate(rate: number): void {
    this.#rate.value = Math.min(FASTEST, Math.max(SLOWEST, rate))
    const element = this.#deps.video.value
    if (!this.#isPlaying.value) return
    if (element && !this.#shuttle.isRunning() && isNativeRate(this.#rate.value))
      element.playbackRate = this.#rate.value
    else void this.play(this.#towards)
  }

  /** Tells that a frame is on screen, so that playing ends or repeats where it should. */
  presented(frame: number): void {
    this.#seam.arrived()
    if (!this.#isPlaying.value || this.#shuttle.isRunning()) return this.#letGo()
    const { index } = this.#source()
    const { last } = this.#limits()
    // Of pictures before the last one that come up when the brake has stopped it already, nothing follows.
    if (frame < last && this.#brake.isApplied()) return
    this.#letGo()
    if (frame < last) return this.#brake.set({ startMs: timeOf(index, last), endMs: timeOf(index, last + 1) })
    const lengthMs = frame > last ? 0 : timeOf(index, frame + 1) - timeOf(index, frame)
    const lead = this.loop.value ? this.#seam.expectedMs() : 0
    this.#holding = setTimeout(() => this.reachEnd(), Math.max(0, lengthMs / this.#rate.value - lead))
    // Stopped here, it cannot run on into the next frame while a timer or a seek is late.
    this.#deps.video.value?.pause()
  }

  reachEnd(): void {
    this.#letGo()
    const { video, source } = this.#deps
    if (!this.#isPlaying.value || this.#shuttle.isRunning() || !video.value || !source.value) return
    const { first, last } = this.#limits()
    if (!this.loop.value) {
      this.stop()
      void this.#show(last)
      return
    }
    this.#seam.left()
    this.#playFrom(video.value, placeIn(source.value, first, 0.1))
  }

  /** A pause that nobody here asked for: media keys, a machine that went to sleep. */
  interrupted(): void {
    const isHeld = this.#holding !== undefined || this.#brake.isApplied()
    const isStopped = !isHeld && (this.#deps.video.value?.paused ?? true)
    if (isStopped && this.#isPlaying.value && !this.#shuttle.isRunning() && this.#seeker.wanted() === null)
      this.pause()
  }

  dispose(): void {
    this.stop()
    this.#seeker.cancel()
  }

  async #show(frame: number): Promise<void> {
    this.#isSeeking.value = true
    try {
      await this.#seeker.seek(frame)
    } finally {
      this.#isSeeking.value = this.#seeker.wanted() !== null
    }
  }

  #source(): FrameSource {
    const source = this.#deps.source.value
    if (!source) throw new Error('Nothing is loaded that could be played.')
    return source
  }

  /** Null while the element goes elsewhere, or has nothing. */
  #positionMs(): number | null {
    const { video, source } = this.#deps
    if (!video.value || !source.value || video.value.seeking) return null
    return video.value.currentTime * 1000 - source.value.playerOffsetMs
  }

  /** The brake stopped before the last frame came up. Where no picture of it is told, playing ends without. */
  #showLast(): void {
    const { video, source } = this.#deps
    if (!video.value || !source.value) return
    this.#holding = setTimeout(() => this.reachEnd(), PATIENCE_MS)
    video.value.currentTime = placeIn(source.value, this.#limits().last)
  }

  #playFrom(element: HTMLVideoElement, seconds: number): void {
    this.#letGo()
    element.currentTime = seconds
    if (element.paused) void this.#playElement(element)
  }

  #limits(): FrameSpan {
    return this.loop.value ?? this.#once ?? this.#span
  }

  #startFor(frame: number): number {
    const { first, last } = this.#limits()
    if (this.#towards > 0) return frame >= last || frame < first ? first : frame
    return frame <= first || frame > last ? last : frame
  }

  async #move(start: number): Promise<void> {
    const element = this.#deps.video.value
    const rate = this.#rate.value
    if (!element || this.#towards < 0 || !isNativeRate(rate)) this.#shuttle.start(start, this.#towards * rate)
    else {
      element.playbackRate = rate
      this.#isRolling.value = true
      await this.#playElement(element)
    }
  }

  async #playElement(element: HTMLVideoElement): Promise<void> {
    try {
      await element.play()
    } catch {
      // Refused before the first click or key in a page, or overtaken by a pause: both mean "not playing".
      if (!element.paused) return
      this.#isPlaying.value = false
      this.#isRolling.value = false
    }
  }

  #letGo(): void {
    this.#brake.release()
    clearTimeout(this.#holding)
    this.#holding = undefined
  }

  #halt(): void {
    this.#letGo()
    this.#shuttle.stop()
    this.#deps.video.value?.pause()
    this.#isRolling.value = false
  }
}
