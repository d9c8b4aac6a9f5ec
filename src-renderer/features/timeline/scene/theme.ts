import { legible } from './legible.ts'

export const THEME_NAMES = [
  'bg',
  'panel',
  'raised',
  'line',
  'line-strong',
  'text',
  'dim',
  'faint',
  'accent',
  'good',
  'warn',
  'violet',
  'bad',
  'font',
] as const
export type Theme = Readonly<Record<(typeof THEME_NAMES)[number], string>>

const HUES = ['good', 'warn', 'accent', 'violet', 'bad'] as const

/** The colour of a row: its own, as far from the ground as shapes have to be to be seen, else that of its hue. */
export function colourOf(theme: Theme, { hue, colour }: { hue: number; colour: string | null }): string {
  return colour === null ? hueOf(theme, hue) : legible(colour, theme.bg, theme.text)
}

/** A position in the palette of tier colours as a colour. */
export function hueOf(theme: Theme, hue: number): string {
  return theme[HUES[hue % HUES.length] ?? 'accent']
}

/** A colour of the design tokens by its name; undefined for what is none. */
export function namedColour(theme: Theme, name: string | undefined): string | undefined {
  return HUES.find(hue => hue === name) && theme[name as (typeof HUES)[number]]
}
