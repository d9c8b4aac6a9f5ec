import type { SearchText } from '#shared/contract/search.ts'
import { asPattern } from '#shared/domain/search-text.ts'
import { createMatcher, patternOf } from '../annotation/bulk/pattern.ts'
import type { Lane } from './lane.ts'
import type { SearchTexts } from './search-texts.ts'

/** Tells which positions of a lane have a text as wanted; a pattern that backtracks without end is stopped. */
export function createTextTest(texts: SearchTexts, text: SearchText) {
  const matches = createMatcher(asPattern(text))
  /** By number of the text, as far as texts have been tried. */
  const isWanted: boolean[] = []

  function tryNext(): void {
    for (const isMatch of matches(texts.blockFrom(isWanted.length))) isWanted.push(isMatch !== text.isNegated)
  }

  return (lane: Lane): ((at: number) => boolean) => {
    const { count, textNumbers, textAt } = lane
    if (!textNumbers) {
      const isMatch = matches(Array.from({ length: count }, (_, at) => textAt(at)))
      return at => isMatch[at] !== text.isNegated
    }
    return at => {
      const number = textNumbers[at]!
      while (number >= isWanted.length) tryNext()
      return isWanted[number]!
    }
  }
}

export type TextTest = ReturnType<typeof createTextTest>

/** Where in a value the text is, for showing; nothing of it where values without the text were wanted. */
export function placeIn(value: string, text: SearchText | undefined): { from: number; to: number } {
  if (!text || text.isNegated) return { from: 0, to: 0 }
  const found = patternOf(asPattern(text)).exec(value)
  return found ? { from: found.index, to: found.index + found[0].length } : { from: 0, to: 0 }
}
