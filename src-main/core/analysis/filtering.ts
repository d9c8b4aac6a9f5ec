import {
  type AnalysisFilter,
  BUCKET_KINDS,
  type BucketKind,
  type RunPair,
} from '#shared/contract/analysis.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { RunId } from '#shared/contract/ids.ts'
import type { Membership } from './buckets.ts'
import type { CrossFilter } from './cross-filter.ts'
import { ngramDifference } from './ngram-differences.ts'
import type { SegmentSet } from './segment-set.ts'
import type { SentenceScores } from './sentence-scores.ts'
import type { Words } from './words.ts'

/** What filters look at. */
export interface Filtered {
  set: SegmentSet
  words: Words
  memberships: readonly Membership[]
  scores: SentenceScores
  /** Names, references and outputs of each segment in small letters, one text. */
  searchTexts: () => readonly string[]
}

/** Places among the runs of the scope. */
export interface PairPlaces {
  from: number
  to: number
}

export function placesOf(runIds: readonly RunId[], pair: RunPair): PairPlaces {
  const [from, to] = [runIds.indexOf(pair.from), runIds.indexOf(pair.to)]
  if (from >= 0 && to >= 0) return { from, to }
  throw new AppError('invalid-input', 'Both runs of the pair must be among the runs that are compared.')
}

const FIRST_OTHER = BUCKET_KINDS.length
const TEXT_BIT = FIRST_OTHER
const NGRAM_BIT = FIRST_OTHER + 1
export const DELTA_BIT = FIRST_OTHER + 2
export const bitOf = (kind: BucketKind): number => BUCKET_KINDS.indexOf(kind)
export const scoreBitOf = (run: number): number => FIRST_OTHER + 3 + run

/** Brings the bits of all filters up to date; `version` names the scores that ranges are about. */
export function applyFilter(
  cross: CrossFilter,
  filter: AnalysisFilter,
  pair: PairPlaces,
  { data, version }: { data: Filtered; version: string },
): void {
  const { set, words, scores } = data
  const runs = set.runIds.length
  for (const kind of BUCKET_KINDS) {
    const keys = filter.buckets.find(each => each.kind === kind)?.keys ?? []
    const membership = data.memberships.find(each => each.kind === kind)
    cross.set(bitOf(kind), keys.length === 0 ? '' : JSON.stringify(keys), () => inBuckets(membership, keys))
  }
  const text = filter.text.trim().toLowerCase()
  cross.set(TEXT_BIT, text, () => {
    const texts = data.searchTexts()
    return row => texts[row]!.includes(text)
  })
  const { ngram, delta } = filter
  cross.set(NGRAM_BIT, ngram ? JSON.stringify([ngram, pair]) : '', () => {
    const difference = ngramDifference(words, ngram ?? [], pair)
    return row => difference(row) !== 0
  })
  const between = ({ from, to }: { from: number; to: number }, value: number) => value >= from && value < to
  cross.set(DELTA_BIT, delta ? JSON.stringify([delta, pair, version]) : '', () => {
    const range = delta ?? { from: 0, to: 0 }
    return row => between(range, deltaOf(scores, runs, pair, row))
  })
  set.runIds.forEach((runId, run) => {
    const range = filter.scores.find(each => each.runId === runId)
    cross.set(scoreBitOf(run), range ? JSON.stringify([range, version]) : '', () => {
      const wanted = range ?? { from: 0, to: 0 }
      return row => between(wanted, scores.scores[row * runs + run]!)
    })
  })
}

export function deltaOf(
  { scores }: SentenceScores,
  runs: number,
  { from, to }: PairPlaces,
  row: number,
): number {
  return scores[row * runs + to]! - scores[row * runs + from]!
}

function inBuckets(membership: Membership | undefined, keys: readonly string[]): (row: number) => boolean {
  if (!membership) return () => false
  const { names, starts, values } = membership
  const wanted = Uint8Array.from(names, ({ key }) => (keys.includes(key) ? 1 : 0))
  return row => {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) if (wanted[values[at]!] === 1) return true
    return false
  }
}
