import type { LintCheck } from '#shared/contract/evaluation.ts'
import { pythonSplit, pythonStrip } from '../python-text.ts'
import { ENTITY, INVISIBLE, type RoundTrip, SPACE_BEFORE_MARK, toHalfWidth } from '../recipes/prepare-text.ts'
import { isUnspaced } from '../tokenizers.ts'
import { isOtherLanguage } from './wrong-language.ts'

/** Several systems over the same segments, before anything is done to them. */
export interface LintedText {
  /** Per segment. */
  references: readonly (readonly string[])[]
  /** Per system, then per segment. */
  hypotheses: readonly (readonly string[])[]
  /** Of the text (BCP 47). */
  language: string
  /** References of the training data; empty where there are none. */
  training: readonly string[]
  roundTrip?: RoundTrip | undefined
}

export interface Hit {
  row: number
  side: 'reference' | 'hypothesis' | 'both'
  /** Position of the system; null where the reference alone has the defect. */
  system: number | null
  text: string
  /** What it is held against, where it takes two texts to see it. */
  other: string | null
}

type Check = (text: LintedText) => Iterable<Hit>

const matches = (pattern: RegExp, text: string) => {
  pattern.lastIndex = 0
  return pattern.test(text)
}

/** A defect that a sentence has by itself. */
const inSentences = (hasDefect: (sentence: string, text: LintedText) => boolean): Check =>
  function* sentences(text) {
    for (const [row, references] of text.references.entries())
      for (const sentence of references)
        if (hasDefect(sentence, text))
          yield { row, side: 'reference', system: null, text: sentence, other: null }
    for (const [system, hypotheses] of text.hypotheses.entries())
      for (const [row, sentence] of hypotheses.entries())
        if (hasDefect(sentence, text)) yield { row, side: 'hypothesis', system, text: sentence, other: null }
  }

/** A defect between an output and every reference of its segment. */
const inPairs = (differ: (hypothesis: string, reference: string, text: LintedText) => boolean): Check =>
  function* pairs(text) {
    for (const [system, hypotheses] of text.hypotheses.entries())
      for (const [row, hypothesis] of hypotheses.entries()) {
        const references = text.references[row] ?? []
        if (references.length > 0 && references.every(reference => differ(hypothesis, reference, text)))
          yield { row, side: 'both', system, text: hypothesis, other: references[0] ?? null }
      }
  }

