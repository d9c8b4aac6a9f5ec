import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import { PROTOCOLS, type RatingProtocol } from '#shared/domain/rating-protocols.ts'

/** What one annotator says of one output, or of one document of a run. */
export interface Judged {
  /** The same for all annotators of the same thing. */
  unit: string
  runId: RunId
  run: string
  /** Null for a document. */
  clipId: ClipId | null
  hypothesisId: HypothesisId | null
  /** The clip's name, or the document's. */
  name: string
  text: string
  annotator: string
  value: number
  at: number
  /** From seeing the screen to going on; null where it was not kept. */
  seconds: number | null
  /** Given again to the same thing by the same annotator; they count for nothing else. */
  repeats: readonly number[]
}

/** A text that was made worse on purpose, and what an annotator thought of it. */
export interface JudgedCheck extends Omit<Judged, 'repeats'> {
  /** What the same annotator gave to the true text; null until both are judged. */
  original: number | null
  isPassed: boolean | null
}

export interface JudgedSet {
  name: string
  protocol: RatingProtocol
  judged: Judged[]
  checks: JudgedCheck[]
}

/** The judgements of each unit together, in order of first appearance. */
export function byUnit(judged: readonly Judged[]): Judged[][] {
  const units = new Map<string, Judged[]>()
  for (const each of judged) {
    const known = units.get(each.unit)
    if (known) known.push(each)
    else units.set(each.unit, [each])
  }
  return [...units.values()]
}

/**
 * What counts as the same judgement for κ: on a scale of 0–100 the nearest of its seven labelled points, else the
 * value itself. Nobody gives the same of 101 values twice on purpose.
 */
export function categoryOf(value: number, protocol: RatingProtocol): number {
  const { kind, min, max } = PROTOCOLS[protocol]
  return kind === 'number' && max - min === 100 ? Math.round(((value - min) / (max - min)) * 6) : value
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Standard deviation of a sample (n − 1); null below two values. */
export function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length === 0) return null
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[middle - 0.5]!
}
