import type { Annotation } from '#shared/contract/annotation.ts'
import { frameAt, indexFromTimesUs } from '#shared/domain/frame-index.ts'
import { expect, test } from 'vitest'
import { frameBoundary, timelineSnap } from './frame-snap.ts'
import { trackFrom } from '../document/track.ts'

/** 29.97 fps: no frame but the first begins on a whole millisecond. */
const ntsc = indexFromTimesUs([0, 33_367, 66_733, 100_100, 133_467])

test('a boundary in whole milliseconds still means its frame', () => {
  const boundaries = [20, 40, 80, 130].map(timeMs => frameBoundary(ntsc, timeMs))
  expect({ boundaries, frames: boundaries.map(timeMs => frameAt(ntsc, timeMs)) }).toEqual({
    boundaries: [33, 33, 67, 133],
    frames: [1, 1, 2, 3],
  })
})

test('another annotation attracts, the dragged one does not', () => {
  const sonne = { id: 4, tierId: 1, startMs: 48, endMs: 90, value: '' } as Annotation
  const sources = { frames: ntsc, tracks: [trackFrom(sonne.tierId, [sonne])], playheadMs: null, msPerPx: 1 }
  expect([
    timelineSnap({ ...sources, held: new Set() })(46),
    timelineSnap({ ...sources, held: new Set([4]) })(46),
  ]).toEqual([48, 33])
})
