import { createInterner, emptyTokens, internWords, type Tokens } from './interner.ts'
import { defineMetric, type Metric } from './metric.ts'
import { stemPorter } from './porter.ts'
import { pythonSplit } from './python-text.ts'
import { commonLength, compareSets, compareWithRatioBeta, sentenceWords } from './rouge-variants.ts'

/**
 * The ROUGE-L of sign-language papers are different metrics:
 * - `coco`: coco-caption's, of neccam/slt, Sign2GPT, TwoStream; words between single spaces, best P and
 *   best R over the references.
 * - `rouge-score`: Google's package with the Porter stemmer, of SpaMo. It keeps ASCII letters and digits
 *   only: "für" becomes "f r", Chinese nothing. It takes one reference: the first.
 * - `rouge-score-plain`: the same without the stemmer.
 * - `pltrdy`: the package `rouge` 1.0, of Uni-Sign and SignCL. It compares sets of words: repeats count once.
 * - `seq2seq`, `seq2seq-char`: tf_seq2seq's, of SLRT. Beta is precision / recall of each sentence by itself. The
 *   second reads text with a space after each character, where a space of the sentence is two empty words.
 * - `words`, `characters`: ours, any script; words are lower-cased.
 *
 * `coco`, `words` and `characters` take several references, the others the first.
 */
export type RougeVariant =
  | 'coco'
  | 'rouge-score'
  | 'rouge-score-plain'
  | 'pltrdy'
  | 'seq2seq'
  | 'seq2seq-char'
  | 'words'
  | 'characters'

export interface RougeOptions {
  variant?: RougeVariant
}

export interface RougeDetails {
  precision: number
  recall: number
  segments: number
}

interface Variant {
  words: (text: string) => string[]
  /** What the signature says; recall counts `beta` times as much as precision. */
  beta: number | 'p/r'
  keys: string
  compare: (reference: Tokens, hypothesis: Tokens) => PrecisionRecallF
}

type PrecisionRecallF = [precision: number, recall: number, f: number]

const lcsWithBeta = (beta: number) => (reference: Tokens, hypothesis: Tokens) =>
  precisionRecallF(commonLength(reference, hypothesis), hypothesis.length, reference.length, beta)

/** How a variant cuts text and weighs recall. */
const VARIANTS: Record<RougeVariant, Variant> = {
  coco: {
    words: text => text.split(' '),
    beta: 1.2,
    keys: 'case:mixed|tok:space|stem:no',
    compare: lcsWithBeta(1.2),
  },
  'rouge-score': {
    words: text => asciiWords(text).map(word => (word.length > 3 ? stemPorter(word) : word)),
    beta: 1,
    keys: 'case:lc|tok:ascii|stem:porter',
    compare: lcsWithBeta(1),
  },
  'rouge-score-plain': {
    words: asciiWords,
    beta: 1,
    keys: 'case:lc|tok:ascii|stem:no',
    compare: lcsWithBeta(1),
  },
  pltrdy: {
    words: sentenceWords,
    beta: 1,
    keys: 'case:mixed|tok:sentences|stem:no|sets:yes',
    compare: compareSets,
  },
  seq2seq: {
    words: text => pythonSplit(text).join(' ').split(' '),
    beta: 'p/r',
    keys: 'case:mixed|tok:none|stem:no',
    compare: compareWithRatioBeta,
  },
  'seq2seq-char': {
    words: text => text.split(' '),
    beta: 'p/r',
    keys: 'case:mixed|tok:char-spaces|stem:no',
    compare: compareWithRatioBeta,
  },
  words: {
    words: text => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
    beta: 1,
    keys: 'case:lc|tok:unicode|stem:no',
    compare: lcsWithBeta(1),
  },
  characters: {
    words: text => Array.from(pythonSplit(text).join('')),
    beta: 1,
    keys: 'case:mixed|tok:char|stem:no',
    compare: lcsWithBeta(1),
  },
}

const TAKES_SEVERAL: readonly RougeVariant[] = ['coco', 'words', 'characters']

function asciiWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? []
}

/** ROUGE-L: the mean over segments of F of the longest common subsequence. Statistics: `[P, R, F, 1]`. */
export function rougeL({ variant = 'coco' }: RougeOptions = {}): Metric<RougeDetails> {
  const { words, beta, keys, compare: compareOne } = VARIANTS[variant]
  const interner = createInterner()
  const hypothesis = emptyTokens()
  const pool: Tokens[] = []
  let referenceCount = 0

  function prepare(references: readonly string[]): void {
    interner.startSegment()
    const compared = TAKES_SEVERAL.includes(variant) ? references : references.slice(0, 1)
    referenceCount = compared.length
    compared.forEach((text, i) => internWords(interner, words(text), (pool[i] ??= emptyTokens())))
  }

  function compare(text: string, into: Float64Array, offset: number): void {
    internWords(interner, words(text), hypothesis)
    const prf = pool.slice(0, referenceCount).map(reference => compareOne(reference, hypothesis))
    into.set(variant === 'coco' ? bestOfEach(prf, 1.2) : bestF(prf), offset)
    into[offset + 3] = 1
  }

  return defineMetric({
    name: 'ROUGE-L',
    signatureKeys: `variant:${variant}|beta:${beta}|${keys}`,
    version: 'signwright-1',
    columns: 4,
    prepare,
    compare,
    evaluate(total) {
      const segments = total[3]!
      const mean = (sum: number) => (segments > 0 ? (100 * sum) / segments : 0)
      return {
        score: mean(total[2]!),
        details: { precision: mean(total[0]!), recall: mean(total[1]!), segments },
      }
    },
  })
}

function precisionRecallF(
  common: number,
  hypothesis: number,
  reference: number,
  beta: number,
): PrecisionRecallF {
  const precision = hypothesis > 0 ? common / hypothesis : 0
  const recall = reference > 0 ? common / reference : 0
  return [precision, recall, weightedF(precision, recall, beta)]
}

function weightedF(precision: number, recall: number, beta: number): number {
  if (precision === 0 || recall === 0) return 0
  return ((1 + beta ** 2) * precision * recall) / (recall + beta ** 2 * precision)
}

/** coco-caption takes the best precision and the best recall, be they of different references. */
function bestOfEach(prf: readonly PrecisionRecallF[], beta: number): PrecisionRecallF {
  const precision = Math.max(...prf.map(([p]) => p))
  const recall = Math.max(...prf.map(([, r]) => r))
  return [precision, recall, weightedF(precision, recall, beta)]
}

function bestF(prf: readonly PrecisionRecallF[]): PrecisionRecallF {
  return prf.reduce((best, next) => (next[2] > best[2] ? next : best))
}
