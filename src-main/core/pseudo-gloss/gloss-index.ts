import type { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'
import type { ReferenceId } from '#shared/contract/ids.ts'
import type { TaggedWord } from '#shared/domain/pseudo-gloss.ts'
import type { ReadDb } from '../../db/types.ts'
import { listReferences, readWords, type ReferenceRow, type StoredWord } from './pseudo-gloss.queries.ts'

/**
 * All sentences of a language in numbers: a corpus of 100,000 sentences has some million words and a few ten thousand
 * different ones, and a rule decides on the different ones.
 */
export interface GlossIndex {
  rows: readonly ReferenceRow[]
  /** Different (surface, lemma, part of speech). */
  words: readonly TaggedWord[]
  /** Row `at` has the tokens [starts[at], starts[at + 1]). */
  starts: Int32Array
  /** Place in `words`, token by token. */
  tokens: Int32Array
  /** 1 where the tagger was unsure, token by token. */
  unsure: Uint8Array
}

const BATCH = 2000

/** Lets others have their turn between batches; stops where `isWanted` says so. */
export async function readIndex(
  db: ReadDb,
  language: GlossLanguage,
  isWanted: () => boolean,
): Promise<GlossIndex | null> {
  const rows = listReferences(db, language)
  const build = createBuild(rows.length)
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH)
    const tagged = batch.flatMap(({ referenceId, taggingId }) => (taggingId === null ? [] : [referenceId]))
    const words = readWords(db, tagged)
    for (const { referenceId } of batch) build.add(words.get(referenceId) ?? [])
    await new Promise(resolve => setImmediate(resolve))
    if (!isWanted()) return null
  }
  return { rows, ...build.finish() }
}

/** Of sentences that are not in the corpus, or not stored. */
export function indexOf(
  sentences: readonly { row: ReferenceRow; words: readonly StoredWord[] }[],
): GlossIndex {
  const build = createBuild(sentences.length)
  for (const { words } of sentences) build.add(words)
  return { rows: sentences.map(({ row }) => row), ...build.finish() }
}

function createBuild(rows: number) {
  const words: TaggedWord[] = []
  const numbers = new Map<string, number>()
  const starts = new Int32Array(rows + 1)
  let tokens = new Int32Array(1024)
  let unsure = new Uint8Array(1024)
  let [row, count] = [0, 0]

  function numberOf([surface, lemma, pos]: StoredWord): number {
    const key = `${pos ?? ''}\t${surface}\t${lemma}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = words.push({ surface, lemma, pos }) - 1
    numbers.set(key, number)
    return number
  }

  function add(sentence: readonly StoredWord[]): void {
    if (count + sentence.length > tokens.length) grow(count + sentence.length)
    for (const word of sentence) {
      tokens[count] = numberOf(word)
      unsure[count] = word[3]
      count += 1
    }
    starts[(row += 1)] = count
  }

  function grow(least: number): void {
    const size = Math.max(least, tokens.length * 2)
    const moreTokens = new Int32Array(size)
    moreTokens.set(tokens)
    tokens = moreTokens
    const moreUnsure = new Uint8Array(size)
    moreUnsure.set(unsure)
    unsure = moreUnsure
  }

  const finish = () => ({
    words,
    starts,
    tokens: tokens.subarray(0, count),
    unsure: unsure.subarray(0, count),
  })
  return { add, finish }
}

export function rowOf(index: GlossIndex, id: ReferenceId): number {
  return index.rows.findIndex(({ referenceId }) => referenceId === id)
}
