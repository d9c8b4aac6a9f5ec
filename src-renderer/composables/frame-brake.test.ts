import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBrake } from './frame-brake.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Frames of 40 ms, the last from 400 to 440; a video that runs by the clock unless it waits for data. */
const LAST = { startMs: 400, endMs: 440 }

function setup(rate = 1) {
  /** What the machine loses while no timer comes. */
  const clock = { lostMs: 0 }
  const now = () => performance.now() + clock.lostMs
  const video = { fromMs: 0, since: now(), isRunning: true, stoppedMs: null as number | null }
  const positionMs = () => video.fromMs + (video.isRunning ? (now() - video.since) * rate : 0)
  const sought: number[] = []
  const hold = () => {
    video.fromMs = positionMs()
    video.isRunning = false
  }
  const brake = createBrake({
    now,
    positionMs,
    rate: () => rate,
    stop: () => {
      hold()
      video.stoppedMs = video.fromMs
    },
    showLast: () => sought.push(video.fromMs),
  })
  const run = (fromMs = video.fromMs) => Object.assign(video, { fromMs, isRunning: true, since: now() })
  return { brake, clock, video, sought, hold, run }
}

test('stops inside the frame though no picture is told, and then asks for its picture', () => {
  const { brake, video, sought } = setup()
  brake.set(LAST)
  vi.advanceTimersByTime(1000)
  expect({ stopped: video.stoppedMs, isApplied: brake.isApplied(), asked: sought.length }).toEqual({
    stopped: 410,
    isApplied: true,
    asked: 1,
  })
})

test('a picture that is told in time releases it', () => {
  const { brake, video, sought } = setup()
  brake.set(LAST)
  vi.advanceTimersByTime(405)
  brake.release()
  vi.advanceTimersByTime(1000)
  expect([video.stoppedMs, sought, brake.isApplied()]).toEqual([null, [], false])
})

test('a timer that came late is set so much earlier the next time', () => {
  const { brake, clock, video, run } = setup()
  brake.set(LAST)
  vi.advanceTimersByTime(405)
  clock.lostMs = 50
  vi.advanceTimersByTime(10)
  expect(video.stoppedMs).toBe(460)

  run(0)
  brake.set(LAST)
  vi.advanceTimersByTime(1000)
  expect(video.stoppedMs).toBe(360)
})

test('goes on as long as the decoder waits for data', () => {
  const { brake, video, hold, run } = setup()
  brake.set(LAST)
  vi.advanceTimersByTime(200)
  hold()
  vi.advanceTimersByTime(3000)
  expect(video.stoppedMs).toBeNull()
  run()
  vi.advanceTimersByTime(1000)
  expect(video.stoppedMs).toBeGreaterThan(390)
  expect(video.stoppedMs).toBeLessThan(440)
})
