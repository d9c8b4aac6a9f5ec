/** What the brake needs from the player; a test passes a plain object. */
export interface BrakeDeps {
  now: () => number
  /** Where the element is, in milliseconds of the index; null while it goes elsewhere. */
  positionMs: () => number | null
  rate: () => number
  stop: () => void
  /** Puts the frame up that was to be the last. */
  showLast: () => void
}

/** The frame at which playing ends. */
export interface Stop {
  startMs: number
  endMs: number
}

/** Of the last frame's time: late enough that the picture is usually told before, and early enough for a late timer. */
const PART = 0.25
/** The compositor takes a picture up to a refresh of the display ahead; above normal speed that is more than a frame. */
const REFRESH_MS = 17
/** A picture that was chosen before the stop comes up within two refreshes. */
const GRACE_MS = 2 * REFRESH_MS
/** What remains of the worst delay with each stop. */
const FADE = 0.7

/**
 * Stops a video in a frame by the clock. The compositor tells which picture it shows when the page next draws, and on a
 * busy machine it draws so seldom that by then several more have gone by; timers come sooner. How late they came before
 * is how much earlier they are set.
 */
export function createBrake({ now, positionMs, rate, stop, showLast }: BrakeDeps) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isApplied = false
  let lateMs = 0

  function release(): void {
    clearTimeout(timer)
    timer = undefined
    isApplied = false
  }

  /** Time of the screen until the brake is due; null where the element's place is not known. */
  function waitMs({ startMs, endMs }: Stop): number | null {
    const position = positionMs()
    if (position === null) return null
    const targetMs = startMs + (endMs - startMs) * PART
    const ahead = lateMs + REFRESH_MS * Math.max(0, 1 - 1 / rate())
    return (targetMs - position) / rate() - ahead
  }

  function set(at: Stop): void {
    release()
    const wait = waitMs(at)
    if (wait === null) return
    const due = now() + Math.max(0, wait)
    timer = setTimeout(() => reach(at, due), Math.max(0, wait))
  }

  function reach(at: Stop, due: number): void {
    lateMs = Math.max(now() - due, FADE * lateMs)
    const wait = waitMs(at)
    // The decoder was waiting for data: there is still something to play.
    if (wait !== null && wait > REFRESH_MS) return set(at)
    isApplied = true
    stop()
    const position = positionMs()
    const isInside = position !== null && position >= at.startMs && position < at.endMs
    timer = setTimeout(showLast, isInside ? GRACE_MS : 0)
  }

  return { set, release, isApplied: () => isApplied }
}
