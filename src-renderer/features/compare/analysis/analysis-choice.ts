import {
  AnalysisFilter,
  type AnalysisMetric,
  type AnalysisScope,
  type BucketKind,
  DEFAULT_CUT_OFFS,
  type RunPair,
  type SegmentOrder,
} from '#shared/contract/analysis.ts'
import type { RunId } from '#shared/contract/ids.ts'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useKept } from '../../../composables/use-kept.ts'

export const METRIC_NAMES: Record<AnalysisMetric, string> = {
  bleu: 'BLEU',
  chrf: 'chrF2',
  'chrf++': 'chrF2++',
  ter: 'TER',
  rouge: 'ROUGE-L',
  wer: 'WER',
}

export const PANELS = ['buckets', 'scores', 'ngrams'] as const
export type Panel = (typeof PANELS)[number]

interface Kept {
  metric: AnalysisMetric
  order: SegmentOrder
  unit: 'word' | 'character'
  panel: Panel
  kinds: BucketKind[]
  ngramOrders: number[]
  cutOffs: AnalysisScope['cutOffs']
  trainingSplit: string
}

const FIRST: Kept = {
  metric: 'bleu',
  order: 'worse',
  unit: 'word',
  panel: 'buckets',
  kinds: ['length', 'frequency', 'signer', 'duration'],
  ngramOrders: [1, 2, 3, 4],
  cutOffs: DEFAULT_CUT_OFFS,
  trainingSplit: 'train',
}

export const NO_FILTER = AnalysisFilter.parse({})

/** How segments are looked at: kept in this window, and over restarts what is no question of the moment. */
export const useAnalysisChoice = defineStore('analysis-choice', () => {
  const stored = useKept<Partial<Kept>>('compare segments', {})
  const kept = computed<Kept>(() => ({ ...FIRST, ...stored.value }))
  const filter = shallowRef<AnalysisFilter>(NO_FILTER)
  const pair = shallowRef<RunPair | null>(null)
  /** What outputs are shown different from; null: their reference. */
  const against = shallowRef<RunId | null>(null)

  function keep(changes: Partial<Kept>): void {
    stored.value = { ...stored.value, ...changes }
  }

  function narrow(changes: Partial<AnalysisFilter>): void {
    filter.value = { ...filter.value, ...changes }
  }

  return { kept, keep, filter, narrow, pair, against }
})

/** The pair that was chosen where both runs are still compared, else the first and the last one. */
export function pairOf(chosen: RunPair | null, runIds: readonly RunId[]): RunPair {
  const isThere = chosen && runIds.includes(chosen.from) && runIds.includes(chosen.to)
  const [first] = runIds
  const last = runIds.at(-1)
  if (first === undefined || last === undefined) throw new Error('No run is compared.')
  return isThere ? chosen : { from: first, to: last }
}

/** Picks a bucket alone, or beside those that are picked already; picking it again lets it go. */
export function pickBucket(
  filter: AnalysisFilter,
  { kind, key }: { kind: BucketKind; key: string },
  isMore: boolean,
): AnalysisFilter['buckets'] {
  const others = filter.buckets.filter(each => each.kind !== kind)
  const picked = filter.buckets.find(each => each.kind === kind)?.keys ?? []
  const isPicked = picked.includes(key)
  const before = isMore ? picked.filter(each => each !== key) : []
  const keys = isPicked ? before : [...before, key]
  return keys.length === 0 ? others : [...others, { kind, keys }]
}

interface Range {
  from: number
  to: number
}

/** Picks a bin alone, or all bins between it and what is picked; picking it again lets all go. */
export function pickRange(now: Range | null | undefined, bin: Range, isMore: boolean): Range | null {
  if (now && isMore) return { from: Math.min(now.from, bin.from), to: Math.max(now.to, bin.to) }
  return now && now.from === bin.from && now.to === bin.to ? null : bin
}
