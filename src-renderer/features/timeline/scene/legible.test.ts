import { expect, test } from 'vitest'
import { contrastOf, legible } from './legible.ts'

const DARK = '#14161a'
const parts = (colour: string) =>
  [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number]

test('contrast is that of WCAG 2.2', () => {
  expect(contrastOf([0, 0, 0], [255, 255, 255])).toBe(21)
  // The lightest grey that passes 4.5:1 on white, as WCAG's techniques have it.
  expect(contrastOf([0x76, 0x76, 0x76], [255, 255, 255])).toBeCloseTo(4.54, 2)
})

test('a dark blue of a white window is lightened on a dark ground, and stays on a light one', () => {
  expect(legible('#0000a0', '#f5f6f8', '#1a1d23')).toBe('#0000a0')
  const onDark = legible('#0000a0', DARK, '#e6e8ec')
  expect(contrastOf(parts('#0000a0'), parts(DARK))).toBeLessThan(3)
  expect(contrastOf(parts(onDark), parts(DARK))).toBeGreaterThanOrEqual(3)
  const [red, , blue] = parts(onDark)
  expect(blue).toBeGreaterThan(red + 40)
})

test('what stands out already, and what is no colour, comes back as it is', () => {
  expect(legible('#ffcc00', DARK, '#e6e8ec')).toBe('#ffcc00')
  expect(legible('teal', DARK, '#e6e8ec')).toBe('teal')
})
