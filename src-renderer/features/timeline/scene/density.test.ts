import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { trackFrom } from '../document/track.ts'
import { columnsOf, levelFor } from './density.ts'

const track = (spans: readonly (readonly [number, number])[]) =>
  trackFrom(
    1 as TierId,
    spans.map(([startMs, endMs], n) => ({ id: (n + 1) as AnnotationId, startMs, endMs, value: '' })),
  )

/** An hour, half of each second annotated. */
const even = track(Array.from({ length: 3600 }, (_, n) => [n * 1000, n * 1000 + 500] as const))

function columns(of: ReturnType<typeof track>, startMs: number, msPerPx: number, widthPx: number) {
  const level = levelFor(of, msPerPx)
  const into = new Float32Array(widthPx)
  if (level) columnsOf(level, startMs, msPerPx, into)
  return [...into]
}

test('an even tier is half full at every scale of the overview', () => {
  for (const msPerPx of [4096, 8192, 32_768])
    for (const share of columns(even, 0, msPerPx, 100)) expect(share).toBeCloseTo(0.5, 1)
})

test('a short annotation in an empty hour is still seen, and only where it is', () => {
  const lonely = track([
    [1_800_000, 1_800_001],
    [3_600_000, 3_600_500],
  ])
  const shown = columns(lonely, 0, 36_000, 100)
  expect(shown.flatMap((share, x) => (share > 0 ? [x] : []))).toEqual([50])
  expect(columns(lonely, 1_800_000, 36_000, 2)[0]).toBeGreaterThan(0.1)
})

test('there is no level finer than the annotations are', () => {
  expect(levelFor(even, 1)).toBeNull()
  expect(levelFor(even, 100_000)?.bucketMs).toBeLessThanOrEqual(100_000)
})
