import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intervalsOf } from './intervals.ts'
import type { Found, Lane } from './lane.ts'

type Span = readonly [startMs: number, endMs: number]

const spans = fc
  .array(fc.tuple(fc.nat(20), fc.nat(6)), { maxLength: 12 })
  .map(list =>
    list
      .map(([start, length]): Span => [start, start + length])
      .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
  )

function foundOf(list: readonly Span[]): Found {
  const lane: Lane = {
    source: 'annotations',
    tier: null,
    count: list.length,
    textNumbers: null,
    textAt: () => '',
    placeAt: () => '',
    spans: () => ({
      ids: Float64Array.from(list, (_, at) => at + 1),
      startsMs: Float64Array.from(list, ([start]) => start),
      endsMs: Float64Array.from(list, ([, end]) => end),
    }),
  }
  return { lane, at: Int32Array.from(list, (_, at) => at) }
}

const RELATIONS = {
  shareTime: ([a, b]: Span, [start, end]: Span) => start < b && end > a,
  lieAround: ([a, b]: Span, [start, end]: Span) => start <= a && end >= b,
  lieInside: ([a, b]: Span, [start, end]: Span) => start >= a && end <= b,
  follow: ([, b]: Span, [start]: Span, mostMs: number) => start >= b && start - b <= mostMs,
  precede: ([a]: Span, [, end]: Span, mostMs: number) => end <= a && a - end <= mostMs,
}

test('answers as a look at each interval does, without the place itself where it is one of them', () => {
  fc.assert(
    fc.property(
      spans,
      fc.tuple(fc.nat(20), fc.nat(6)),
      fc.nat(5),
      fc.boolean(),
      (list, [start, length], most, isIn) => {
        const intervals = intervalsOf(foundOf(list))
        const own = isIn && list.length > 0 ? (start + length) % list.length : -1
        const place = list[own] ?? ([start, start + length] as const)
        const self = own < 0 ? { from: list.length, to: list.length } : intervals.selfAt(own)
        const given = { startMs: place[0], endMs: place[1], ...self }
        const others = list.filter((_, at) => at !== own)
        for (const [name, holds] of Object.entries(RELATIONS)) {
          const answer = intervals[name as keyof typeof RELATIONS](given, most)
          expect([name, answer]).toEqual([name, others.some(other => holds(place, other, most))])
        }
      },
    ),
    { numRuns: 2000 },
  )
})
