import type { SearchText } from '#shared/contract/search.ts'
import { asPattern } from '#shared/domain/search-text.ts'
import { matching, patternOf } from '../annotation/bulk/pattern.ts'

/** Those of the values that satisfy a text; a pattern that backtracks without end is stopped. */
export function valuesLike(values: readonly string[], text: SearchText): Set<string> {
  const isMatch = matching(values, asPattern(text))
  return new Set(values.filter((_, at) => isMatch[at] !== text.isNegated))
}

/** Where in a value the text is, for showing; nothing of it where values without the text were wanted. */
export function placeIn(value: string, text: SearchText | undefined): { from: number; to: number } {
  if (!text || text.isNegated) return { from: 0, to: 0 }
  const found = patternOf(asPattern(text)).exec(value)
  return found ? { from: found.index, to: found.index + found[0].length } : { from: 0, to: 0 }
}
