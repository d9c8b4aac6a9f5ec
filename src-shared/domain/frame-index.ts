/**
 * When each shown frame of a file appears, in display order. Frames are looked up here and nowhere else:
 * `time × fps` is wrong for variable rates, for 29.97, and for files whose first frame is not at zero.
 *
 * "Media time" is the clock of Chromium's video element. Measured (Chromium 156, every file of the test corpora,
 * `requestVideoFrameCallback`): it is the presentation time stamp that ffmpeg reports after edit lists, unshifted,
 * so a file whose first frame has pts 0.041 s shows that frame from currentTime 0 on and calls its time 0.041.
 * Files that only play through a proxy (MPEG-TS with pts 1.48 s, AVI …) get `zero`, so that they start at 0.
 */
export interface FrameIndex {
  /** One tick lasts num/den seconds: the time base of the stream, so that stamps stay exact. */
  timeBase: { num: number; den: number }
  /** The stamp, in ticks, at which media time is 0. */
  zero: number
  /** Stamps in ticks as the file has them, strictly increasing. */
  pts: Float64Array
  /** The tick at which the last frame ends. */
  end: number
  /** The file left stamps out or repeated them, and we made them up: frames are found by counting only. */
  isRepaired: boolean
}

export interface FrameSpan {
  first: number
  last: number
}

/** Milliseconds on a timeline are whole, frame starts are not (33.367): a time this close before a frame means that frame. */
const ROUNDING_MS = 0.5
const SEEK_INTO_FRAME = 0.3

export function frameCount(index: FrameIndex): number {
  return index.pts.length
}

/** Exact media time in milliseconds at which a frame appears; `frameCount` gives the end of the last one. */
export function timeOf(index: FrameIndex, frame: number): number {
  if (!Number.isInteger(frame) || frame < 0 || frame > index.pts.length)
    throw new RangeError(`Frame ${frame} is not in 0…${index.pts.length}`)
  return ticksToMs(index, (index.pts[frame] ?? index.end) - index.zero)
}

/**
 * The frame on screen at a media time, clamped to the file. A time rounded to whole milliseconds finds the frame it was
 * rounded from: `frameAt(index, Math.round(timeOf(index, n))) === n` wherever frames are a millisecond apart.
 */
export function frameAt(index: FrameIndex, timeMs: number): number {
  return Math.max(0, startedBy(index, timeMs) - 1)
}

/**
 * Where to seek so that exactly this frame is shown, in seconds: inside its interval, away from both ends, because players
 * round. Not the middle: Chromium rounds a seek to ticks of the file, and where a tick is a frame long (time base 1/30)
 * the middle became the frame after (28 of 168 seeks in such files; none at 0.3).
 */
export function mediaTimeOf(index: FrameIndex, frame: number): number {
  const start = timeOf(index, frame)
  return (start + (timeOf(index, frame + 1) - start) * SEEK_INTO_FRAME) / 1000
}

/** The frames that start inside [startMs, endMs), rounded like `frameAt`; null where none does. */
export function framesBetween(index: FrameIndex, startMs: number, endMs: number): FrameSpan | null {
  const first = startedBefore(index, startMs)
  const last = startedBefore(index, endMs) - 1
  return first <= last ? { first, last } : null
}

/** Shown length of the video: first frame's start to last frame's end, whole milliseconds. */
export function shownDurationMs(index: FrameIndex): number {
  const start = index.pts[0]
  return start === undefined ? 0 : Math.round(ticksToMs(index, index.end - start))
}

/** Microseconds at which each frame appears, and as last entry the end of the last frame: length frames + 1. */
export function frameTimesUs(index: FrameIndex): number[] {
  return Array.from({ length: index.pts.length + 1 }, (_, frame) => Math.round(timeOf(index, frame) * 1000))
}

/** The index of a file of which only the microseconds are known (the wire carries those). */
export function indexFromTimesUs(timesUs: readonly number[]): FrameIndex {
  return {
    timeBase: { num: 1, den: 1_000_000 },
    zero: 0,
    pts: Float64Array.from(timesUs.slice(0, -1)),
    end: timesUs.at(-1) ?? 0,
    isRepaired: false,
  }
}

/** The same frames on a time line that is `offsetMs` less than media time, as a recording's is for a medium with an offset. */
export function onTimeLine(index: FrameIndex, offsetMs: number): FrameIndex {
  const { num, den } = index.timeBase
  return offsetMs === 0 ? index : { ...index, zero: index.zero + (offsetMs * den) / (num * 1000) }
}

/** An index of frames at an even rate, for frame folders. */
export function evenIndex(frames: number, rate: { num: number; den: number }): FrameIndex {
  return {
    timeBase: { num: rate.den, den: rate.num },
    zero: 0,
    pts: Float64Array.from({ length: frames }, (_, frame) => frame),
    end: frames,
    isRepaired: false,
  }
}

/**
 * Frames per second, and whether the rate varies. Constant means: no stamp is off an even grid by more than
 * one tick or a millisecond (Matroska rounds to milliseconds, GIF to hundredths). `nominal` are the container's own claims.
 */
export function measureRate(
  index: FrameIndex,
  nominal: readonly number[],
): { fps: number; isVariable: boolean } {
  const mean = meanRate(index)
  const candidates = [...nominal, mean].filter(fps => Number.isFinite(fps) && fps > 0)
  const fits = candidates.find(fps => isEven(index, fps))
  return { fps: fits ?? mean, isVariable: fits === undefined && index.pts.length > 2 }
}

function meanRate(index: FrameIndex): number {
  const first = index.pts[0] ?? 0
  const last = index.pts.at(-1) ?? 0
  const isSingle = last <= first
  const seconds = ticksToMs(index, (isSingle ? index.end : last) - first) / 1000
  return seconds > 0 ? (isSingle ? 1 : index.pts.length - 1) / seconds : 0
}

function isEven(index: FrameIndex, fps: number): boolean {
  const first = index.pts[0] ?? 0
  const toleranceMs = Math.max(1, ticksToMs(index, 1)) * 1.01
  return index.pts.every(
    (pts, frame) => Math.abs(ticksToMs(index, pts - first) - (frame * 1000) / fps) <= toleranceMs,
  )
}

function ticksToMs(index: FrameIndex, ticks: number): number {
  return (ticks * index.timeBase.num * 1000) / index.timeBase.den
}

/** How many frames have started at a time. */
function startedBy(index: FrameIndex, timeMs: number): number {
  return countWhile(index, (start, allowance) => start - allowance <= timeMs)
}

/** How many frames started earlier: a frame at 33.3 ms did not start before 33, nor before 33.3, but before 34. */
function startedBefore(index: FrameIndex, timeMs: number): number {
  return countWhile(index, (start, allowance) => start + allowance <= timeMs)
}

/** Binary search for the first frame that fails a test which holds for a prefix of the frames. */
function countWhile(index: FrameIndex, test: (startMs: number, allowanceMs: number) => boolean): number {
  let low = 0
  let high = index.pts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(timeOf(index, middle), allowanceMs(index, middle))) low = middle + 1
    else high = middle
  }
  return low
}

/** Half a millisecond, or half a frame where frames are closer than that (1000 fps and up). */
function allowanceMs(index: FrameIndex, frame: number): number {
  const previous = index.pts[frame - 1]
  const here = index.pts[frame]
  if (previous === undefined || here === undefined) return ROUNDING_MS
  return Math.min(ROUNDING_MS, ticksToMs(index, here - previous) / 2)
}
