import { evenIndex, frameAt, timeOf } from '#shared/domain/frame-index.ts'
import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, test, vi } from 'vitest'
import { correct, placeOf, useFollower } from './follow-leader.ts'

const FRAME_S = 0.04

test('a follower in step is left alone, a little ahead it slows down, far behind it jumps', () => {
  expect([
    correct(0.004, 1, FRAME_S),
    correct(0.035, 1, FRAME_S),
    correct(-0.035, 1, FRAME_S),
    correct(0.3, 1, FRAME_S),
    correct(-0.9, 1, FRAME_S),
  ]).toEqual([
    { kind: 'rate', rate: 1 },
    { kind: 'rate', rate: 0.9 },
    { kind: 'rate', rate: 1.1 },
    { kind: 'rate', rate: 0.7 },
    { kind: 'jump' },
  ])
})

test('corrections bring any drift below half a frame at every rate', () => {
  for (const rate of [0.0625, 0.25, 1, 2, 4])
    for (const start of [-0.6, -0.2, -0.03, 0.03, 0.2, 0.6]) {
      let drift = start
      for (let seconds = 0; seconds < 4; seconds += 0.04) {
        const next = correct(drift, rate, FRAME_S)
        drift = next.kind === 'jump' ? 0 : drift + ((next.kind === 'rate' ? next.rate : 0) - rate) * 0.04
      }
      expect(Math.abs(drift), `${start} s at ${rate}×`).toBeLessThan(FRAME_S / 2)
    }
})

test('nothing is shown before a video begins and after it ends', () => {
  const source = {
    index: evenIndex(25, { num: 25, den: 1 }),
    playerOffsetMs: 0,
    clip: { first: 0, last: 24 },
  }
  expect([-1, 0, 999, 1000].map(timeMs => placeOf(source, timeMs))).toEqual([
    'before',
    'inside',
    'inside',
    'after',
  ])
})

const SEEK_MS = 20
const index = evenIndex(100, { num: 25, den: 1 })

/** A video that presents what it is told to, and what it was sought to. */
class FakeVideo extends EventTarget {
  readyState = 4
  paused = true
  #time = 0
  #listeners: VideoFrameRequestCallback[] = []

  get currentTime() {
    return this.#time
  }

  set currentTime(seconds: number) {
    this.#time = seconds
    setTimeout(() => {
      this.dispatchEvent(new Event('seeked'))
      this.present(frameAt(index, seconds * 1000))
    }, SEEK_MS)
  }

  requestVideoFrameCallback(listen: VideoFrameRequestCallback): number {
    return this.#listeners.push(listen)
  }

  cancelVideoFrameCallback(): void {
    this.#listeners = []
  }

  present(frame: number): void {
    const picture = { mediaTime: timeOf(index, frame) / 1000 } as VideoFrameCallbackMetadata
    for (const listen of this.#listeners.splice(0)) listen(0, picture)
  }

  pause(): void {
    this.paused = true
  }
}

test('a picture that comes up after both have stopped is put right', async () => {
  vi.useFakeTimers()
  const video = new FakeVideo()
  const source = shallowRef({ index, playerOffsetMs: 0, clip: { first: 0, last: 99 } })
  const [timeMs, isRolling] = [shallowRef<number | null>(400), shallowRef(false)]
  const following = { rate: shallowRef(1), followers: shallowRef(0) }
  const leader = { video: shallowRef(null), source, timeMs, isRolling, ...following }
  const element = shallowRef(video as unknown as HTMLVideoElement)
  const scope = effectScope()
  const follower = scope.run(() => useFollower(element, source, leader, shallowRef(true)))
  await nextTick()
  await vi.advanceTimersByTimeAsync(SEEK_MS)
  const begun = follower?.frame.value

  isRolling.value = true
  video.present(20)
  timeMs.value = 800
  isRolling.value = false
  await nextTick()
  video.present(22)
  await vi.advanceTimersByTimeAsync(SEEK_MS)
  const stopped = follower?.frame.value
  scope.stop()
  vi.useRealTimers()

  expect([begun, stopped]).toEqual([10, 20])
})
