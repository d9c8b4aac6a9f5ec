import { expect, test } from 'vitest'
import { localisationFigures } from './localisation.ts'

const span = (label: number, startMs: number, endMs: number) => ({ label, startMs, endMs })

test('words are counted once a clip, segments by the time that they share', () => {
  const clips = [
    // Word 1 overlaps by a third; word 2 is proposed alone; word 3 is annotated alone.
    {
      proposed: [span(1, 0, 200), span(2, 300, 400)],
      manual: [span(1, 100, 300), span(3, 500, 600)],
    },
    // Word 1 is signed twice and found once, exactly.
    { proposed: [span(1, 0, 100)], manual: [span(1, 0, 100), span(1, 400, 500)] },
  ]
  expect(localisationFigures(clips)).toEqual({
    precision: 2 / 3,
    recall: 2 / 3,
    f1: 2 / 3,
    // (1/3 + 0 + 0 + 1 + 0) over five segments, pairs counted once.
    overlap: expect.closeTo((1 / 3 + 1) / 5, 12),
    both: 2,
    extra: 1,
    missed: 1,
  })
})

test('the figures are the same from both sides, with precision and recall exchanged', () => {
  const proposed = [span(1, 0, 250), span(2, 300, 400), span(1, 450, 700)]
  const manual = [span(1, 100, 300), span(3, 310, 600)]
  const one = localisationFigures([{ proposed, manual }])
  const other = localisationFigures([{ proposed: manual, manual: proposed }])
  expect(other).toEqual({
    ...one,
    precision: one.recall,
    recall: one.precision,
    extra: one.missed,
    missed: one.extra,
  })
})

test('without segments nothing is defined', () => {
  expect(localisationFigures([{ proposed: [], manual: [] }])).toEqual({
    precision: null,
    recall: null,
    f1: null,
    overlap: null,
    both: 0,
    extra: 0,
    missed: 0,
  })
})
