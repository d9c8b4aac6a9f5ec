import { expect, test, vi } from 'vitest'
import { createTextFitter } from './text-fit.ts'

const tenEach = (text: string) => [...text].length * 10

test('cuts at the last sign that leaves room for an ellipsis', () => {
  const fit = createTextFitter(tenEach)
  expect([fit('SONNE', 50), fit('SONNE', 49), fit('viel sonne', 60), fit('SONNE', 19), fit('', 100)]).toEqual(
    ['SONNE', 'SON…', 'viel…', '', ''],
  )
})

test('never cuts through a sign outside the basic plane, and shows line breaks as blanks', () => {
  const fit = createTextFitter(tenEach)
  expect([fit('𠮷𠮷𠮷', 20), fit('a\nb', 30)]).toEqual(['𠮷…', 'a b'])
})

test('measures each text once, however often its box changes', () => {
  const measure = vi.fn(tenEach)
  const fit = createTextFitter(measure)
  fit('WOLKE', 30)
  const calls = measure.mock.calls.length
  expect([fit('WOLKE', 20), fit('WOLKE', 40), fit('WOLKE', 50), measure.mock.calls.length]).toEqual([
    'W…',
    'WOL…',
    'WOLKE',
    calls,
  ])
})
