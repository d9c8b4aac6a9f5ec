import { createInterner, emptyTokens, internWords, reserve, type Tokens } from './interner.ts'
import { defineMetric, inDouble, type Metric, type Rounding } from './metric.ts'
import { NgramTable } from './ngram-table.ts'
import { isPythonSpace, pythonSplit } from './python-text.ts'

export interface ChrfOptions {
  /** The longest character n-gram. */
  charOrder?: number
  /** The longest word n-gram; 2 makes it chrF++. */
  wordOrder?: number
  beta?: number
  lowercase?: boolean
  /** Counts white space as characters too. */
  whitespace?: boolean
  /** Smooths empty orders by 1e-16 as chrF++.py does, instead of leaving them out. */
  epsSmoothing?: boolean
}

export interface ChrfDetails {
  charOrder: number
  wordOrder: number
  beta: number
}

/** A text as numbers: its characters and, for chrF++, its words. */
interface Text {
  characters: Tokens
  words: Tokens
}

/** A reference also has the n-grams that a hypothesis is compared with. */
interface Reference extends Text {
  characterNgrams: NgramTable
  wordNgrams: NgramTable
  characterMatches: Int32Array
  wordMatches: Int32Array
}

/** chrF and chrF++ (Popović 2015, 2017) as sacreBLEU 2.6.0 computes them. Statistics per order: `[hyp, ref, match]`. */
export function chrf(options: ChrfOptions = {}): Metric<ChrfDetails> {
  const { charOrder = 6, wordOrder = 0, beta = 2, lowercase = false } = options
  const { whitespace = false, epsSmoothing = false } = options
  const columns = 3 * (charOrder + wordOrder)
  const interner = createInterner()
  const pool: Reference[] = []
  const hypothesis = emptyText()
  const candidate = new Float64Array(columns)
  let referenceCount = 0

  function read(text: string, into: Text): void {
    const cased = lowercase ? text.toLowerCase() : text
    writeCharacters(cased, whitespace, into.characters)
    if (wordOrder > 0) internWords(interner, wordsWithoutPunctuation(cased), into.words)
  }

  function prepare(references: readonly string[]): void {
    interner.startSegment()
    referenceCount = references.length
    references.forEach((text, i) => {
      const reference = (pool[i] ??= emptyReference(charOrder, wordOrder))
      read(text, reference)
      indexNgrams(reference)
    })
  }

  /** The reference with the highest F of its own counts; the first one wins a tie. */
  function compare(text: string, into: Float64Array, offset: number): void {
    read(text, hypothesis)
    let best = -1
    for (let i = 0; i < referenceCount; i++) {
      countMatches(hypothesis, pool[i]!, candidate)
      const score = referenceCount === 1 ? 0 : fScore(candidate, beta, epsSmoothing)
      if (score <= best) continue
      best = score
      into.set(candidate, offset)
    }
  }

  return defineMetric({
    name: `chrF${beta}${'+'.repeat(wordOrder)}`,
    signatureKeys: `case:${lowercase ? 'lc' : 'mixed'}|eff:${epsSmoothing ? 'no' : 'yes'}|nc:${charOrder}|nw:${wordOrder}|space:${whitespace ? 'yes' : 'no'}`,
    columns,
    prepare,
    compare,
    evaluate: (total, round) => ({
      score: fScore(total, beta, epsSmoothing, round),
      details: { charOrder, wordOrder, beta },
    }),
  })
}

const emptyText = (): Text => ({ characters: emptyTokens(), words: emptyTokens() })

function emptyReference(charOrder: number, wordOrder: number): Reference {
  return {
    ...emptyText(),
    characterNgrams: new NgramTable(charOrder),
    wordNgrams: new NgramTable(wordOrder),
    characterMatches: new Int32Array(charOrder),
    wordMatches: new Int32Array(wordOrder),
  }
}

function indexNgrams({ characters, words, characterNgrams, wordNgrams, wordMatches }: Reference): void {
  characterNgrams.reset(characters.length)
  characterNgrams.add(characters)
  if (wordMatches.length === 0) return
  wordNgrams.reset(words.length)
  wordNgrams.add(words)
}

