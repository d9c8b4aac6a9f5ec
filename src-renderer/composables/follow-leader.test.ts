import { evenIndex } from '#shared/domain/frame-index.ts'
import { expect, test } from 'vitest'
import { correct, placeOf } from './follow-leader.ts'

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
