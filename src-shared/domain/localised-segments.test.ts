import { expect, test } from 'vitest'
import { localisedSegments } from './localised-segments.ts'

test('neighbouring cells of the strongest word are one segment, and a word that is nowhere strong enough is missed', () => {
  const matrix = [
    [0.1, 0.3, 0],
    [0.2, 0.4, 0.1],
    [0.1, 0.1, 0.15],
    [0.5, 0.4, 0.1],
    [0.1, 0.2, 0],
  ]
  expect(localisedSegments(matrix, ['wind', 'regen', 'schnee'], 0.2)).toEqual({
    segments: [
      { word: 'regen', column: 1, firstCell: 0, lastCell: 1, score: 0.4, mass: expect.closeTo(0.7) },
      { word: 'wind', column: 0, firstCell: 3, lastCell: 3, score: 0.5, mass: 0.5 },
      { word: 'regen', column: 1, firstCell: 4, lastCell: 4, score: 0.2, mass: 0.2 },
    ],
    missed: ['schnee'],
  })
})

test('no words, no segments', () => {
  expect(localisedSegments([[], []], [], 0.2)).toEqual({ segments: [], missed: [] })
})
