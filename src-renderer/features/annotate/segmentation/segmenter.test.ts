import { expect, onTestFinished, test, vi } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import { pictureAt, useShownPictures } from './shown-frames.ts'
import { type SegmentSettings, strokeAt } from './segmenter.ts'

const settings = (variant: SegmentSettings['variant'], anchor: SegmentSettings['anchor'] = 'start') => ({
  variant,
  anchor,
  lengthMs: 400,
})

const under = (startMs: number, value = '') => ({ startMs, value })

test('adjacent strokes end one annotation and begin the next', () => {
  expect(strokeAt(1000, null, settings('adjacent'))).toEqual({ span: null, open: under(1000) })
  expect(strokeAt(1600, under(1000), settings('adjacent'))).toEqual({
    span: { startMs: 1000, endMs: 1600, value: '' },
    open: under(1600),
  })
})

test('pairs leave a gap, and a stroke on the frame of the first keeps it open', () => {
  expect(strokeAt(1600, under(1000), settings('pairs')).open).toBeNull()
  expect(strokeAt(1000, under(1000), settings('pairs'))).toEqual({ span: null, open: under(1000) })
})

test('played backwards, the later stroke is the beginning', () => {
  expect(strokeAt(1000, under(1600), settings('adjacent'))).toEqual({
    span: { startMs: 1000, endMs: 1600, value: '' },
    open: under(1000),
  })
})

test('a fixed length begins or ends at the stroke, and not before the recording', () => {
  const at = (timeMs: number, anchor: 'start' | 'end') =>
    strokeAt(timeMs, null, settings('fixed', anchor)).span
  expect(at(1000, 'start')).toEqual({ startMs: 1000, endMs: 1400, value: '' })
  expect(at(1000, 'end')).toEqual({ startMs: 600, endMs: 1000, value: '' })
  expect(at(100, 'end')).toEqual({ startMs: 0, endMs: 400, value: '' })
})

test("an entry's key begins its state and ends it; another entry's ends it and begins its own", () => {
  const stroke = (timeMs: number, open: ReturnType<typeof under> | null, value: string) =>
    strokeAt(timeMs, open, settings('states'), value)
  expect(stroke(1000, null, 'gaze')).toEqual({ span: null, open: under(1000, 'gaze') })
  expect(stroke(1600, under(1000, 'gaze'), 'gaze')).toEqual({
    span: { startMs: 1000, endMs: 1600, value: 'gaze' },
    open: null,
  })
  expect(stroke(1600, under(1000, 'gaze'), 'nod')).toEqual({
    span: { startMs: 1000, endMs: 1600, value: 'gaze' },
    open: under(1600, 'nod'),
  })
})

test("an entry's key on the frame of another corrects which one is under way", () => {
  expect(strokeAt(1000, under(1000, 'gaze'), settings('states'), 'nod')).toEqual({
    span: null,
    open: under(1000, 'nod'),
  })
})

test('a point has the text of its entry', () => {
  expect(strokeAt(1000, null, settings('points'), 'nod').span).toEqual({
    startMs: 1000,
    endMs: 1400,
    value: 'nod',
  })
})

test('a key means the picture that was on screen when it went down', () => {
  const pictures = [0, 40, 80].map(at => ({ atMs: 5000 + at, mediaMs: at }))
  expect([4990, 5039.9, 5040, 9000].map(at => pictureAt(pictures, at)?.mediaMs)).toEqual([0, 0, 40, 80])
  expect(pictureAt([], 5000)).toBeNull()
})

test('a picture that the browser reports after the key still counts for the key', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let report: VideoFrameRequestCallback = () => {}
  const element = {
    requestVideoFrameCallback: (listen: VideoFrameRequestCallback) => ((report = listen), 1),
    cancelVideoFrameCallback: () => {},
  }
  const show = (displayed: number, mediaTime: number) =>
    report(0, { expectedDisplayTime: displayed, mediaTime } as VideoFrameCallbackMetadata)
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  const pictures = scope.run(() => useShownPictures(shallowRef(element as unknown as HTMLVideoElement)))!
  const now = performance.now()
  show(now - 50, 0)
  const pressed = pictures.at(now)
  show(now - 10, 0.04)
  show(now + 30, 0.08)
  await expect(pressed).resolves.toMatchObject({ mediaMs: 40 })

  const last = pictures.at(now + 60)
  await vi.advanceTimersByTimeAsync(200)
  await expect(last).resolves.toMatchObject({ mediaMs: 80 })
})
