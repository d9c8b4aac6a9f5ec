import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createShuttle, isNativeRate } from './frame-shuttle.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Frames of 40 ms, 0…99. */
function setup(limits: { first: number; last: number; isLoop: boolean }) {
  const seen: number[] = []
  const ended = vi.fn()
  const shuttle = createShuttle({
    now: () => Date.now(),
    timeOf: frame => frame * 40,
    frameAt: timeMs => Math.floor(timeMs / 40),
    seek: frame => seen.push(frame),
    limits: () => limits,
    ended,
  })
  return { shuttle, seen, ended }
}

test('plays backwards to the start of the clip and stops there', () => {
  const { shuttle, seen, ended } = setup({ first: 10, last: 20, isLoop: false })

  shuttle.start(13, -1)
  vi.advanceTimersByTime(1000)

  expect({ seen, isEnded: ended.mock.calls.length, isRunning: shuttle.isRunning() }).toEqual({
    seen: [12, 11, 10],
    isEnded: 1,
    isRunning: false,
  })
})

test('a twentieth of the speed shows each frame for 0.8 s', () => {
  const { shuttle, seen } = setup({ first: 0, last: 99, isLoop: false })

  shuttle.start(0, 0.05)
  vi.advanceTimersByTime(1700)

  expect(seen).toEqual([1, 2])
})

test('loops from the end to the start', () => {
  const { shuttle, seen } = setup({ first: 3, last: 5, isLoop: true })

  shuttle.start(4, 1)
  vi.advanceTimersByTime(170)

  expect(seen).toEqual([5, 3, 4])
})

test('native rates are those that Chromium accepts', () => {
  expect([0.05, 0.0625, 1, 8].map(isNativeRate)).toEqual([false, true, true, true])
})
