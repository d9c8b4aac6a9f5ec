import type { GlossCleanup } from '#shared/domain/gloss-cleanup.ts'
import { cleanGlosses } from './phoenix-cleanup.ts'
import { createInterner, emptyTokens, internWords, type Tokens } from './interner.ts'
import { defineMetric, type Metric } from './metric.ts'
import { pythonSplit } from './python-text.ts'

export interface WerOptions {
  /**
   * Levenshtein's equal costs, or sclite's as in neccam/slt (4 for a substitution, 3 for the others). The
   * costs choose the alignment; the rate counts every error once.
   */
  costs?: '1-1-1' | '4-3-3'
  /** What is done to both sides first. */
  cleanup?: GlossCleanup
}

export interface WerDetails {
  substitutions: number
  deletions: number
  insertions: number
  words: number
}

/**
 * Word error rate against the first reference, for glosses. Statistics: `[sub, del, ins, words]`. neccam/slt keeps
 * its cost matrix in 8 bits, which overflows on sentences above 85 words; here it does not.
 */
export function wer({ costs = '1-1-1', cleanup = 'none' }: WerOptions = {}): Metric<WerDetails> {
  const [substitution, other] = costs === '1-1-1' ? [1, 1] : [4, 3]
  const interner = createInterner()
  const reference = emptyTokens()
  const hypothesis = emptyTokens()
  let matrix = new Int32Array(1024)

  function prepare(references: readonly string[]): void {
    interner.startSegment()
    internWords(interner, pythonSplit(cleanGlosses(references[0]!, cleanup)), reference)
  }

  function compare(text: string, into: Float64Array, offset: number): void {
    internWords(interner, pythonSplit(cleanGlosses(text, cleanup)), hypothesis)
    const cells = (reference.length + 1) * (hypothesis.length + 1)
    if (matrix.length < cells) matrix = new Int32Array(cells * 2)
    fillCosts(matrix, reference, hypothesis, substitution, other)
    const errors = countErrors(matrix, reference, hypothesis, substitution, other)
    into.set([errors.substitutions, errors.deletions, errors.insertions, reference.length], offset)
  }

  return defineMetric({
    name: costs === '1-1-1' ? 'WER' : 'WER-sclite',
    signatureKeys: `case:mixed|tok:none|costs:${costs}${cleanup === 'none' ? '' : `|clean:${cleanup}`}`,
    version: 'signwright-1',
    columns: 4,
    prepare,
    compare,
    evaluate(total) {
      const [substitutions, deletions, insertions, words] = Array.from(total) as [
        number,
        number,
        number,
        number,
      ]
      const errors = substitutions + deletions + insertions
      return {
        score: words > 0 ? (100 * errors) / words : 100 * Math.min(errors, 1),
        details: { substitutions, deletions, insertions, words },
      }
    },
  })
}

/** Rows are reference words, columns hypothesis words. */
function fillCosts(
  matrix: Int32Array,
  reference: Tokens,
  hypothesis: Tokens,
  sub: number,
  other: number,
): void {
  const width = hypothesis.length + 1
  for (let column = 0; column < width; column++) matrix[column] = column * other
  for (let row = 1; row <= reference.length; row++) {
    const here = row * width
    matrix[here] = row * other
    for (let column = 1; column < width; column++) {
      const isMatch = reference.buffer[row - 1] === hypothesis.buffer[column - 1]
      matrix[here + column] = isMatch
        ? matrix[here - width + column - 1]!
        : Math.min(
            matrix[here - width + column - 1]! + sub,
            matrix[here + column - 1]! + other,
            matrix[here - width + column]! + other,
          )
    }
  }
}

/** Walks back preferring match, substitution, insertion, deletion, the order of neccam/slt. */
function countErrors(matrix: Int32Array, reference: Tokens, hypothesis: Tokens, sub: number, other: number) {
  const width = hypothesis.length + 1
  const errors = { substitutions: 0, deletions: 0, insertions: 0 }
  let row = reference.length
  let column = hypothesis.length
  while (row > 0 || column > 0) {
    const cost = matrix[row * width + column]!
    const diagonal = row > 0 && column > 0 ? matrix[(row - 1) * width + column - 1]! : Infinity
    if (row > 0 && column > 0 && reference.buffer[row - 1] === hypothesis.buffer[column - 1]) {
      row -= 1
      column -= 1
    } else if (cost === diagonal + sub) {
      errors.substitutions += 1
      row -= 1
      column -= 1
    } else if (column > 0 && cost === matrix[row * width + column - 1]! + other) {
      errors.insertions += 1
      column -= 1
    } else {
      errors.deletions += 1
      row -= 1
    }
  }
  return errors
}
