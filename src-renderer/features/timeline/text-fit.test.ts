import { expect, test, vi } from 'vitest'
import { fitText, rememberingMeasure } from './text-fit.ts'

const tenEach = (text: string) => [...text].length * 10

test('cuts at the last sign that leaves room for an ellipsis', () => {
  expect([
    fitText('SONNE', 50, tenEach),
    fitText('SONNE', 49, tenEach),
    fitText('viel sonne', 60, tenEach),
    fitText('SONNE', 19, tenEach),
    fitText('', 100, tenEach),
  ]).toEqual(['SONNE', 'SON…', 'viel…', '', ''])
})

test('never cuts through a sign outside the basic plane', () => {
  expect(fitText('𠮷𠮷𠮷', 20, tenEach)).toBe('𠮷…')
})

test('measures each text once', () => {
  const measure = vi.fn(tenEach)
  const remembering = rememberingMeasure(measure)
  expect([remembering('WOLKE'), remembering('WOLKE'), measure.mock.calls.length]).toEqual([50, 50, 1])
})
