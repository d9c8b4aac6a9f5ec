import type { Tokens } from './interner.ts'
import { pythonSplit } from './python-text.ts'

type PrecisionRecallF = [precision: number, recall: number, f: number]

let row = new Int32Array(64)

/** The length of the longest common subsequence, in one row of memory. */
export function commonLength(a: Tokens, b: Tokens): number {
  if (row.length <= b.length) row = new Int32Array(b.length * 2)
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

/** tf_seq2seq (SLRT's external_metrics/Rouge.py): beta is the sentence's own precision / recall. */
export function compareWithRatioBeta(reference: Tokens, hypothesis: Tokens): PrecisionRecallF {
  const common = commonLength(reference, hypothesis)
  const recall = common / reference.length
  const precision = common / hypothesis.length
  const beta = precision / (recall + 1e-12)
  const above = (1 + beta ** 2) * recall * precision
  const below = recall + beta ** 2 * precision
  return [precision, recall, above / (below + 1e-12)]
}

/** Marks the end of a sentence among words; no word is a lone line feed. */
const SENTENCE_END = '\n'

/** pltrdy/rouge cuts at full stops first and compares sentence by sentence. */
export function sentenceWords(text: string): string[] {
  return text
    .split('.')
    .filter(sentence => sentence !== '')
    .flatMap(sentence => [...pythonSplit(sentence).join(' ').split(' '), SENTENCE_END])
}

/**
 * pltrdy/rouge 1.0 (rouge_l_summary_level with `exclusive`): the union of the subsequences that each reference
 * sentence shares with each hypothesis sentence, as sets of words. It raises where a text is empty; here F is 0.
 */
export function compareSets(reference: Tokens, hypothesis: Tokens): PrecisionRecallF {
  const [references, hypotheses] = [sentencesOf(reference), sentencesOf(hypothesis)]
  const ofReference = new Set(references.flat()).size
  const ofHypothesis = new Set(hypotheses.flat()).size
  if (ofReference === 0 || ofHypothesis === 0) return [0, 0, 0]
  const shared = new Set<number>()
  for (const one of references) for (const other of hypotheses) addCommon(one, other, shared)
  const recall = shared.size / ofReference
  const precision = shared.size / ofHypothesis
  return [precision, recall, 2 * ((precision * recall) / (precision + recall + 1e-8))]
}

/** The number of the sentence end is that of the last token of any text with a sentence. */
function sentencesOf({ buffer, length }: Tokens): number[][] {
  const sentences: number[][] = []
  const end = buffer[length - 1]
  let start = 0
  for (let i = 0; i < length; i++) {
    if (buffer[i] !== end) continue
    sentences.push(Array.from(buffer.subarray(start, i)))
    start = i + 1
  }
  return sentences
}

/** Walks back as the original does where several subsequences are longest: left unless above is longer. */
function addCommon(a: readonly number[], b: readonly number[], into: Set<number>): void {
  const width = b.length + 1
  const table = new Int32Array((a.length + 1) * width)
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      table[i * width + j] =
        a[i - 1] === b[j - 1]
          ? table[(i - 1) * width + j - 1]! + 1
          : Math.max(table[(i - 1) * width + j]!, table[i * width + j - 1]!)
  let [i, j] = [a.length, b.length]
  while (i > 0 && j > 0)
    if (a[i - 1] === b[j - 1]) {
      into.add(a[i - 1]!)
      i -= 1
      j -= 1
    } else if (table[(i - 1) * width + j]! > table[i * width + j - 1]!) i -= 1
    else j -= 1
}
