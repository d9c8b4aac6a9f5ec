import type { GlossSetting, GlossToken } from '#shared/contract/pseudo-gloss.ts'
import { countGlosses, type GlossCounts } from './gloss-counts.ts'
import { type Corrections, createDecider, type GlossDecider } from './gloss-decider.ts'
import type { GlossIndex } from './gloss-index.ts'

/** How a setting and the corrections make a corpus look. */
export interface GlossLens {
  setting: GlossSetting
  decider: GlossDecider
  /** Over the splits of the setting. */
  counted: GlossCounts
  /** Too rare for the vocabulary. */
  rare: ReadonlySet<string>
  /** Too frequent for a target. */
  frequent: ReadonlySet<string>
  /** Every gloss that training may meet, sorted: a gloss's place is its id. */
  vocabulary: readonly string[]
  tokensOf: (row: number) => GlossToken[]
  /** With repeats. */
  glossesOf: (row: number) => string[]
  countOver: (isCounted: (split: string) => boolean) => GlossCounts
}

export function createLens(index: GlossIndex, setting: GlossSetting, corrections: Corrections): GlossLens {
  const decider = createDecider(index, setting, corrections)
  const countOver = (isCounted: (split: string) => boolean) => countGlosses(index, decider, isCounted)
  const own = new Set(setting.splits)
  const counted = countOver(split => own.size === 0 || own.has(split))
  const { rare, frequent } = linesOf(setting, counted)
  const vocabulary = [...counted.counts.keys()].filter(gloss => !rare.has(gloss)).sort()

  function tokensOf(row: number): GlossToken[] {
    const from = index.starts[row] ?? 0
    const seen = new Map<string, number>()
    return decider.at(row).map(({ gloss, isKept, reason, ...word }, at) => {
      const occurrence = seen.get(word.surface) ?? 0
      seen.set(word.surface, occurrence + 1)
      const isRare = isKept && rare.has(gloss)
      const isFrequent = isKept && frequent.has(gloss)
      return {
        ...word,
        occurrence,
        gloss: isKept && !isRare ? gloss : null,
        reason: isRare ? 'rare' : isFrequent ? 'frequent' : reason,
        isUnsure: word.corrected === null && index.unsure[from + at] === 1,
      }
    })
  }

  const glossesOf = (row: number) =>
    decider.at(row).flatMap(({ gloss, isKept }) => (isKept && !rare.has(gloss) ? [gloss] : []))

  return { setting, decider, counted, rare, frequent, vocabulary, tokensOf, glossesOf, countOver }
}

/** The loaders of the release compare occurrences, repeats included, with the number of different sentences. */
function linesOf({ rule }: GlossSetting, { counts, unique }: GlossCounts) {
  const rare = new Set<string>()
  const frequent = new Set<string>()
  const line = rule.mostShare < 1 ? rule.mostShare : Infinity
  for (const [gloss, times] of counts)
    if (times < rule.leastCount) rare.add(gloss)
    else if (unique > 0 && times / unique >= line) frequent.add(gloss)
  return { rare, frequent }
}
