/** What the shuttle needs from the player; a test passes a plain object. */
export interface ShuttleDeps {
  now: () => number
  /** Media time at which a frame begins. */
  timeOf: (frame: number) => number
  frameAt: (timeMs: number) => number
  seek: (frame: number) => void
  /** Where playing ends in either direction, and whether it then starts again at the other end. */
  limits: () => { first: number; last: number; isLoop: boolean }
  ended: () => void
}

/** Chromium plays nothing below 1/16 speed and nothing backwards: there, frames are shown one by one by the clock. */
export function createShuttle(deps: ShuttleDeps) {
  let timer: ReturnType<typeof setInterval> | undefined
  let shownFrame = -1

  function start(fromFrame: number, rate: number): void {
    stop()
    let startedAt = deps.now()
    let fromMs = deps.timeOf(fromFrame)
    shownFrame = fromFrame
    timer = setInterval(() => {
      const limits = deps.limits()
      const timeMs = fromMs + (deps.now() - startedAt) * rate
      const isPast = rate > 0 ? timeMs >= deps.timeOf(limits.last + 1) : timeMs < deps.timeOf(limits.first)
      if (isPast && !limits.isLoop) return finish(rate > 0 ? limits.last : limits.first)
      if (isPast) {
        startedAt = deps.now()
        fromMs = rate > 0 ? deps.timeOf(limits.first) : deps.timeOf(limits.last + 1) - 1
      }
      goTo(deps.frameAt(isPast ? fromMs : timeMs))
    }, 15)
  }

  function goTo(frame: number): void {
    if (frame === shownFrame) return
    shownFrame = frame
    deps.seek(frame)
  }

  function finish(frame: number): void {
    stop()
    goTo(frame)
    deps.ended()
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  return { start, stop, isRunning: () => timer !== undefined }
}

/** Whether the video element itself can play at this rate. */
export function isNativeRate(rate: number): boolean {
  return rate >= 0.0625 && rate <= 16
}
