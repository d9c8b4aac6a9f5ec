import { createInterner, emptyTokens, internWords, type Tokens } from './interner.ts'
import { defineMetric, inDouble, type Metric, type Rounding } from './metric.ts'
import { pythonRstrip } from './python-text.ts'
import { ShiftSearch } from './ter-shifts.ts'
import { terWords, type TerTextOptions } from './ter-tokenizer.ts'

export type TerOptions = TerTextOptions

export interface TerDetails {
  edits: number
  refLength: number
}

const yesNo = (value: boolean) => (value ? 'yes' : 'no')

/**
 * Translation edit rate (Snover et al. 2006) as sacreBLEU 2.6.0 computes it after Tercom. Statistics:
 * `[fewest edits over the references, mean reference length]`. Chinese and Japanese need
 * `normalized` and `asianSupport`: without them a sentence is one word.
 */
export function ter(options: TerOptions = {}): Metric<TerDetails> {
  const { normalized = false, noPunct = false, asianSupport = false, caseSensitive = false } = options
  const interner = createInterner()
  const shifts = new ShiftSearch()
  const hypothesisTokens = emptyTokens()
  const referenceTokens: Tokens[] = []
  let referenceCount = 0

  const read = (text: string, into: Tokens) =>
    internWords(interner, terWords(pythonRstrip(text), options), into)

  /**
   * sacreBLEU normalises references twice (`_cache_references`, then `_extract_reference_info`), which shows where
   * the first pass turns another white space into the space that a rule looks for, as after "'s".
   */
  const normalizeOnce = (text: string) =>
    normalized ? terWords(pythonRstrip(text), options).join(' ') : text

  function prepare(references: readonly string[]): void {
    interner.startSegment()
    referenceCount = references.length
    references.forEach((text, i) => read(normalizeOnce(text), (referenceTokens[i] ??= emptyTokens())))
  }

  function compare(hypothesis: string, into: Float64Array, offset: number): void {
    read(hypothesis, hypothesisTokens)
    let fewest = Infinity
    let lengths = 0
    for (let i = 0; i < referenceCount; i++) {
      const reference = referenceTokens[i]!
      fewest = Math.min(fewest, shifts.countEdits(hypothesisTokens, reference))
      lengths += reference.length
    }
    into[offset] = fewest
    into[offset + 1] = lengths / referenceCount
  }

  return defineMetric({
    name: 'TER',
    signatureKeys: `case:${caseSensitive ? 'mixed' : 'lc'}|tok:tercom|norm:${yesNo(normalized)}|punct:${yesNo(!noPunct)}|asian:${yesNo(asianSupport)}`,
    columns: 2,
    prepare,
    compare,
    evaluate: (total, round) => evaluateTer(total[0]!, total[1]!, round),
  })
}

/** A hypothesis without a reference to match is wholly wrong; two empty texts are equal. */
function evaluateTer(
  edits: number,
  refLength: number,
  round: Rounding = inDouble,
): { score: number; details: TerDetails } {
  const rate = refLength > 0 ? round(edits / refLength) : Math.min(edits, 1)
  return { score: round(100 * rate), details: { edits, refLength } }
}
