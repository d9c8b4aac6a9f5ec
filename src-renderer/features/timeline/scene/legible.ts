type Rgb = readonly [number, number, number]

/** WCAG 2.2, 1.4.11: what shows where something is stands out by at least this. */
const LEAST_CONTRAST = 3
const STEPS = 20

const known = new Map<string, string>()

/**
 * A colour that was chosen for another ground, brought as far towards the text colour as it takes to be seen on this
 * one. All are `#rrggbb`; what is none comes back as it is.
 */
export function legible(colour: string, ground: string, text: string): string {
  const key = `${colour} ${ground} ${text}`
  const before = known.get(key)
  if (before !== undefined) return before
  const found = towards(colour, ground, text)
  known.set(key, found)
  return found
}

function towards(colour: string, ground: string, text: string): string {
  const [from, behind, to] = [rgbOf(colour), rgbOf(ground), rgbOf(text)]
  if (!from || !behind || !to) return colour
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(from, to, step / STEPS)
    if (contrastOf(mixed, behind) >= LEAST_CONTRAST) return hexOf(mixed)
  }
  return text
}

function rgbOf(colour: string): Rgb | null {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour)?.[1]
  if (digits === undefined) return null
  const part = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16)
  return [part(0), part(2), part(4)]
}

function hexOf(parts: Rgb): string {
  return `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (at: 0 | 1 | 2) => Math.round(from[at] + (to[at] - from[at]) * share)
  return [part(0), part(1), part(2)]
}

/** WCAG 2.2, relative luminance and contrast ratio. */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [a, b] = [luminanceOf(one), luminanceOf(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminanceOf(parts: Rgb): number {
  const [r, g, b] = parts.map(part => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
