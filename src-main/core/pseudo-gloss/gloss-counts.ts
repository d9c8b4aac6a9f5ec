import type { GlossDecider } from './gloss-decider.ts'
import type { GlossIndex } from './gloss-index.ts'

export interface GlossCounts {
  /** Occurrences, repeats included. */
  counts: ReadonlyMap<string, number>
  /** Sentences that have it. */
  documents: ReadonlyMap<string, number>
  /** Tagged ones. */
  sentences: number
  /** Different ones among them. */
  unique: number
  tokens: number
  /** Glosses with repeats. */
  kept: number
  sentencesWithout: number
}

/** Counts by numbers of glosses: the words of a large corpus are looked at one by one whenever a rule changes. */
export function countGlosses(
  index: GlossIndex,
  decider: GlossDecider,
  isCounted: (split: string) => boolean,
): GlossCounts {
  const tally = createTally()
  const byWord = Int32Array.from(decider.byWord, ({ gloss, isKept }) => (isKept ? tally.numberOf(gloss) : -1))
  const texts = new Set<string>()
  let [sentences, kept, sentencesWithout, tokens] = [0, 0, 0, 0]
  index.rows.forEach(({ split, text, taggingId }, row) => {
    if (taggingId === null || !isCounted(split)) return
    const [from, to] = [index.starts[row] ?? 0, index.starts[row + 1] ?? 0]
    sentences += 1
    texts.add(text)
    tokens += to - from
    let here = 0
    if (decider.hasOwn(row)) {
      for (const { gloss, isKept } of decider.at(row))
        if (isKept) here += tally.add(tally.numberOf(gloss), row)
    } else
      for (let at = from; at < to; at++) {
        const number = byWord[index.tokens[at] ?? 0] ?? -1
        if (number >= 0) here += tally.add(number, row)
      }
    kept += here
    if (here === 0) sentencesWithout += 1
  })
  return { ...tally.finish(), sentences, unique: texts.size, tokens, kept, sentencesWithout }
}

function createTally() {
  const glosses: string[] = []
  const numbers = new Map<string, number>()
  const counts: number[] = []
  const documents: number[] = []
  const lastRow: number[] = []

  function numberOf(gloss: string): number {
    const known = numbers.get(gloss)
    if (known !== undefined) return known
    const number = glosses.push(gloss) - 1
    numbers.set(gloss, number)
    counts.push(0)
    documents.push(0)
    lastRow.push(-1)
    return number
  }

  function add(number: number, row: number): 1 {
    counts[number] = (counts[number] ?? 0) + 1
    if (lastRow[number] !== row) {
      lastRow[number] = row
      documents[number] = (documents[number] ?? 0) + 1
    }
    return 1
  }

  function finish() {
    const met = glosses.map((gloss, at) => [gloss, at] as const).filter(([, at]) => (counts[at] ?? 0) > 0)
    return {
      counts: new Map(met.map(([gloss, at]) => [gloss, counts[at] ?? 0])),
      documents: new Map(met.map(([gloss, at]) => [gloss, documents[at] ?? 0])),
    }
  }

  return { numberOf, add, finish }
}
