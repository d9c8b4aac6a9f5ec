import { describe, expect, test } from 'vitest'
import { localisedSegments } from '#shared/domain/localised-segments.ts'
import { framesOfToken } from '#shared/domain/visual-tokens.ts'
import { hasSign2gpt, sign2gptArray, sign2gptJson } from '../testing/sign2gpt-golden.ts'

interface Case {
  clip: string
  preprocessing: 'resize' | 'crop'
  frames: number
  cells: number
  columns: string
  column_ids: number[]
  column_glosses: string[]
  threshold: number
  segments: {
    gloss: string
    first_cell: number
    last_cell: number
    start_frame: number
    /** Not included. */
    end_frame: number
    confidence_max: number
    mass: number
  }[]
  not_localised: string[]
}

/** Frames that a cell stands for. */
const HOP = 4

describe.skipIf(!hasSign2gpt)('segments of E as the original finds them', () => {
  const cases = hasSign2gpt ? sign2gptJson<Case[]>('prototype-head/localisation.json') : []

  test.each(cases)('$clip, $preprocessing, $columns, threshold $threshold', one => {
    const fit = one.preprocessing === 'crop' ? '_crop' : ''
    const { data, shape } = sign2gptArray(`prototype-head/${one.clip}${fit}_E.npy`)
    const width = shape[1] ?? 0
    const matrix = Array.from({ length: one.cells }, (_, cell) =>
      one.column_ids.map(id => data[cell * width + id] ?? NaN),
    )
    const geometry = {
      layout: 'cells',
      frames: one.frames,
      windows: one.cells,
      window: HOP,
      stride: HOP,
    } as const
    const { segments, missed } = localisedSegments(matrix, one.column_glosses, one.threshold)
    expect(
      segments.map(({ word, firstCell, lastCell, score, mass }) => ({
        gloss: word,
        cells: [firstCell, lastCell],
        frames: [framesOfToken(firstCell, geometry).first, framesOfToken(lastCell, geometry).last + 1],
        score,
        mass,
      })),
    ).toEqual(
      one.segments.map(segment => ({
        gloss: segment.gloss,
        cells: [segment.first_cell, segment.last_cell],
        frames: [segment.start_frame, segment.end_frame],
        score: expect.closeTo(segment.confidence_max, 6),
        mass: expect.closeTo(segment.mass, 5),
      })),
    )
    expect(missed).toEqual(one.not_localised)
  })
})