function countMatches(hypothesis: Text, reference: Reference, into: Float64Array): void {
  const { characters, words, characterMatches, wordMatches } = reference
  reference.characterNgrams.match(hypothesis.characters, characterMatches)
  writeCounts(into, 0, hypothesis.characters.length, characters.length, characterMatches)
  if (wordMatches.length === 0) return
  reference.wordNgrams.match(hypothesis.words, wordMatches)
  writeCounts(into, 3 * characterMatches.length, hypothesis.words.length, words.length, wordMatches)
}

/** Writes code points, leaving out white space unless it counts. */
function writeCharacters(text: string, whitespace: boolean, into: Tokens): void {
  const buffer = reserve(into, text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (!whitespace && isPythonSpace(code)) continue
    if (code >= 0xd800 && code < 0xdc00) {
      const full = text.codePointAt(i)!
      if (full > 0xffff) i += 1
      buffer[length++] = full
    } else {
      buffer[length++] = code
    }
  }
  into.length = length
}

const isAsciiPunctuation = (code: number) =>
  (code >= 0x21 && code <= 0x2f) ||
  (code >= 0x3a && code <= 0x40) ||
  (code >= 0x5b && code <= 0x60) ||
  (code >= 0x7b && code <= 0x7e)

/** Words with one mark split off: the last character, else the first ("(hi)" is "(hi" and ")", as in chrF++.py). */
function wordsWithoutPunctuation(text: string): string[] {
  const words: string[] = []
  for (const word of pythonSplit(text)) {
    if (word.length === 1) words.push(word)
    else if (isAsciiPunctuation(word.charCodeAt(word.length - 1)))
      words.push(word.slice(0, -1), word.slice(-1))
    else if (isAsciiPunctuation(word.charCodeAt(0))) words.push(word.slice(0, 1), word.slice(1))
    else words.push(word)
  }
  return words
}

/** Hypothesis n-grams do not count in an order that the reference is too short for. */
function writeCounts(
  into: Float64Array,
  offset: number,
  hypothesisLength: number,
  referenceLength: number,
  matches: Int32Array,
): void {
  for (let n = 0; n < matches.length; n++) {
    const ofReference = Math.max(0, referenceLength - n)
    into[offset + 3 * n] = ofReference > 0 ? Math.max(0, hypothesisLength - n) : 0
    into[offset + 3 * n + 1] = ofReference
    into[offset + 3 * n + 2] = matches[n]!
  }
}

const EPSILON = 1e-16

/** F-beta in percent; the order of operations is sacreBLEU's, so that doubles are equal to the last bit. */
function fScore(
  statistics: ArrayLike<number>,
  beta: number,
  epsSmoothing: boolean,
  round: Rounding = inDouble,
): number {
  const factor = beta ** 2
  const orders = statistics.length / 3
  let sum = 0
  let effectiveOrders = 0
  let precision = 0
  let recall = 0
  for (let order = 0; order < orders; order++) {
    const hypothesis = statistics[3 * order]!
    const reference = statistics[3 * order + 1]!
    const matched = statistics[3 * order + 2]!
    const p = hypothesis > 0 ? round(matched / hypothesis) : EPSILON
    const r = reference > 0 ? round(matched / reference) : EPSILON
    if (epsSmoothing) sum = round(sum + weightedF(p, r, factor, round))
    if (hypothesis === 0 || reference === 0) continue
    precision = round(precision + p)
    recall = round(recall + r)
    effectiveOrders += 1
  }
  if (epsSmoothing) return round(round(100 * sum) / orders)
  if (effectiveOrders === 0 || precision + recall === 0) return 0
  precision = round(precision / effectiveOrders)
  recall = round(recall / effectiveOrders)
  return round(100 * weightedF(precision, recall, factor, round))
}

function weightedF(precision: number, recall: number, factor: number, round: Rounding): number {
  const denominator = round(round(factor * precision) + recall)
  return denominator > 0 ? round(round(round((1 + factor) * precision) * recall) / denominator) : EPSILON
}
