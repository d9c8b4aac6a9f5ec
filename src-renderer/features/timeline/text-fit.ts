/** Width of a text in pixels. */
export type Measure = (text: string) => number

const MOST_KEPT = 5000

/** Remembers widths: measuring is the slowest part of drawing many annotations. */
export function rememberingMeasure(measure: Measure): Measure {
  const known = new Map<string, number>()
  return text => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size >= MOST_KEPT) known.clear()
    const width = measure(text)
    known.set(text, width)
    return width
  }
}

/** The longest beginning of a text that fits, with an ellipsis; empty where not even one sign does. */
export function fitText(text: string, width: number, measure: Measure): string {
  if (width <= 0 || text === '') return ''
  if (measure(text) <= width) return text
  const signs = [...text]
  let low = 0
  let high = signs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (measure(`${signs.slice(0, middle).join('')}…`) <= width) low = middle
    else high = middle - 1
  }
  return low === 0 ? '' : `${signs.slice(0, low).join('').trimEnd()}…`
}
