import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { principalPlane } from './principal-plane.ts'
import { distanceCount, type GroupDensity, signDensity } from './sign-density.ts'

interface Fixture {
  columns: number
  sizes: number[]
  groups: GroupDensity[]
  shares: [number, number]
  points: [number, number][]
}

const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/sign-density.json', import.meta.url), 'utf8'),
) as Fixture

/** The vectors that NumPy was given. */
function vectors({ columns, sizes }: Fixture) {
  const rows = sizes.reduce((sum, size) => sum + size, 0)
  const data = Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    return Math.sin(0.37 * (row + 1) * (column + 2)) + (row % 3 === 0 ? 0.8 : -0.2) * Math.cos(column)
  })
  return { data, columns, sizes, rows }
}

function finished<Result>(work: Generator<number, Result, void>): { result: Result; steps: number[] } {
  const steps: number[] = []
  for (;;) {
    const { done, value } = work.next()
    if (done) return { result: value, steps }
    steps.push(value)
  }
}

test('density equals NumPy, and every distance is counted once', () => {
  const { result, steps } = finished(signDensity(vectors(fixture)))
  for (const [at, group] of result.entries()) {
    const expected = fixture.groups[at]
    expect(group.nearest).toBe(expected?.nearest)
    for (const figure of ['intra', 'inter', 'ratio', 'nearestDistance'] as const)
      expect(group[figure], `${at} ${figure}`).toBeCloseTo(expected?.[figure] ?? NaN, 10)
  }
  expect(steps.at(-1)).toBe(distanceCount(fixture.sizes))
})

test('groups of one point each have ratio 0, and one point in all has none', () => {
  const apart = Float32Array.from([0, 0, 0, 0, 3, 4, 3, 4])
  const { result } = finished(signDensity({ data: apart, columns: 2, sizes: [2, 2] }))
  expect(result).toEqual([
    { intra: 0, inter: 5, ratio: 0, nearest: 1, nearestDistance: 5 },
    { intra: 0, inter: 5, ratio: 0, nearest: 0, nearestDistance: 5 },
  ])
  const same = finished(signDensity({ data: new Float32Array(8), columns: 2, sizes: [2, 2] }))
  expect(same.result.map(({ ratio }) => ratio)).toEqual([null, null])
})

test('one group, or a group of one instance, is refused', () => {
  const one = { data: new Float32Array(6), columns: 2 }
  expect(() => signDensity({ ...one, sizes: [3] }).next()).toThrow(RangeError)
  expect(() => signDensity({ ...one, sizes: [2, 1] }).next()).toThrow(RangeError)
})

test('the plane of the principal components is that of NumPy', () => {
  const { data, columns, rows } = vectors(fixture)
  const { points, shares } = principalPlane(data, rows, columns)
  for (const [at, share] of shares.entries()) expect(share).toBeCloseTo(fixture.shares[at] ?? NaN, 8)
  for (const [row, point] of fixture.points.entries())
    for (const [axis, value] of point.entries()) expect(points[2 * row + axis]).toBeCloseTo(value, 6)
})

test('vectors that do not differ lie in one point', () => {
  const { points, shares } = principalPlane(Float32Array.from([1, 2, 1, 2, 1, 2]), 3, 2)
  expect([...points]).toEqual([0, 0, 0, 0, 0, 0])
  expect(shares).toEqual([0, 0])
})
