import { expect, test } from 'vitest'
import { framesOfToken, peakFrame, type VisualGeometry, weightsOverFrames } from './visual-tokens.ts'

const CLIP: VisualGeometry = { frames: 42, windows: 4, window: 16, stride: 8 }

test('a token sees sixteen rows, four after those of the token before', () => {
  expect([0, 1, 6, 7].map(token => framesOfToken(token, CLIP))).toEqual([
    { first: 0, last: 15, stream: 'spatial' },
    { first: 4, last: 19, stream: 'spatial' },
    { first: 24, last: 39, stream: 'spatial' },
    // Rows 28 to 43: the last frames, and the windows of the frames 0–15 and 8–23.
    { first: 0, last: 41, stream: 'both' },
  ])
})

test('tokens behind the frames see what their motion windows saw', () => {
  const geometry = { frames: 16, windows: 20, window: 16, stride: 8 }
  expect(framesOfToken(4, { ...geometry, frames: 16 })).toEqual({ first: 0, last: 15, stream: 'motion' })
})

test('padding of a clip that is too short is no frame', () => {
  expect(framesOfToken(0, { frames: 9, windows: 1, window: 16, stride: 8 })).toEqual({
    first: 0,
    last: 8,
    stream: 'both',
  })
})

test('spreads a weight over the frames seen, most in the middle, and loses none', () => {
  const curve = weightsOverFrames([0, 0, 0.5, 0], CLIP)
  expect(curve.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0.5, 10)
  expect([curve[7], curve[8], curve[24]]).toEqual([0, 0.005, 0])
  expect(Math.max(...curve)).toBe(curve[15])
})

test('the peak of one token is the middle of what it saw', () => {
  expect(peakFrame(weightsOverFrames([0, 0, 1, 0], CLIP))).toBe(15)
})
