/** Width of a text in pixels. */
export type Measure = (text: string) => number

/** The longest beginning of a text that fits, with an ellipsis; empty where not even one sign does. */
export type FitText = (text: string, width: number) => string

const MOST_KEPT = 5000

interface Measured {
  /** The text in signs: never cut inside one. */
  signs: readonly string[]
  /** Width of the first n + 1 signs. */
  widths: Float32Array
}

/** Measures each text once, sign by sign; every later width of its box is a search in what is known. */
export function createTextFitter(measure: Measure): FitText {
  const known = new Map<string, Measured>()
  const ellipsis = measure('…')

  function measured(text: string): Measured {
    const found = known.get(text)
    if (found) return found
    if (known.size >= MOST_KEPT) known.clear()
    const signs = [...text.replaceAll('\n', ' ')]
    let start = ''
    const widths = Float32Array.from(signs, sign => measure((start += sign)))
    const fresh = { signs, widths }
    known.set(text, fresh)
    return fresh
  }

  return (text, width) => {
    if (width <= 0 || text === '') return ''
    const { signs, widths } = measured(text)
    if ((widths.at(-1) ?? 0) <= width) return signs.join('')
    let length = signs.length - 1
    while (length > 0 && (widths[length - 1] ?? 0) + ellipsis > width) length -= 1
    return length === 0 ? '' : `${signs.slice(0, length).join('').trimEnd()}…`
  }
}
