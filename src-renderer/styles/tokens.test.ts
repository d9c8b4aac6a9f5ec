import { expect, test } from 'vitest'
import tokens from './tokens.css?raw'

const TEXTS = ['text', 'dim', 'faint', 'accent', 'good', 'warn', 'bad', 'violet', 'del-text', 'ins-text']
const GROUNDS = ['bg', 'panel', 'raised']
const READABLE = 4.5

function colorsOf(css: string): Map<string, string> {
  return new Map(
    [...css.matchAll(/--([\w-]+):\s*(#[\da-f]{6})\b/gi)].map(match => [match[1] ?? '', match[2] ?? '']),
  )
}

function luminance(color: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const [darkCss = '', lightCss = ''] = tokens.split("[data-theme='light']")
const dark = colorsOf(darkCss)
const light = new Map([...dark, ...colorsOf(lightCss)])

test.each([
  ['dark', dark],
  ['light', light],
])('every text colour is readable on every ground in the %s theme', (_theme, colors) => {
  const color = (name: string) => colors.get(name) ?? '#000000'
  const unreadable = TEXTS.flatMap(text =>
    GROUNDS.filter(ground => contrast(color(text), color(ground)) < READABLE).map(
      ground => `${text} on ${ground}`,
    ),
  )
  expect(unreadable).toEqual([])
  expect(contrast(color('on-accent'), color('accent'))).toBeGreaterThanOrEqual(READABLE)
})
