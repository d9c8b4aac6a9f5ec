import { frameAt, frameCount, type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import { readonly, type Ref, shallowRef } from 'vue'
import { ForwardPlayer } from './forward-player.ts'
import type { FrameCover } from './frame-cover.ts'
import { clampFrame, type FrameSource } from './frame-pictures.ts'
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
  cover: FrameCover
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
  readonly #forward: ForwardPlayer
  /** How many other videos go by this one. */
  readonly followers = shallowRef(0)

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
    this.#forward = new ForwardPlayer({
      video: () => deps.video.value,
      source: () => deps.source.value,
      cover: deps.cover,
      stretch: () => ({ ...this.#limits(), repeats: this.loop.value !== null }),
      isFollowed: () => this.followers.value > 0,
      ended: () => this.#finish(),
      refused: () => this.stop(),
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
    this.#forward.forget()
    this.#deps.cover.clear()
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
    await this.#playFrom(this.#startFor(this.position()))
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
    const source = this.#deps.source.value
    if (!source) return
    const target = clampFrame(source, frame)
    this.#span = spanAround(source, target)
    this.#once = null
    if (this.#shuttle.isRunning()) this.#shuttle.start(target, this.#towards * this.#rate.value)
    else if (this.#isPlaying.value) {
      this.#halt()
      void this.#playFrom(this.#startFor(target))
    } else void this.#show(target)
  }

  goToTime(timeMs: number): void {
    const source = this.#deps.source.value
    if (source) this.goTo(frameAt(source.index, timeMs))
  }

  setRate(rate: number): void {
    this.#rate.value = Math.min(FASTEST, Math.max(SLOWEST, rate))
    if (!this.#isPlaying.value) return
    if (this.#forward.isRunning() && isNativeRate(this.#rate.value)) this.#forward.setRate(this.#rate.value)
    else void this.play(this.#towards)
  }

  /** The file is over. */
  reachEnd(): void {
    this.#forward.reachEnd()
  }

  /** A pause that nobody here asked for: media keys, a machine that went to sleep. */
  interrupted(): void {
    const isStopped =
      this.#forward.isRunning() && !this.#forward.isResting() && this.#deps.video.value?.paused
    if (isStopped && this.#seeker.wanted() === null) this.pause()
  }

  dispose(): void {
    this.stop()
    this.#forward.forget()
    this.#seeker.cancel()
  }

  async #show(frame: number): Promise<void> {
    this.#isSeeking.value = true
    try {
      await this.#seeker.seek(frame)
    } finally {
      this.#isSeeking.value = this.#seeker.wanted() !== null
      if (!this.#isSeeking.value && !this.#forward.isRunning() && !this.#isFolder()) this.#deps.cover.clear()
    }
  }

  /** Its pictures are shown one by one, as nothing plays by itself. */
  #isFolder(): boolean {
    return Boolean(this.#deps.source.value?.pictureUrl)
  }

  #source(): FrameSource {
    const source = this.#deps.source.value
    if (!source) throw new Error('Nothing is loaded that could be played.')
    return source
  }

  async #playFrom(start: number): Promise<void> {
    this.#isPlaying.value = true
    if (start !== this.#deps.shown.value || this.#seeker.wanted() !== null) await this.#show(start)
    if (this.#isPlaying.value) this.#move(start)
  }

  #finish(): void {
    const { last } = this.#limits()
    this.stop()
    void this.#show(last)
  }

  #limits(): FrameSpan {
    return this.loop.value ?? this.#once ?? this.#span
  }

  #startFor(frame: number): number {
    const { first, last } = this.#limits()
    if (this.#towards > 0) return frame >= last || frame < first ? first : frame
    return frame <= first || frame > last ? last : frame
  }

  #move(start: number): void {
    const rate = this.#rate.value
    if (this.#towards < 0 || !isNativeRate(rate) || this.#isFolder())
      return this.#shuttle.start(start, this.#towards * rate)
    this.#isRolling.value = true
    this.#forward.start(rate)
  }

  #halt(): void {
    this.#shuttle.stop()
    this.#forward.stop()
    this.#isRolling.value = false
  }
}