const isEmpty = (sentence: string) => pythonStrip(sentence) === ''
const OTHER_END = /[!?…！？;:；：,，]["'”’»）)]?\s*$/u

const STOP_AND_QUOTES = /[.。．｡]["'”’»」』）)]*\s*$/u

/** One of two sentences ends in a full stop, and the other in no mark at all. */
function stopsDiffer(a: string, b: string): boolean {
  if (isEmpty(a) || isEmpty(b)) return false
  const [hasStop, lacksStop] = STOP_AND_QUOTES.test(a) ? [a, b] : [b, a]
  return STOP_AND_QUOTES.test(hasStop) && !STOP_AND_QUOTES.test(lacksStop) && !OTHER_END.test(lacksStop)
}

/** A full-width mark here is half-width there, or the other way round. */
function widthsDiffer(a: string, b: string): boolean {
  const [inA, inB] = [new Set(a), new Set(b)]
  const crosses = (one: Set<string>, other: Set<string>) =>
    [...one].some(character => {
      const half = toHalfWidth(character)
      return half !== character && half !== ' ' && other.has(half) && !one.has(half) && !other.has(character)
    })
  return crosses(inA, inB) || crosses(inB, inA)
}

const isLower = (sentence: string) => sentence === sentence.toLowerCase()

/**
 * One has no capitals, the other has, and only that keeps a word from matching. A sentence that starts with a word
 * which the other has elsewhere is written as it should be.
 */
function casesDiffer(a: string, b: string): boolean {
  if (isLower(a) === isLower(b)) return false
  const [lower, cased] = isLower(a) ? [a, b] : [b, a]
  const wordsOf = (sentence: string) => sentence.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  const lowerWords = wordsOf(lower)
  const known = new Set(lowerWords)
  return wordsOf(cased).some(
    (word, at) =>
      !known.has(word) && known.has(word.toLowerCase()) && (at > 0 || lowerWords[0] === word.toLowerCase()),
  )
}

const RATIO = 2.5
const LEAST_DIFFERENCE = 8

function lengthsDiffer(a: string, b: string, { language }: LintedText): boolean {
  const lengthOf = (sentence: string) =>
    isUnspaced(language) ? pythonSplit(sentence).join('').length : pythonSplit(sentence).length
  const [shorter, longer] = [lengthOf(a), lengthOf(b)].toSorted((x, y) => x - y) as [number, number]
  return shorter > 0 && longer / shorter > RATIO && longer - shorter >= LEAST_DIFFERENCE
}

/** What two sentences must share to be the same; null where one is too short to be more than a phrase. */
function sameKey(sentence: string, language: string): string | null {
  const words =
    sentence
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  const isLong = isUnspaced(language) ? words.join('').length >= 6 : words.length >= 3
  return isLong ? words.join(' ') : null
}

/** Outputs of a model that says the same to different videos. */
const LEAST_REPEATS = 3

function* duplicates({ references, hypotheses, language }: LintedText): Iterable<Hit> {
  const keys = references.map(([first = '']) => sameKey(first, language))
  const seen = new Set<string>()
  for (const [row, key] of keys.entries()) {
    if (key === null) continue
    if (seen.has(key))
      yield { row, side: 'reference', system: null, text: references[row]![0] ?? '', other: null }
    seen.add(key)
  }
  for (const [system, sentences] of hypotheses.entries()) {
    const rows = Map.groupBy(sentences.keys(), row => sameKey(sentences[row]!, language))
    for (const [key, same] of rows) {
      if (key === null || new Set(same.map(row => keys[row])).size < LEAST_REPEATS) continue
      for (const row of same)
        yield { row, side: 'hypothesis', system, text: sentences[row]!, other: references[row]![0] ?? null }
    }
  }
}

function* leaks({ references, training, language }: LintedText): Iterable<Hit> {
  const known = new Set(training.map(sentence => sameKey(sentence, language)))
  known.delete(null)
  for (const [row, of] of references.entries())
    for (const sentence of of)
      if (known.has(sameKey(sentence, language)))
        yield { row, side: 'reference', system: null, text: sentence, other: null }
}

/** What sacreBLEU's zh tokenizer takes for Chinese by a slip of its ranges, and Chinese that it does not know. */
const ZH_SLIPS =
  /[\u2001-\u200a\u200e-\u205f\u2061-\u2a6d\u2f81-\u2fa1\u{20000}-\u{2a6d6}\u{2f800}-\u{2fa1d}]/u
/** Of these ranges, what the tokenizer has listed rightly too. */
const ZH_MEANT = /[\u2600-\u27bf]/gu
const slipsOf = (sentence: string) =>
  Array.from(sentence.replace(ZH_MEANT, ''))
    .filter(character => ZH_SLIPS.test(character))
    .join('')

function frenchSpaces(sentence: string): string {
  return sentence.replace(/[\u00a0\u202f ]+([!?;:])/g, '$1')
}

const CHECKS: Record<LintCheck, Check> = {
  stop: inPairs(stopsDiffer),
  nfc: inSentences(sentence => sentence !== sentence.normalize('NFC')),
  width: inPairs(widthsDiffer),
  spacing: inSentences((sentence, { language }) =>
    matches(SPACE_BEFORE_MARK, /^fr\b/i.test(language) ? frenchSpaces(sentence) : sentence),
  ),
  case: inPairs(casesDiffer),
  entities: inSentences(sentence => matches(ENTITY, sentence)),
  strip: inSentences(sentence => matches(INVISIBLE, sentence)),
  empty: inSentences(isEmpty),
  duplicate: duplicates,
  leak: leaks,
  length: inPairs(lengthsDiffer),
  language: inPairs((hypothesis, reference, { language }) =>
    isOtherLanguage(hypothesis, reference, language),
  ),
  'zh-ranges': inSentences(sentence => slipsOf(sentence) !== ''),
  'round-trip': function* changed({ references, roundTrip }) {
    if (!roundTrip) return
    for (const [row, of] of references.entries())
      for (const sentence of of) {
        const back = roundTrip(sentence)
        if (back !== pythonStrip(sentence))
          yield { row, side: 'reference', system: null, text: sentence, other: back }
      }
  },
}

/** What a check needs and does not have. */
export function lacks(check: LintCheck, text: LintedText): 'training-text' | 'tokenizer' | 'chinese' | null {
  if (check === 'leak' && text.training.length === 0) return 'training-text'
  if (check === 'round-trip' && !text.roundTrip) return 'tokenizer'
  if (check === 'zh-ranges' && !/^(zh|zho|chi|cmn|yue)\b/i.test(text.language)) return 'chinese'
  return null
}

/** Everything that a check finds. */
export function hitsOf(check: LintCheck, text: LintedText): Hit[] {
  return [...CHECKS[check](text)]
}
