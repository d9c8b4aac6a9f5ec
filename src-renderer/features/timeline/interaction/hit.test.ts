import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { trackFrom } from '../document/track.ts'
import { hitOn } from './hit.ts'

const view = { startMs: 0, msPerPx: 10, widthPx: 1000, durationMs: 10_000 }
const note = (id: number, startMs: number, endMs: number) => ({
  id: id as AnnotationId,
  tierId: 1 as TierId,
  startMs,
  endMs,
  value: '',
})
const first = note(1, 1000, 2000)
const second = note(2, 2000, 3000)
const tiny = note(3, 5000, 5060)
const track = trackFrom(1 as TierId, [first, second, tiny])

test('an edge before a body, and the body between edges', () => {
  expect([hitOn(track, view, 102), hitOn(track, view, 150), hitOn(track, view, 297)]).toEqual([
    { item: first, grip: 'start' },
    { item: first, grip: 'body' },
    { item: second, grip: 'end' },
  ])
})

test('where two meet, the side of the pointer decides', () => {
  expect([hitOn(track, view, 198), hitOn(track, view, 202)]).toEqual([
    { item: first, grip: 'end' },
    { item: second, grip: 'start' },
  ])
})

test('a short annotation keeps a body to grab', () => {
  expect(hitOn(track, view, 503)).toEqual({ item: tiny, grip: 'body' })
})

test('free room is free', () => {
  expect(hitOn(track, view, 420)).toBeNull()
})
