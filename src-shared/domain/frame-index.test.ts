import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  frameAt,
  frameTimesUs,
  framesBetween,
  type FrameIndex,
  indexFromTimesUs,
  measureRate,
  mediaTimeOf,
  shownDurationMs,
  timeOf,
} from './frame-index.ts'

function indexOf(pts: number[], end: number, timeBase = { num: 1, den: 1000 }): FrameIndex {
  return { timeBase, zero: 0, pts: Float64Array.from(pts), end, isRepaired: false }
}

/** Any stamps at least a millisecond apart, in any usual time base, from any start. */
const anyIndex = fc
  .record({
    timeBase: fc.constantFrom(
      { num: 1, den: 1000 },
      { num: 1, den: 90_000 },
      { num: 1001, den: 30_000 },
      { num: 1, den: 12_288 },
      { num: 1, den: 30 },
    ),
    first: fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
    steps: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 }),
  })
  .map(({ timeBase, first, steps }) => {
    const apart = Math.ceil(timeBase.den / (1000 * timeBase.num))
    const stamps = [first]
    for (const step of steps) stamps.push((stamps.at(-1) ?? 0) + apart + step)
    return { ...indexOf(stamps.slice(0, -1), stamps.at(-1) ?? 0, timeBase), zero: Math.abs(first % 7) }
  })

test('a frame is found by its exact start, by its rounded start and by where to seek for it', () => {
  fc.assert(
    fc.property(anyIndex, fc.nat(), (index, pick) => {
      const frame = pick % index.pts.length
      const exact = timeOf(index, frame)
      expect(
        [exact, Math.round(exact), mediaTimeOf(index, frame) * 1000].map(ms => frameAt(index, ms)),
      ).toEqual([frame, frame, frame])
    }),
  )
})

test('adjacent intervals share out the frames: each frame is in exactly one of them', () => {
  fc.assert(
    fc.property(anyIndex, fc.double({ min: 0, max: 1, noNaN: true }), (index, part) => {
      const [from, to] = [Math.floor(timeOf(index, 0)) - 1, Math.ceil(timeOf(index, index.pts.length)) + 1]
      const cut = Math.round(from + (to - from) * part)
      const spans = [framesBetween(index, from, cut), framesBetween(index, cut, to)]
      const frames = spans.flatMap(span =>
        span ? Array.from({ length: span.last - span.first + 1 }, (_, at) => span.first + at) : [],
      )
      expect(frames).toEqual(Array.from(index.pts, (_, frame) => frame))
    }),
  )
})

test('a seek stays inside its frame when a player rounds it to ticks of the file', () => {
  fc.assert(
    fc.property(anyIndex, fc.nat(), (index, pick) => {
      const frame = pick % index.pts.length
      const { num, den } = index.timeBase
      const tick = Math.round((mediaTimeOf(index, frame) * den) / num) + index.zero
      const end = index.pts[frame + 1] ?? index.end
      expect(tick >= (index.pts[frame] ?? 0) && tick < end).toBe(true)
    }),
  )
})

test('times outside the file mean its first and its last frame', () => {
  const index = indexOf([41, 83, 124], 166)

  expect([-5, 0, 40, 41, 82, 83, 9000].map(ms => frameAt(index, ms))).toEqual([0, 0, 0, 0, 0, 1, 2])
})

test('Matroska milliseconds are 30 fps, a gap is a variable rate', () => {
  const rounded = indexOf([33, 67, 100, 133, 167], 200)
  const gap = indexOf([0, 293, 353, 413, 473], 533)

  expect([measureRate(rounded, [30]), measureRate(gap, [50 / 3]).isVariable]).toEqual([
    { fps: 30, isVariable: false },
    true,
  ])
})

test('the wire form gives the same times back', () => {
  const index = indexOf([1001, 2002, 3003], 4004, { num: 1, den: 30_000 })
  const times = frameTimesUs(index)

  expect(times).toEqual([33_367, 66_733, 100_100, 133_467])
  expect(frameTimesUs(indexFromTimesUs(times))).toEqual(times)
  expect(shownDurationMs(index)).toBe(100)
})
