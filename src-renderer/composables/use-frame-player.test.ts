import { frameAt, indexFromTimesUs, timeOf } from '#shared/domain/frame-index.ts'
import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type FrameSource, useFramePlayer } from './use-frame-player.ts'

const SEEK_MS = 20
const REFRESH_MS = 17

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('VideoFrame', FakePicture)
  vi.stubGlobal('createImageBitmap', async () => ({ width: 4, height: 3, close() {} }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A phone's video: no two frames are equally long, and the first is not at zero. */
const index = indexFromTimesUs([41_000, 74_000, 140_000, 173_000, 240_000, 300_000, 340_000])
const source: FrameSource = { index, playerOffsetMs: 0, clip: { first: 1, last: 4 } }

/** A video element as Chromium's: seeks take a while, the newest one wins, pictures are presented afterwards. */
class FakeVideo extends EventTarget {
  readyState = 4
  paused = true
  ended = false
  muted = false
  playbackRate = 1
  seeking = false
  /** The picture that it has now. */
  pictured = 0
  readonly seeks: number[] = []
  #time = 0
  #seeking: ReturnType<typeof setTimeout> | undefined
  #playing: ReturnType<typeof setTimeout> | undefined
  #listeners = new Map<number, VideoFrameRequestCallback>()
  #lastHandle = 0

  get currentTime() {
    return this.#time
  }

  set currentTime(seconds: number) {
    this.seeks.push(frameAt(index, seconds * 1000))
    this.#time = seconds
    clearTimeout(this.#seeking)
    clearTimeout(this.#playing)
    this.seeking = true
    this.#seeking = setTimeout(() => {
      this.seeking = false
      this.dispatchEvent(new Event('seeked'))
      this.present(frameAt(index, seconds * 1000))
    }, SEEK_MS)
  }

  requestVideoFrameCallback(listen: VideoFrameRequestCallback): number {
    this.#lastHandle += 1
    this.#listeners.set(this.#lastHandle, listen)
    return this.#lastHandle
  }

  cancelVideoFrameCallback(handle: number): void {
    this.#listeners.delete(handle)
  }

  present(frame: number): void {
    const listeners = [...this.#listeners.values()]
    this.#listeners.clear()
    this.#time = timeOf(index, frame) / 1000
    this.pictured = frame
    const picture = { mediaTime: this.#time } as VideoFrameCallbackMetadata
    for (const listen of listeners) listen(0, picture)
    if (!this.paused) this.#run(frame)
  }

  async play(): Promise<void> {
    this.paused = false
    this.#run(frameAt(index, this.#time * 1000))
  }

  pause(): void {
    clearTimeout(this.#playing)
    if (this.paused) return
    this.paused = true
    setTimeout(() => this.dispatchEvent(new Event('pause')))
  }

  #run(frame: number): void {
    clearTimeout(this.#playing)
    if (frame >= 5) return
    const lengthMs = timeOf(index, frame + 1) - timeOf(index, frame)
    this.#playing = setTimeout(() => this.present(frame + 1), lengthMs / this.playbackRate)
  }
}

class FakePicture {
  readonly displayWidth = 4
  readonly displayHeight = 3
  readonly timestamp: number

  constructor(video: FakeVideo) {
    this.timestamp = timeOf(index, video.pictured) * 1000
  }

  close() {}
}

const fakeCanvas = () => ({ hidden: true, width: 0, height: 0, getContext: () => ({ drawImage() {} }) })

async function setup() {
  const video = new FakeVideo()
  const element = shallowRef(video as unknown as HTMLVideoElement)
  const from = shallowRef<FrameSource | null>(source)
  const canvas = shallowRef(fakeCanvas() as unknown as HTMLCanvasElement)
  const scope = effectScope()
  const player = scope.run(() => useFramePlayer(element, from, canvas))
  if (!player) throw new Error('no player')
  await nextTick()
  await vi.advanceTimersByTimeAsync(SEEK_MS)
  return { video, player, from, transport: player.transport, scope }
}

test('knows no frame before a picture is on screen, then the clip’s first', async () => {
  const video = new FakeVideo()
  const scope = effectScope()
  const player = scope.run(() =>
    useFramePlayer(
      shallowRef(video as unknown as HTMLVideoElement),
      shallowRef<FrameSource | null>(source),
      shallowRef(null),
    ),
  )
  await nextTick()
  const before = player?.frame.value
  await vi.advanceTimersByTimeAsync(SEEK_MS)

  expect([before, player?.frame.value, player?.timeMs.value]).toEqual([null, 1, 74])
})

test('steps by frames of any length and stays inside the clip', async () => {
  const { player, transport } = await setup()
  const seen: (number | null)[] = []
  for (const step of [1, 1, 1, 1, -1, -9]) {
    transport.step(step)
    await vi.advanceTimersByTimeAsync(SEEK_MS)
    seen.push(player.frame.value)
  }
  expect(seen).toEqual([2, 3, 4, 4, 3, 1])
})

test('a held key shows what the decoder can make and ends on the last frame asked for', async () => {
  const { video, player, transport } = await setup()
  video.seeks.length = 0
  for (let n = 0; n < 3; n += 1) transport.step(1)
  await vi.advanceTimersByTimeAsync(3 * SEEK_MS)

  expect({ seeks: video.seeks, frame: player.frame.value }).toEqual({ seeks: [2, 4], frame: 4 })
})

test('the old number stays until the new picture is there', async () => {
  const { player, transport } = await setup()
  transport.goTo(3)
  const during = [player.frame.value, player.isSeeking.value]
  await vi.advanceTimersByTimeAsync(SEEK_MS)

  expect([during, [player.frame.value, player.isSeeking.value]]).toEqual([
    [1, true],
    [3, false],
  ])
})

test('forgets the frame when another file’s index arrives', async () => {
  const { player, from } = await setup()
  from.value = { ...source, index: indexFromTimesUs([0, 40_000, 80_000, 120_000, 160_000, 200_000]) }
  expect(player.frame.value).toBeNull()
})

test('plays to the last frame of the clip, shows it for its time and stops on it', async () => {
  const { video, player, transport } = await setup()
  void transport.play()
  await vi.advanceTimersByTimeAsync(2000)

  expect({ frame: player.frame.value, isPlaying: player.isPlaying.value, isPaused: video.paused }).toEqual({
    frame: 4,
    isPlaying: false,
    isPaused: true,
  })
})

test('a loop never shows a frame outside it', async () => {
  const { video, player, transport } = await setup()
  const seen = new Set<number | null>()
  transport.loop.value = { first: 2, last: 3 }
  void transport.play()
  for (let n = 0; n < 60; n += 1) {
    await vi.advanceTimersByTimeAsync(10)
    seen.add(player.frame.value)
  }
  const isPlaying = player.isPlaying.value
  transport.pause()

  expect({ seen: [...seen].sort(), isPlaying, isPaused: video.paused }).toEqual({
    seen: [1, 2, 3],
    isPlaying: true,
    isPaused: true,
  })
})

test('a round of a loop takes as long as its frames, but for a refresh of the display', async () => {
  const { player, transport } = await setup()
  const begins: number[] = []
  transport.loop.value = { first: 2, last: 3 }
  void transport.play()
  let before = player.frame.value
  for (let n = 0; n < 600; n += 1) {
    await vi.advanceTimersByTimeAsync(1)
    if (before === 3 && player.frame.value === 2) begins.push(performance.now())
    before = player.frame.value
  }
  transport.pause()
  const rounds = begins.slice(1).map((at, n) => Math.round(at - (begins[n] ?? 0)))
  expect(rounds.slice(1).filter(ms => Math.abs(ms - 100) > REFRESH_MS)).toEqual([])
  expect(rounds.length).toBeGreaterThan(3)
})

test('plays some frames once and rests on the last of them', async () => {
  const { player, transport } = await setup()
  const seen = new Set<number | null>()
  transport.playOnce({ first: 2, last: 3 })
  for (let n = 0; n < 60; n += 1) {
    await vi.advanceTimersByTimeAsync(10)
    seen.add(player.frame.value)
  }
  expect({ seen: [...seen].sort(), frame: player.frame.value, isPlaying: player.isPlaying.value }).toEqual({
    seen: [1, 2, 3],
    frame: 3,
    isPlaying: false,
  })
})

test('a jump while the last frame is held goes on playing from there', async () => {
  const { video, player, transport } = await setup()
  transport.loop.value = { first: 2, last: 3 }
  void transport.play()
  while (!(player.frame.value === 3 && video.paused)) await vi.advanceTimersByTimeAsync(1)
  transport.goTo(2)
  await vi.advanceTimersByTimeAsync(SEEK_MS + 1)
  expect({ isPaused: video.paused, isPlaying: player.isPlaying.value }).toEqual({
    isPaused: false,
    isPlaying: true,
  })
  transport.pause()
})

test('outside the clip the whole recording is open', async () => {
  const { player, transport } = await setup()
  transport.goTo(5)
  await vi.advanceTimersByTimeAsync(SEEK_MS)
  transport.step(1)
  await vi.advanceTimersByTimeAsync(SEEK_MS)
  const last = player.frame.value
  transport.goTo(0)
  await vi.advanceTimersByTimeAsync(SEEK_MS)

  expect([last, player.frame.value]).toEqual([5, 0])
})

test('a second is a second of the file, whatever its frames', async () => {
  const { player, transport } = await setup()
  transport.stepTime(100)
  await vi.advanceTimersByTimeAsync(SEEK_MS)
  expect(player.frame.value).toBe(3)
})

test('a pause that came from outside stops the player', async () => {
  const { video, player, transport } = await setup()
  await transport.play()
  video.pause()
  await vi.advanceTimersByTimeAsync(1)
  expect(player.isPlaying.value).toBe(false)
})

test('nothing runs on after the component is gone', async () => {
  const { video, transport, scope } = await setup()
  await transport.play()
  scope.stop()
  const seeks = video.seeks.length
  await vi.advanceTimersByTimeAsync(1000)
  expect([video.paused, video.seeks.length]).toEqual([true, seeks])
})
