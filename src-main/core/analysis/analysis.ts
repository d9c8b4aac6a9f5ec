import type {
  AnalysedSegment,
  AnalysisFilter,
  AnalysisMetric,
  AnalysisProgress,
  AnalysisScope,
  AnalysisView,
  BucketKind,
  ComparedNgram,
  RunPair,
  SegmentOrder,
} from '#shared/contract/analysis.ts'
import type { ReadDb } from '../../db/types.ts'
import { resolveOptions } from '../evaluation/scorer.ts'
import type { ActTask } from '../thread/acts-thread.ts'
import { sentencesOfSplit } from './analysis.queries.ts'
import { bucketsOf, type Membership } from './buckets.ts'
import { CrossFilter } from './cross-filter.ts'
import { applyFilter, deltaOf, type Filtered, type PairPlaces, placesOf } from './filtering.ts'
import { matchNgrams, rankNgrams } from './ngram-differences.ts'
import { orderSegments } from './ordering.ts'
import { readSegments, type SegmentSet } from './segment-set.ts'
import { scoreSentences, type SentenceScores } from './sentence-scores.ts'
import { viewOf } from './view.ts'
import { readWords, type Words } from './words.ts'

/** A question about the segments of a scope; `version` is another one whenever the corpus has changed. */
export interface Question {
  scope: AnalysisScope
  version: number
}

export interface FilteredQuestion extends Question {
  filter: AnalysisFilter
  pair: RunPair
}

/** The segments of a scope with all that is known of them, kept between questions. */
interface Prepared {
  set: SegmentSet
  words: Words
  cross: CrossFilter
  buckets: { key: string; memberships: Membership[] } | null
  /** The metrics that were asked for. */
  byMetric: Map<AnalysisMetric, SentenceScores>
  searchTexts: () => readonly string[]
  /** The order that was asked for last. */
  ordered: { key: string; rows: Uint32Array }
}

/** The segments of the scope that was asked about last: read once, scored once a metric. */
function createData(db: ReadDb) {
  let kept: { key: string; prepared: Prepared } | null = null

  async function dataFor({ scope, version }: Question, task: ActTask): Promise<Filtered & Prepared> {
    const { runIds, split, tokenize, trainingSplit, metric, cutOffs } = scope
    const key = JSON.stringify([version, runIds, split, tokenize, trainingSplit])
    const tell = (progress: AnalysisProgress) => task.progress(progress)
    if (kept?.key !== key) {
      tell({ stage: 'reading', done: 0, total: 0 })
      kept = { key, prepared: read(db, scope) }
    }
    const { prepared } = kept
    const cutKey = JSON.stringify(cutOffs)
    if (prepared.buckets?.key !== cutKey)
      prepared.buckets = { key: cutKey, memberships: bucketsOf(prepared.set, prepared.words, cutOffs) }
    const scores =
      prepared.byMetric.get(metric) ??
      (await scoreSentences(prepared.set, metric, resolveOptions(optionsOf(scope, prepared.set)), {
        signal: task.signal,
        progress: done => tell({ stage: 'scoring', done, total: prepared.set.size }),
      }))
    prepared.byMetric.set(metric, scores)
    return { ...prepared, scores, memberships: prepared.buckets.memberships }
  }

  return dataFor
}

/** Answers questions about one corpus. The segments are read once for a scope; filters only look at columns. */
export function createAnalysis(db: ReadDb) {
  const dataFor = createData(db)

  async function filtered(question: FilteredQuestion, task: ActTask) {
    const data = await dataFor(question, task)
    const pair = placesOf(question.scope.runIds, question.pair)
    const version = question.scope.metric
    applyFilter(data.cross, question.filter, pair, { data, version })
    return { data, pair }
  }

  async function prepare(question: Question, task: ActTask): Promise<AnalysisProgress> {
    const { set } = await dataFor(question, task)
    return { stage: 'ready', done: set.size, total: set.size }
  }

  async function view(
    question: FilteredQuestion & { kinds: BucketKind[] },
    task: ActTask,
  ): Promise<AnalysisView> {
    const { data, pair } = await filtered(question, task)
    return viewOf(data, data.cross, pair, question.kinds)
  }

  async function segments(
    question: FilteredQuestion & { order: SegmentOrder; offset: number; limit: number },
    task: ActTask,
  ): Promise<{ total: number; rows: AnalysedSegment[] }> {
    const { data, pair } = await filtered(question, task)
    const rows = matchingInOrder(data, question.order, pair, question.scope.metric)
    const page = rows.subarray(question.offset, question.offset + question.limit)
    return { total: rows.length, rows: Array.from(page, row => segmentAt(data, pair, row)) }
  }

  async function ngrams(
    question: FilteredQuestion & { orders: number[]; limit: number },
    task: ActTask,
  ): Promise<{ won: ComparedNgram[]; lost: ComparedNgram[] }> {
    const { data, pair } = await filtered(question, task)
    const { failed } = data.cross
    const rows = failed.keys().filter(row => failed[row] === 0)
    return rankNgrams(matchNgrams(data.words, rows, pair), data.words.vocabulary, question)
  }

  return { prepare, view, segments, ngrams }
}

/** Sorting a hundred thousand segments takes longer than filtering them, so an order is kept. */
function matchingInOrder(
  data: Filtered & Prepared,
  order: SegmentOrder,
  pair: PairPlaces,
  metric: AnalysisMetric,
): Uint32Array {
  const key = JSON.stringify([order, pair, metric])
  const { ordered, cross } = data
  if (ordered.key !== key) Object.assign(ordered, { key, rows: orderSegments(data, order, pair) })
  return ordered.rows.filter(row => cross.failed[row] === 0)
}

function read(db: ReadDb, scope: AnalysisScope): Prepared {
  const set = readSegments(db, scope)
  const { tokenize = '13a' } = resolveOptions(optionsOf(scope, set))
  let texts: string[] | null = null
  return {
    set,
    words: readWords(set, sentencesOfSplit(db, scope.trainingSplit), tokenize),
    cross: new CrossFilter(set.size),
    buckets: null,
    byMetric: new Map(),
    searchTexts: () => (texts ??= searchTextsOf(set)),
    ordered: { key: '', rows: new Uint32Array() },
  }
}

function optionsOf({ tokenize }: AnalysisScope, { language }: SegmentSet) {
  return { tokenize, language }
}

function searchTextsOf(set: SegmentSet): string[] {
  return set.names.map((name, row) =>
    [name, ...set.references[row]!, ...set.outputs.map(texts => texts[row]!)].join('\n').toLowerCase(),
  )
}

function segmentAt({ set, scores }: Filtered, pair: PairPlaces, row: number): AnalysedSegment {
  const runs = set.runIds.length
  return {
    clipId: set.clipIds[row]!,
    name: set.names[row]!,
    split: set.splits[row]!,
    signer: set.signers[row]!,
    state: set.states[row]!,
    durationMs: set.durationsMs[row]!,
    language: set.languages[row]!,
    references: set.references[row]!,
    outputs: set.runIds.map((runId, run) => ({
      runId,
      text: set.outputs[run]![row]!,
      score: scores.scores[row * runs + run]!,
    })),
    delta: deltaOf(scores, runs, pair, row),
  }
}

export type Analysis = ReturnType<typeof createAnalysis>
