import type { DensityReport } from '#shared/contract/density.ts'
import { ClipId, RecordingId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { fiveNumbers, firstMarked, pointSeries } from './density-charts.ts'

test('quartiles are those of numpy.percentile', () => {
  expect(fiveNumbers([7, 1, 3, 10])).toEqual([1, 2.5, 5, 7.75, 10])
  expect(fiveNumbers([4])).toEqual([4, 4, 4, 4, 4])
})

function report(instances: Record<string, number>): Pick<DensityReport, 'glosses' | 'points'> {
  const figures = { intra: 1, inter: 2, ratio: 0.5, nearest: '', nearestDistance: 1 }
  const glosses = Object.entries(instances).map(([gloss, n]) => ({ gloss, instances: n, ...figures }))
  const place = {
    clipId: ClipId.parse(1),
    clip: 'a',
    recordingId: RecordingId.parse(1),
    startMs: 0,
    endMs: 1,
  }
  const points = glosses.flatMap(({ instances: n }, gloss) =>
    Array.from({ length: n }, () => ({ gloss, x: 0, y: 0, ...place })),
  )
  return { glosses, points }
}

test('the most frequent glosses are marked, and points of the others share the first series', () => {
  const seen = report({ WIND: 1, REGEN: 3, SONNE: 2 }) as DensityReport
  expect(firstMarked(seen)).toEqual(['REGEN', 'SONNE', 'WIND'])
  expect(pointSeries(seen, ['REGEN'])).toEqual([
    [0, 4, 5],
    [1, 2, 3],
  ])
})
