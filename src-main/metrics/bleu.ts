import { createInterner, emptyTokens, internWords, type Tokens } from './interner.ts'
import { defineMetric, inDouble, type Metric, type Rounding } from './metric.ts'
import { NgramTable } from './ngram-table.ts'
import { pythonRstrip } from './python-text.ts'
import { tokenizerNamed, type TokenizerName } from './tokenizers.ts'

/** Smoothing of orders without a match, with the names of Chen and Cherry (WMT 2014) that sacreBLEU uses. */
export type Smoothing = 'none' | 'floor' | 'add-k' | 'exp'

export interface BleuOptions {
  tokenize?: TokenizerName
  lowercase?: boolean
  smooth?: Smoothing
  /** For `floor` (default 0.1) and `add-k` (default 1). */
  smoothValue?: number
  /** The longest n-gram, 1 to 4. sacreBLEU's signature does not tell it: say "BLEU-n" beside the number. */
  maxOrder?: number
  /** Leaves out orders that the hypothesis is too short for; meant for single sentences. */
  effectiveOrder?: boolean
}

export interface BleuDetails {
  counts: number[]
  totals: number[]
  precisions: number[]
  bp: number
  sysLen: number
  refLen: number
}

const DEFAULT_SMOOTH_VALUE: Record<Smoothing, number | undefined> = {
  none: undefined,
  floor: 0.1,
  'add-k': 1,
  exp: undefined,
}

/** What `my_log(0)` is in sacreBLEU: small enough that `exp` of it is 0. */
const LOG_OF_ZERO = -9_999_999_999

/** BLEU (Papineni et al. 2002) as sacreBLEU 2.6.0 computes it. Statistics: `[sys, ref, counts…, totals…]`. */
export function bleu(options: BleuOptions = {}): Metric<BleuDetails> {
  const {
    tokenize = '13a',
    lowercase = false,
    smooth = 'exp',
    maxOrder = 4,
    effectiveOrder = false,
  } = options
  const smoothValue = options.smoothValue ?? DEFAULT_SMOOTH_VALUE[smooth]
  const { words } = tokenizerNamed(tokenize)
  const interner = createInterner()
  const table = new NgramTable(maxOrder)
  const hypothesisTokens = emptyTokens()
  const referenceTokens: Tokens[] = []
  const matches = new Int32Array(maxOrder)
  let referenceCount = 0

  const tokenizeInto = (text: string, into: Tokens) =>
    internWords(interner, words(pythonRstrip(lowercase ? text.toLowerCase() : text)), into)

  function prepare(references: readonly string[]): void {
    interner.startSegment()
    referenceCount = references.length
    let tokenCount = 0
    references.forEach((reference, i) => {
      tokenCount += tokenizeInto(reference, (referenceTokens[i] ??= emptyTokens())).length
    })
    table.reset(tokenCount)
    for (let i = 0; i < referenceCount; i++) table.add(referenceTokens[i]!)
  }

  function compare(hypothesis: string, into: Float64Array, offset: number): void {
    tokenizeInto(hypothesis, hypothesisTokens)
    table.match(hypothesisTokens, matches)
    const { length } = hypothesisTokens
    into[offset] = length
    into[offset + 1] = closestLength(referenceTokens, referenceCount, length)
    for (let n = 0; n < maxOrder; n++) {
      into[offset + 2 + n] = matches[n]!
      into[offset + 2 + maxOrder + n] = Math.max(0, length - n)
    }
  }

  const smoothing = smoothValue === undefined ? smooth : `${smooth}[${smoothValue.toFixed(2)}]`
  return defineMetric({
    name: maxOrder === 4 ? 'BLEU' : `BLEU-${maxOrder}`,
    signatureKeys: `case:${lowercase ? 'lc' : 'mixed'}|eff:${effectiveOrder ? 'yes' : 'no'}|tok:${tokenize}|smooth:${smoothing}`,
    // sacreBLEU has no such tokenizer, so the number is not one of its own.
    ...(tokenize === 'zh-fixed' ? { version: 'signwright-1' } : {}),
    columns: 2 + 2 * maxOrder,
    prepare,
    compare,
    evaluate: (total, round) => scoreBleu(total, { smooth, smoothValue, maxOrder, effectiveOrder, round }),
  })
}

