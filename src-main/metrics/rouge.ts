import { createInterner, emptyTokens, internWords, type Tokens } from './interner.ts'
import { defineMetric, type Metric } from './metric.ts'
import { stemPorter } from './porter.ts'
import { pythonSplit } from './python-text.ts'

/**
 * The ROUGE-L of sign-language papers are different metrics:
 * - `coco`: coco-caption's, of neccam/slt, Sign2GPT, TwoStream; words between single spaces, best P and
 *   best R over the references.
 * - `rouge-score`: Google's package with the Porter stemmer, of SpaMo. It keeps ASCII letters and digits
 *   only: "für" becomes "f r", Chinese nothing. It takes one reference: the first.
 * - `rouge-score-plain`: the same without the stemmer.
 * - `words`, `characters`: ours, any script, lower-cased.
 */
export type RougeVariant = 'coco' | 'rouge-score' | 'rouge-score-plain' | 'words' | 'characters'

export interface RougeOptions {
  variant?: RougeVariant
}

export interface RougeDetails {
  precision: number
  recall: number
  segments: number
}

/** How a variant cuts text and weighs recall. */
const VARIANTS: Record<RougeVariant, { words: (text: string) => string[]; beta: number; keys: string }> = {
  coco: { words: text => text.split(' '), beta: 1.2, keys: 'case:mixed|tok:space|stem:no' },
  'rouge-score': {
    words: text => asciiWords(text).map(word => (word.length > 3 ? stemPorter(word) : word)),
    beta: 1,
    keys: 'case:lc|tok:ascii|stem:porter',
  },
  'rouge-score-plain': { words: asciiWords, beta: 1, keys: 'case:lc|tok:ascii|stem:no' },
  words: {
    words: text => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
    beta: 1,
    keys: 'case:lc|tok:unicode|stem:no',
  },
  characters: {
    words: text => Array.from(pythonSplit(text).join('')),
    beta: 1,
    keys: 'case:mixed|tok:char|stem:no',
  },
}

function asciiWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? []
}

/** ROUGE-L: the mean over segments of F of the longest common subsequence. Statistics: `[P, R, F, 1]`. */
export function rougeL({ variant = 'coco' }: RougeOptions = {}): Metric<RougeDetails> {
  const { words, beta, keys } = VARIANTS[variant]
  const interner = createInterner()
  const hypothesis = emptyTokens()
  const pool: Tokens[] = []
  let referenceCount = 0
  let row = new Int32Array(64)

  function prepare(references: readonly string[]): void {
    interner.startSegment()
    const compared = variant.startsWith('rouge-score') ? references.slice(0, 1) : references
    referenceCount = compared.length
    compared.forEach((text, i) => internWords(interner, words(text), (pool[i] ??= emptyTokens())))
  }

  function compare(text: string, into: Float64Array, offset: number): void {
    internWords(interner, words(text), hypothesis)
    const prf = pool.slice(0, referenceCount).map(reference => {
      if (row.length <= hypothesis.length) row = new Int32Array(hypothesis.length * 2)
      const common = commonLength(reference, hypothesis, row)
      return precisionRecallF(common, hypothesis.length, reference.length, beta)
    })
    into.set(variant === 'coco' ? bestOfEach(prf, beta) : bestF(prf), offset)
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

type PrecisionRecallF = [precision: number, recall: number, f: number]

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

/** The length of the longest common subsequence, in one row of memory. */
function commonLength(a: Tokens, b: Tokens, row: Int32Array): number {
  row.fill(0, 0, b.length + 1)
  for (let i = 0; i < a.length; i++) {
    let diagonal = 0
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!
      row[j] = a.buffer[i] === b.buffer[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]!)
      diagonal = above
    }
  }
  return row[b.length]!
}
