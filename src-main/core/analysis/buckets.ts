import type { AnalysisScope, Bucket, BucketKind, CutKind } from '#shared/contract/analysis.ts'
import { BUCKET_KINDS } from '#shared/contract/analysis.ts'
import type { SegmentSet } from './segment-set.ts'
import { wordStatistics } from './word-buckets.ts'
import type { Words } from './words.ts'

export type BucketName = Pick<Bucket, 'key' | 'from' | 'to' | 'label'>

/** Which buckets each segment is in. */
export interface Membership {
  kind: BucketKind
  names: BucketName[]
  /** The buckets of segment n are values[starts[n]] to values[starts[n + 1]]. */
  starts: Uint32Array
  values: Uint16Array
  /** Buckets of too few segments to be kept. */
  hidden: number
  /** Of buckets of words: the statistics of each entry of `values`. */
  words: Float64Array | null
}

/** Enough to read in a chart; signers and glosses beyond are rare ones. */
const MOST_BUCKETS = 40

/** Puts the segments into buckets of every kind that this corpus has. */
export function bucketsOf(set: SegmentSet, words: Words, cutOffs: AnalysisScope['cutOffs']): Membership[] {
  const sizes: Record<CutKind, (row: number) => number> = {
    length: row => listLength(words.references.starts, words.firstReference[row]!),
    duration: row => (set.durationsMs[row] ?? 0) / 1000,
    unseen: row => unseenWords(words, words.firstReference[row]!),
    frequency: () => 0,
  }
  const labels: Partial<Record<BucketKind, (row: number) => readonly string[]>> = {
    signer: row => [set.signers[row] ?? ''],
    state: row => [set.states[row] ?? ''],
    split: row => [set.splits[row] ?? ''],
    tag: row => orNone(set.tags[row] ?? []),
    gloss: row => orNone((set.glosses[row] ?? '').split(/\s+/).filter(gloss => gloss !== '')),
  }
  return BUCKET_KINDS.flatMap(kind => {
    const labelOf = labels[kind]
    if (labelOf) return labelled(kind, set.size, labelOf)
    const cutKind = kind as CutKind
    const needsTraining = cutKind === 'frequency' || cutKind === 'unseen'
    if (needsTraining && words.trainingSentences === 0) return []
    const hasVideo = (milliseconds: number) => milliseconds > 0
    if (cutKind === 'duration' && !set.durationsMs.some(hasVideo)) return []
    const cuts = cutOffs[cutKind]
    return cutKind === 'frequency'
      ? byFrequency(set, words, cuts)
      : ranges(cutKind, set.size, cuts, sizes[cutKind])
  })
}

function orNone(values: readonly string[]): readonly string[] {
  return values.length === 0 ? NONE : values
}
const NONE = ['']

function listLength(starts: Uint32Array, list: number): number {
  return starts[list + 1]! - starts[list]!
}

/** Different words of a reference that no sentence of training holds. */
function unseenWords({ references: { starts, values }, trainingCounts }: Words, list: number): number {
  const unseen = new Set<number>()
  for (let at = starts[list]!; at < starts[list + 1]!; at++)
    if (trainingCounts[values[at]!] === 0) unseen.add(values[at]!)
  return unseen.size
}

/** The first bucket ends at the first cut-off and the last one has no end, as in compare-mt. */
export function rangeNames(cuts: readonly number[]): BucketName[] {
  return [0, ...cuts].map((from, at) => {
    const to = cuts[at] ?? null
    return { key: `${from}-${to ?? ''}`, from, to, label: '' }
  })
}

export function rangeOf(cuts: readonly number[], value: number): number {
  let at = 0
  while (at < cuts.length && value >= cuts[at]!) at += 1
  return at
}

function ranges(
  kind: CutKind,
  size: number,
  cuts: readonly number[],
  valueOf: (row: number) => number,
): Membership[] {
  const starts = Uint32Array.from({ length: size + 1 }, (_, row) => row)
  const values = Uint16Array.from({ length: size }, (_, row) => rangeOf(cuts, valueOf(row)))
  return [{ kind, names: rangeNames(cuts), starts, values, hidden: 0, words: null }]
}

function byFrequency(set: SegmentSet, words: Words, cuts: readonly number[]): Membership[] {
  const bucketOf = Uint16Array.from(words.trainingCounts, count => rangeOf(cuts, count))
  const { starts, values, statistics } = wordStatistics(set.size, words, bucketOf, cuts.length + 1)
  return [{ kind: 'frequency', names: rangeNames(cuts), starts, values, hidden: 0, words: statistics }]
}

/** Buckets by name, the largest ones; none where all segments are in one without a name. */
function labelled(
  kind: BucketKind,
  size: number,
  labelsOf: (row: number) => readonly string[],
): Membership[] {
  const counts = new Map<string, number>()
  const rows = Array.from({ length: size }, (_, row) => new Set(labelsOf(row)))
  for (const labels of rows) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  if (counts.size === 0 || (counts.size === 1 && counts.has(''))) return []
  const kept = [...counts]
    .toSorted((a, b) => b[1] - a[1] || compareNames(a[0], b[0]))
    .slice(0, MOST_BUCKETS)
    .map(([label]) => label)
  const placeOf = new Map(kept.map((label, at) => [label, at]))
  const starts = new Uint32Array(size + 1)
  const values: number[] = []
  rows.forEach((labels, row) => {
    for (const label of labels) {
      const at = placeOf.get(label)
      if (at !== undefined) values.push(at)
    }
    starts[row + 1] = values.length
  })
  return [
    {
      kind,
      names: kept.map(label => ({ key: label, from: null, to: null, label })),
      starts,
      values: Uint16Array.from(values),
      hidden: counts.size - kept.length,
      words: null,
    },
  ]
}

const { compare: compareNames } = new Intl.Collator('en', { numeric: true })
