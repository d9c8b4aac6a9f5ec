import type { GlossSetting, GlossToken } from '#shared/contract/pseudo-gloss.ts'
import type { ReferenceId } from '#shared/contract/ids.ts'
import { type GlossDecision, glossDecider, type TaggedWord } from '#shared/domain/pseudo-gloss.ts'
import type { GlossIndex } from './gloss-index.ts'
import type { CorrectionRecord } from './pseudo-gloss.queries.ts'

/** What a user says of a word: everywhere, or in one sentence. */
export interface Corrections {
  everywhere: ReadonlyMap<string, CorrectionRecord>
  bySentence: ReadonlyMap<ReferenceId, readonly CorrectionRecord[]>
}

export function sortCorrections(records: readonly CorrectionRecord[]): Corrections {
  const everywhere = new Map<string, CorrectionRecord>()
  const bySentence = new Map<ReferenceId, CorrectionRecord[]>()
  for (const record of records)
    if (record.referenceId === null) everywhere.set(record.surface, record)
    else {
      const known = bySentence.get(record.referenceId)
      if (known) known.push(record)
      else bySentence.set(record.referenceId, [record])
    }
  return { everywhere, bySentence }
}

export interface Decided {
  surface: string
  /** With what users said of them. */
  lemma: string
  pos: TaggedWord['pos']
  gloss: string
  isKept: boolean
  reason: GlossToken['reason']
  corrected: GlossToken['corrected']
}

export interface GlossDecider {
  /** Of each different word of the index, before anything that was said of single sentences. */
  byWord: readonly Decided[]
  hasOwn: (row: number) => boolean
  /** Of the words of a sentence, in order. */
  at: (row: number) => Decided[]
  /** Words of corrections that the sentence does not have. */
  unplaced: (row: number) => string[]
}

/** What the rule and the users say of each word; how often its gloss occurs is not looked at. */
export function createDecider(
  index: GlossIndex,
  setting: GlossSetting,
  { everywhere, bySentence }: Corrections,
): GlossDecider {
  const decide = glossDecider(setting.rule, setting.language)
  const byWord = index.words.map(word => {
    const said = everywhere.get(word.surface)
    return said ? corrected(word, said, 'everywhere', decide) : plain(word, decide(word))
  })

  const wordsAt = (row: number) => index.tokens.subarray(index.starts[row] ?? 0, index.starts[row + 1] ?? 0)
  const saidOf = (row: number) => {
    const id = index.rows[row]?.referenceId
    return (id !== undefined && bySentence.get(id)) || []
  }

  function at(row: number): Decided[] {
    const words = wordsAt(row)
    const list = Array.from(words, word => byWord[word] as Decided)
    for (const said of saidOf(row)) {
      const place = placeOf(list, said)
      const word = list[place]
      // What holds everywhere holds here too, where nothing else was said here.
      if (word) list[place] = corrected(word, said, 'here', decide)
    }
    return list
  }

  function unplaced(row: number): string[] {
    const said = saidOf(row)
    if (said.length === 0) return []
    const list = at(row)
    return said.filter(each => placeOf(list, each) === -1).map(({ surface }) => surface)
  }

  return { byWord, hasOwn: row => saidOf(row).length > 0, at, unplaced }
}

function placeOf(list: readonly Decided[], { surface, occurrence }: CorrectionRecord): number {
  let seen = -1
  return list.findIndex(word => {
    if (word.surface !== surface) return false
    seen += 1
    return seen === occurrence
  })
}

function plain({ surface, lemma, pos }: TaggedWord, decision: GlossDecision): Decided {
  return { surface, lemma, pos, ...decision, corrected: null }
}

function corrected(
  word: TaggedWord,
  said: CorrectionRecord,
  where: 'here' | 'everywhere',
  decide: (word: TaggedWord) => GlossDecision,
): Decided {
  const { surface } = word
  const [lemma, pos] = [said.lemma ?? word.lemma, said.pos ?? word.pos]
  // A lemma that somebody typed is the gloss, also where the rule goes by the words as they are.
  const decision = decide({ surface: said.lemma ?? surface, lemma, pos })
  const isKept = said.isKept === null ? decision.isKept : said.isKept === 1
  const reason = isKept === decision.isKept ? decision.reason : 'corrected'
  return { surface, lemma, pos, gloss: decision.gloss, isKept, reason, corrected: where }
}