/** The reference length closest to the hypothesis, the shorter one of two that are equally close. */
function closestLength(references: readonly Tokens[], count: number, length: number): number {
  let closest = references[0]!.length
  for (let i = 1; i < count; i++) {
    const candidate = references[i]!.length
    const difference = Math.abs(length - candidate) - Math.abs(length - closest)
    if (difference < 0 || (difference === 0 && candidate < closest)) closest = candidate
  }
  return closest
}

interface Smoothed {
  round?: Rounding
  smooth: Smoothing
  smoothValue: number | undefined
  maxOrder: number
  effectiveOrder: boolean
}

/** BLEU from summed statistics; they may hold longer n-grams than `maxOrder` asks for. */
function scoreBleu(total: ArrayLike<number>, options: Smoothed): { score: number; details: BleuDetails } {
  const { maxOrder, effectiveOrder } = options
  const orders = (total.length - 2) / 2
  const numbers = Array.from(total)
  const counts = numbers.slice(2, 2 + maxOrder)
  const totals = numbers.slice(2 + orders, 2 + orders + maxOrder)
  const sysLen = numbers[0]!
  const refLen = numbers[1]!
  const bp = brevityPenalty(sysLen, refLen)
  const precisions: number[] = Array.from({ length: maxOrder }, () => 0)
  const details = { counts, totals, precisions, bp, sysLen, refLen }
  if (counts.every(count => count === 0)) return { score: 0, details }

  const lastOrder = smoothPrecisions(details, options)
  const order = effectiveOrder ? lastOrder : maxOrder
  let sumOfLogs = 0
  for (const precision of precisions.slice(0, order))
    sumOfLogs += precision === 0 ? LOG_OF_ZERO : Math.log(precision)
  return { score: bp * Math.exp(sumOfLogs / order), details }
}

function brevityPenalty(sysLen: number, refLen: number): number {
  if (sysLen >= refLen) return 1
  return sysLen > 0 ? Math.exp(1 - refLen / sysLen) : 0
}

/** Fills the precisions and returns the last order that the hypothesis has n-grams of. */
function smoothPrecisions(
  { counts, totals, precisions }: BleuDetails,
  { smooth, smoothValue = 0, round = inDouble }: Smoothed,
): number {
  let exponential = 1
  for (let n = 0; n < precisions.length; n++) {
    if (smooth === 'add-k' && n > 0) {
      counts[n] = counts[n]! + smoothValue
      totals[n] = totals[n]! + smoothValue
    }
    if (totals[n] === 0) return n
    if (counts[n] !== 0) {
      precisions[n] = round(round(100 * counts[n]!) / totals[n]!)
    } else if (smooth === 'exp') {
      exponential *= 2
      precisions[n] = round(100 / round(exponential * totals[n]!))
    } else if (smooth === 'floor') {
      precisions[n] = round((100 * smoothValue) / totals[n]!)
    }
  }
  return precisions.length
}

/**
 * BLEU-1 to BLEU-n from the statistics of one pass. The two habits of SLT papers, one pass with cumulative
 * means (neccam/slt) and one run per order (SpaMo), give the same numbers for the same smoothing: orders
 * are smoothed in turn, so a lower one never depends on a higher one. They differ by their smoothing:
 * `{ smooth: 'floor', smoothValue: 0 }` in the first, `exp` in the second.
 */
export function bleuOrders(total: ArrayLike<number>, options: BleuOptions = {}): number[] {
  const { smooth = 'exp', maxOrder = 4, effectiveOrder = false } = options
  const smoothValue = options.smoothValue ?? DEFAULT_SMOOTH_VALUE[smooth]
  return Array.from(
    { length: maxOrder },
    (_, i) => scoreBleu(total, { smooth, smoothValue, maxOrder: i + 1, effectiveOrder }).score,
  )
}
