import type { GlossEffect, VocabularyGloss } from '#shared/contract/pseudo-gloss.ts'
import { UPOS, type Upos } from '#shared/domain/pos.ts'
import type { GlossIndex } from './gloss-index.ts'
import type { GlossLens } from './gloss-lens.ts'
import type { ReferenceRow, TaggingRecord } from './pseudo-gloss.queries.ts'
import type { Inputs } from './gloss-inputs.ts'

interface EffectFacts {
  corrections: number
  taggings: readonly TaggingRecord[]
  splits: readonly string[]
  isOther: (row: ReferenceRow) => boolean
}

export function effectOf(index: GlossIndex, lens: GlossLens, facts: EffectFacts): GlossEffect {
  const { counted, rare, frequent, vocabulary, setting } = lens
  const imported = new Set(facts.taggings.filter(({ isImported }) => isImported === 1).map(({ id }) => id))
  const own = new Set(setting.splits)
  const outside = own.size === 0 ? [] : facts.splits.filter(split => !own.has(split))
  const all = outside.length === 0 ? counted : lens.countOver(() => true)
  const known = new Set(vocabulary)
  return {
    sentences: counted.sentences,
    uniqueSentences: counted.unique,
    untagged: index.rows.filter(({ taggingId }) => taggingId === null).length,
    otherTagger: index.rows.filter(row => row.taggingId !== null && facts.isOther(row)).length,
    tokens: counted.tokens,
    kept: counted.kept,
    vocabulary: vocabulary.length,
    meanPerSentence: counted.sentences === 0 ? 0 : counted.kept / counted.sentences,
    sentencesWithout: counted.sentencesWithout,
    frequent: [...frequent].sort(),
    rare: rare.size,
    corrections: facts.corrections,
    imported: index.rows.filter(({ taggingId }) => imported.has(taggingId ?? 0)).length,
    leak: {
      vocabulary: all.counts.size,
      onlyOutside: [...all.counts.keys()].filter(gloss => !known.has(gloss) && !rare.has(gloss)).length,
      splits: outside,
    },
    pos: posCounts(index),
  }
}

function posCounts({ words, tokens }: GlossIndex): GlossEffect['pos'] {
  const numbers = new Map(UPOS.map((pos, at) => [pos, at]))
  const byWord = Int32Array.from(words, ({ pos }) => (pos === null ? -1 : (numbers.get(pos) ?? -1)))
  const counts = new Int32Array(UPOS.length)
  for (const token of tokens) {
    const at = byWord[token] ?? -1
    if (at >= 0) counts[at] = (counts[at] ?? 0) + 1
  }
  return UPOS.map((pos, at) => ({ pos, tokens: counts[at] ?? 0 }))
}

const ORDERS: Record<
  NonNullable<Inputs['vocabulary']['sort']>,
  (a: VocabularyGloss, b: VocabularyGloss) => number
> = {
  gloss: (a, b) => a.id - b.id,
  count: (a, b) => a.count - b.count || b.id - a.id,
  documents: (a, b) => a.documents - b.documents || b.id - a.id,
  pos: (a, b) => (a.pos ?? '').localeCompare(b.pos ?? '') || b.id - a.id,
}

export function vocabularyOf(
  index: GlossIndex,
  lens: GlossLens,
  { text = '', sort = 'count', descending = true, offset = 0, limit = 200 }: Inputs['vocabulary'],
): { total: number; rows: VocabularyGloss[]; line: number } {
  const { counted, vocabulary, frequent, setting } = lens
  const pos = commonestPos(index, lens)
  const wanted = text.trim().toLowerCase()
  const rows = vocabulary.flatMap((gloss, id): VocabularyGloss[] => {
    if (wanted !== '' && !gloss.toLowerCase().includes(wanted)) return []
    const count = counted.counts.get(gloss) ?? 0
    return [
      {
        gloss,
        id,
        count,
        documents: counted.documents.get(gloss) ?? 0,
        share: counted.unique === 0 ? 0 : count / counted.unique,
        isTarget: !frequent.has(gloss),
        pos: pos.get(gloss) ?? null,
      },
    ]
  })
  const order = ORDERS[sort]
  rows.sort((a, b) => (descending ? order(b, a) : order(a, b)))
  const line = setting.rule.mostShare * counted.unique
  return { total: rows.length, rows: rows.slice(offset, offset + limit), line }
}

/** A gloss may come from words of several parts of speech; the one that most of its words have. */
function commonestPos(index: GlossIndex, lens: GlossLens): Map<string, Upos> {
  const times = new Int32Array(index.words.length)
  for (const token of index.tokens) times[token] = (times[token] ?? 0) + 1
  const best = new Map<string, { pos: Upos; times: number }>()
  index.words.forEach((word, at) => {
    const gloss = lens.decider.byWord[at]?.gloss ?? ''
    const known = best.get(gloss)
    if (word.pos !== null && (!known || known.times < (times[at] ?? 0)))
      best.set(gloss, { pos: word.pos, times: times[at] ?? 0 })
  })
  return new Map([...best].map(([gloss, { pos }]) => [gloss, pos]))
}
