import { expect, test } from 'vitest'
import {
  clampViewport,
  endMs,
  fitSpan,
  panBy,
  resized,
  reveal,
  timeToX,
  xToTime,
  zoomAt,
  type Viewport,
} from './viewport.ts'

const view = (patch: Partial<Viewport> = {}): Viewport => ({
  startMs: 2000,
  msPerPx: 2,
  widthPx: 1000,
  durationMs: 10_000,
  ...patch,
})

test('pixels and times are each other’s inverse', () => {
  expect([timeToX(view(), 2500), xToTime(view(), 250)]).toEqual([250, 2500])
})

test('zooming keeps the time under the pointer where it is', () => {
  const zoomed = zoomAt(view(), 300, 2)
  expect({ scale: zoomed.msPerPx, before: xToTime(view(), 300), after: xToTime(zoomed, 300) }).toEqual({
    scale: 1,
    before: 2600,
    after: 2600,
  })
})

test('zooming out ends where everything is visible', () => {
  expect(zoomAt(view(), 500, 1e-6)).toEqual(view({ startMs: 0, msPerPx: 10 }))
})

test('zooming in ends where a millisecond is eight pixels wide', () => {
  expect(zoomAt(view(), 0, 1e9).msPerPx).toBe(0.125)
})

test('panning stops at both ends of the recording', () => {
  expect([panBy(view(), -1e6).startMs, endMs(panBy(view(), 1e6))]).toEqual([0, 10_000])
})

test('a wider window than the recording shows all of it from its start', () => {
  expect(resized(view({ startMs: 8000 }), 9000)).toEqual(
    view({ startMs: 0, widthPx: 9000, msPerPx: 10_000 / 9000 }),
  )
})

test('fits a span with air around it', () => {
  const fitted = fitSpan(view(), { startMs: 4000, endMs: 5000 }, 0.1)
  expect(fitted).toEqual(view({ startMs: 3900, msPerPx: 1.2 }))
})

test('turns the page only when the time is out of sight', () => {
  expect([reveal(view(), 3999), reveal(view(), 4100).startMs, reveal(view(), 1900).startMs]).toEqual([
    view(),
    3900,
    100,
  ])
})

test('an empty recording has a viewport too', () => {
  expect(clampViewport({ startMs: 5, msPerPx: 0, widthPx: 0, durationMs: 0 })).toEqual({
    startMs: 0,
    msPerPx: 0.125,
    widthPx: 0,
    durationMs: 0,
  })
})
