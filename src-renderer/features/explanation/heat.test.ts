import { expect, test } from 'vitest'
import { heatStops, nearestSpans, plainPiece } from './heat.ts'

test('a row of heat is relative to its peak, and long rows keep their peaks', () => {
  expect(heatStops([0, 0.2, 0.1, 0], 0.2)).toEqual([
    { at: 12.5, heat: 0 },
    { at: 37.5, heat: 1 },
    { at: 62.5, heat: 0.5 },
    { at: 87.5, heat: 0 },
  ])
  const long = heatStops(
    Array.from({ length: 1000 }, (_, at) => (at === 501 ? 1 : 0)),
    1,
  )
  expect(long.length).toBeLessThanOrEqual(96)
  expect(long.filter(({ heat }) => heat === 1)).toHaveLength(1)
})

test('neighbouring tokens with the same nearest item are one span; streams stay apart', () => {
  const token = (startMs: number, word: string, stream: 'spatial' | 'motion' = 'spatial') => ({
    startMs,
    endMs: startMs + 640,
    stream,
    nearest: [word],
  })
  const spans = nearestSpans([token(0, 'a'), token(160, 'a'), token(320, 'b'), token(0, 'b', 'motion')])
  expect(spans.map(({ nearest, tokens, isMotion }) => [nearest[0], tokens, isMotion])).toEqual([
    ['a', 2, false],
    ['b', 1, false],
    ['b', 1, true],
  ])
  expect([spans[0]?.endMs, spans[1]?.startMs]).toEqual([560, 560])
})

test('the mark of a word start is no letter', () => {
  expect([plainPiece('▁regen'), plainPiece('en'), plainPiece('▁')]).toEqual(['regen', 'en', '␣'])
})
