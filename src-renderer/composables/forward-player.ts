import { frameAt, frameCount, type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import type { FrameCover } from './frame-cover.ts'
import { type FrameSource, placeIn } from './frame-pictures.ts'
import { LoopHead } from './loop-head.ts'

/** What is played: from its first to its last frame, once or over and over. */
export interface Stretch extends FrameSpan {
  repeats: boolean
}

export interface ForwardDeps {
  video: () => HTMLVideoElement | null
  source: () => FrameSource | null
  cover: FrameCover
  /** May change while it plays. */
  stretch: () => Stretch
  /** Other videos go by where this one is. */
  isFollowed: () => boolean
  /** The time of the last frame is over, and nothing is repeated. */
  ended: () => void
  /** The browser does not let it play. */
  refused: () => void
}

type Phase =
  /** The video plays; what it shows earlier than that is held back. */
  | { kind: 'video'; notBeforeMs: number }
  /** The last frame is shown for its time; the video is on its way back. */
  | { kind: 'turn'; endsAtMs: number; resume: number }
  /** Kept frames are shown by the clock, until the video takes over at `resume`. */
  | { kind: 'head'; fromMs: number; resume: number }

/** What the way back is expected to take before one was measured. */
const FIRST_WAY_MS = 300
/** Of the newest way back, in the mean of all: it follows a machine that gets busy, and forgets one that hung. */
const NEWEST_SHARE = 0.4
/** Ways back vary: so many times the mean is kept in frames. */
const RESERVE = 2
/** Frames kept at most, in milliseconds of the screen. */
const LONGEST_HEAD_MS = 1200
/** From the call to play until the picture moves. */
const START_MS = 20

/** The picture that an element shows, with its own time stamp. `currentTime` may be past it. */
function pictureOf(video: HTMLVideoElement): VideoFrame | null {
  return video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA ? null : new VideoFrame(video)
}

/**
 * Plays a video forwards. Where playing ends before the file does, pictures reach the screen through the cover, each
 * checked by its own time stamp: however late a browser tells what it shows, no frame beyond the end is seen. A loop
 * begins again with frames that were kept, behind which the video goes back.
 */
export class ForwardPlayer {
  readonly #deps: ForwardDeps
  readonly #head: LoopHead
  #phase: Phase | null = null
  #stretch: Stretch = { first: 0, last: 0, repeats: false }
  #rate = 1
  /** The newest frame of this round that was drawn. */
  #drawn = -1
  #wayMs = FIRST_WAY_MS
  #leftAtMs: number | null = null
  #handle = 0

  constructor(deps: ForwardDeps) {
    this.#deps = deps
    this.#head = new LoopHead(deps.cover)
  }

  /** The video does not play by itself now, and that is as it should be. */
  isResting(): boolean {
    return this.#phase !== null && this.#phase.kind !== 'video'
  }

  isRunning(): boolean {
    return this.#phase !== null
  }

  /** The video shows the frame to begin with. */
  start(rate: number): void {
    this.stop()
    this.setRate(rate)
    this.#phase = { kind: 'video', notBeforeMs: 0 }
    this.#adopt(this.#deps.stretch())
    this.#tick()
    this.#play()
  }

  stop(): void {
    cancelAnimationFrame(this.#handle)
    this.#phase = null
    this.#leftAtMs = null
    this.#deps.video()?.pause()
  }

  /** Forgets what was kept of a video. */
  forget(): void {
    this.stop()
    this.#head.restart(-1)
    this.#stretch = { first: -1, last: -1, repeats: false }
  }

  setRate(rate: number): void {
    const video = this.#deps.video()
    if (video) video.playbackRate = rate
    if (this.#phase?.kind === 'head') {
      const now = performance.now()
      this.#phase = { ...this.#phase, fromMs: now - ((now - this.#phase.fromMs) * this.#rate) / rate }
    }
    this.#rate = rate
  }

  /** The file has ended: its last frame is on screen. */
  reachEnd(): void {
    if (this.#phase?.kind !== 'video') return
    if (!this.#isBounded()) return this.#deps.ended()
    this.#take(performance.now(), 0)
    if (this.#phase.kind === 'video') this.#turn(performance.now())
  }

  readonly #tick = (): void => {
    this.#handle = requestAnimationFrame(this.#tick)
    const stretch = this.#deps.stretch()
    const { first, last, repeats } = this.#stretch
    if (stretch.first !== first || stretch.last !== last || stretch.repeats !== repeats) this.#adopt(stretch)
    if (!this.#isBounded()) return this.#deps.cover.clear()
    const [now, phase] = [performance.now(), this.#phase]
    if (this.#leftAtMs !== null) this.#measureWay(now, this.#leftAtMs)
    if (phase?.kind === 'video') this.#take(now, phase.notBeforeMs)
    else if (phase?.kind === 'turn' && now >= phase.endsAtMs) this.#beginAgain(now, phase)
    else if (phase?.kind === 'head') this.#playHead(now, phase)
  }

  #adopt(stretch: Stretch): void {
    if (stretch.first !== this.#stretch.first) this.#head.restart(stretch.first)
    this.#stretch = { ...stretch }
    this.#drawn = stretch.first - 1
    // What was kept or sought was the way into the loop before.
    if (this.isResting()) this.#turn(performance.now())
  }

  #isBounded(): boolean {
    const source = this.#deps.source()
    return source !== null && (this.#stretch.repeats || this.#stretch.last < frameCount(source.index) - 1)
  }

  /** Shows the video's picture if it belongs to the stretch, and turns where it ends. */
  #take(now: number, notBeforeMs: number): void {
    const [video, source] = [this.#deps.video(), this.#deps.source()]
    if (!video || !source || video.seeking) return
    const { last } = this.#stretch
    const frame = this.#draw(video, source, now >= notBeforeMs)
    if (frame === null) return
    if (frame > last) this.#turn(now)
    else if (frame === last && this.#drawn === last) this.#turn(now + this.#screenMs(source, last, last + 1))
  }

  /** The frame that the video shows; it is drawn if it is due, new, and inside. */
  #draw(video: HTMLVideoElement, source: FrameSource, isDue: boolean): number | null {
    const picture = pictureOf(video)
    if (!picture) return null
    try {
      const { first, last, repeats } = this.#stretch
      const frame = frameAt(source.index, picture.timestamp / 1000 - source.playerOffsetMs)
      const isWanted = isDue && frame >= first && frame <= last && frame > this.#drawn
      if (!isWanted || !this.#deps.cover.draw(picture, frame)) return frame
      this.#drawn = frame
      if (repeats && !this.#deps.isFollowed())
        void this.#head.keep(frame, this.#framesIn(source, LONGEST_HEAD_MS))
      return frame
    } finally {
      // It holds memory of the decoder.
      picture.close()
    }
  }

  #turn(endsAtMs: number): void {
    const [video, source] = [this.#deps.video(), this.#deps.source()]
    if (!video || !source) return
    video.pause()
    const resume = this.#resume(source)
    this.#phase = { kind: 'turn', endsAtMs, resume }
    if (!this.#stretch.repeats || resume > this.#stretch.last) return
    this.#leftAtMs = performance.now()
    video.currentTime = placeIn(source, resume)
  }

  #beginAgain(now: number, { endsAtMs, resume }: Phase & { kind: 'turn' }): void {
    const [video, source] = [this.#deps.video(), this.#deps.source()]
    if (!video || !source) return
    if (!this.#stretch.repeats) return this.#deps.ended()
    if (resume === this.#stretch.first && video.seeking) return
    this.#drawn = this.#stretch.first - 1
    // A turn that was noticed too late begins anew: catching up would skip the first frame.
    const isLate = now - endsAtMs >= this.#screenMs(source, this.#stretch.first, this.#stretch.first + 1)
    const fromMs = isLate ? now : endsAtMs
    if (resume > this.#stretch.first) return this.#playHead(now, { kind: 'head', fromMs, resume })
    this.#phase = { kind: 'video', notBeforeMs: 0 }
    this.#take(now, 0)
    this.#play()
  }

  #playHead(now: number, phase: Phase & { kind: 'head' }): void {
    const [video, source] = [this.#deps.video(), this.#deps.source()]
    if (!video || !source) return
    this.#phase = phase
    const { first, last } = this.#stretch
    const { fromMs, resume } = phase
    const takesOverAtMs = fromMs + this.#screenMs(source, first, resume)
    if (now >= takesOverAtMs && resume > last) return this.#turn(takesOverAtMs)
    const timeMs = timeOf(source.index, first) + (now - fromMs) * this.#rate
    const frame = Math.min(resume - 1, Math.max(first, frameAt(source.index, timeMs)))
    if (frame > this.#drawn) this.#head.show(frame)
    this.#drawn = Math.max(this.#drawn, frame)
    if (resume > last || video.seeking || now < takesOverAtMs - START_MS) return
    this.#phase = { kind: 'video', notBeforeMs: takesOverAtMs }
    this.#play()
  }

  /** Where the video takes over: behind as many kept frames as its way back lasts; beyond the last, nowhere. */
  #resume(source: FrameSource): number {
    if (this.#deps.isFollowed()) return this.#stretch.first
    const needed = this.#framesIn(source, Math.min(LONGEST_HEAD_MS, RESERVE * this.#wayMs))
    return this.#stretch.first + Math.min(needed, this.#head.count())
  }

  /** How many frames from the first of the stretch are on screen in that time. */
  #framesIn({ index }: FrameSource, screenMs: number): number {
    const { first } = this.#stretch
    return Math.max(1, frameAt(index, timeOf(index, first) + screenMs * this.#rate) - first)
  }

  #screenMs({ index }: FrameSource, from: number, to: number): number {
    return (timeOf(index, to) - timeOf(index, from)) / this.#rate
  }

  #measureWay(now: number, leftAtMs: number): void {
    if (this.#deps.video()?.seeking !== false) return
    this.#wayMs += NEWEST_SHARE * (now - leftAtMs - this.#wayMs)
    this.#leftAtMs = null
  }

  #play(): void {
    const video = this.#deps.video()
    if (!video) return
    // Overtaken by a pause it fails, too; then nobody waits for it any more.
    video.play().catch(() => this.#phase?.kind === 'video' && video.paused && this.#deps.refused())
  }
}
