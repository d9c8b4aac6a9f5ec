import { z } from 'zod'
import { base, eventIterator } from './base.ts'
import { ReviewState } from './clip.ts'
import { ClipId, RunId } from './ids.ts'
import { TOKENIZERS } from './run.ts'

export const ANALYSIS_METRICS = ['bleu', 'chrf', 'chrf++', 'ter', 'rouge', 'wer'] as const
export type AnalysisMetric = (typeof ANALYSIS_METRICS)[number]

/** What segments can be put into buckets by. `frequency` puts words into them, not segments. */
export const BUCKET_KINDS = [
  'length',
  'frequency',
  'unseen',
  'duration',
  'signer',
  'state',
  'tag',
  'gloss',
  'split',
] as const
export const BucketKind = z.enum(BUCKET_KINDS)
export type BucketKind = z.infer<typeof BucketKind>

/** Kinds whose buckets are ranges of a number. */
export const CUT_KINDS = ['length', 'frequency', 'unseen', 'duration'] as const
export type CutKind = (typeof CUT_KINDS)[number]

/** Where one range ends and the next begins, ascending. */
const CutOffs = z
  .array(z.number().positive().max(1e9))
  .min(1)
  .max(20)
  .refine(cuts => cuts.every((cut, at) => at === 0 || cut > cuts[at - 1]!), 'Cut-offs must ascend.')

/** Words in the reference; sentences of training that hold a word; words never seen there; seconds. */
export const DEFAULT_CUT_OFFS: Record<CutKind, number[]> = {
  length: [10, 20, 30, 40, 50, 60],
  frequency: [1, 2, 3, 4, 5, 10, 100, 1000],
  unseen: [1, 2, 3, 5],
  duration: [2, 4, 6, 8, 12],
}

const MOST_RUNS = 8

/** Which segments are looked at, and how they are scored. */
export const AnalysisScope = z.strictObject({
  runIds: z.array(RunId).min(1).max(MOST_RUNS),
  split: z.string().nullable().default(null),
  tokenize: z.enum(TOKENIZERS).default('auto'),
  metric: z.enum(ANALYSIS_METRICS).default('bleu'),
  /** The split whose first references say how often a word was seen in training. */
  trainingSplit: z.string().default('train'),
  cutOffs: z
    .strictObject({ length: CutOffs, frequency: CutOffs, unseen: CutOffs, duration: CutOffs })
    .default(DEFAULT_CUT_OFFS),
})
export type AnalysisScope = z.infer<typeof AnalysisScope>

/** The two runs whose difference is looked at: what `to` is better or worse by than `from`. */
export const RunPair = z.strictObject({ from: RunId, to: RunId })
export type RunPair = z.infer<typeof RunPair>

const NGRAM_ORDER = 4
const Ngram = z.array(z.string().min(1)).min(1).max(NGRAM_ORDER)

export const AnalysisFilter = z.strictObject({
  /** In the name, a reference or an output; case does not matter. */
  text: z.string().max(1000).default(''),
  /** Segments in any of the buckets of each kind. */
  buckets: z.array(z.strictObject({ kind: BucketKind, keys: z.array(z.string()).min(1) })).default([]),
  /** Sentence scores of a run, `to` not included. */
  scores: z
    .array(z.strictObject({ runId: RunId, from: z.number(), to: z.number() }))
    .max(MOST_RUNS)
    .default([]),
  /** Differences of the sentence scores of the pair, `to` not included. */
  delta: z.strictObject({ from: z.number(), to: z.number() }).nullable().default(null),
  /** Segments where the two runs of the pair match this n-gram of the reference not equally often. */
  ngram: Ngram.nullable().default(null),
})
export type AnalysisFilter = z.infer<typeof AnalysisFilter>

export const SEGMENT_ORDERS = ['worse', 'better', 'weakest', 'strongest', 'longest', 'name'] as const
export type SegmentOrder = (typeof SEGMENT_ORDERS)[number]

const View = { scope: AnalysisScope, filter: AnalysisFilter.prefault({}), pair: RunPair }

/** A score of a group of segments. The interval is missing where there are too few of them for one. */
export const GroupScore = z.strictObject({
  score: z.number(),
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
})
export type GroupScore = z.infer<typeof GroupScore>

export const Bucket = z.strictObject({
  /** Names it in a filter. */
  key: z.string(),
  /** Of a range: from, and to where the next one begins; both null in buckets that are no ranges. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Of any other bucket: the signer, tag, gloss …; empty where a segment has none. */
  label: z.string(),
  /** Segments in it that all other filters let through. */
  segments: z.int(),
  /** Of each run, in the order of the scope; null where the bucket is empty. */
  scores: z.array(GroupScore.nullable()),
})
export type Bucket = z.infer<typeof Bucket>

export const BucketChart = z.strictObject({
  kind: BucketKind,
  /** The metric of the scope over the segments of a bucket, or F1 of its words. */
  measure: z.enum(['metric', 'word-f1']),
  buckets: z.array(Bucket),
  /** Buckets beyond those shown, the smallest ones. */
  hidden: z.int(),
})
export type BucketChart = z.infer<typeof BucketChart>

export const AnalysisView = z.strictObject({
  /** Segments that every run has translated and that have a reference. */
  total: z.int(),
  matching: z.int(),
  /** Segments that only some of the runs have translated. */
  leftOut: z.int(),
  /** Sentences of the training split; without any there is neither frequency nor unseen words. */
  trainingSentences: z.int(),
  metric: z.string(),
  signature: z.string(),
  /** Of an error rate the smaller number is the better one. */
  lowerIsBetter: z.boolean(),
  /** Over the matching segments, in the order of the scope. */
  runs: z.array(z.strictObject({ runId: RunId, run: z.string(), overall: GroupScore.nullable() })),
  /** How `to` fares against `from` in the matching segments; up to 0.05 is the same. */
  outcomes: z.strictObject({ better: z.int(), worse: z.int(), same: z.int() }),
  charts: z.array(BucketChart),
  /** Segments by sentence score, without the filter on that run's scores: bins of equal width from 0. */
  histograms: z.array(z.strictObject({ runId: RunId, counts: z.array(z.int()) })),
  binWidth: z.number(),
  /** Segments by difference, without the filter on differences: the middle bin is around 0. */
  deltas: z.strictObject({ from: z.number(), binWidth: z.number(), counts: z.array(z.int()) }),
  /** Score of `from` by score of `to`, without the filters on both: cells that hold anything. */
  cells: z.array(z.strictObject({ x: z.int(), y: z.int(), segments: z.int() })),
  cellWidth: z.number(),
})
export type AnalysisView = z.infer<typeof AnalysisView>

export const AnalysedSegment = z.strictObject({
  clipId: ClipId,
  name: z.string(),
  split: z.string(),
  signer: z.string(),
  state: ReviewState,
  durationMs: z.int(),
  language: z.string(),
  references: z.array(z.string()),
  outputs: z.array(z.strictObject({ runId: RunId, text: z.string(), score: z.number() })),
  /** Sentence score of `to` minus that of `from`. */
  delta: z.number(),
})
export type AnalysedSegment = z.infer<typeof AnalysedSegment>

export const ComparedNgram = z.strictObject({
  tokens: Ngram,
  /** How often each run of the pair matched it in the references. */
  from: z.int(),
  to: z.int(),
  /** (matches of the better run + 1) / (matches of both + 2). */
  ratio: z.number(),
})
export type ComparedNgram = z.infer<typeof ComparedNgram>

export const AnalysisProgress = z.strictObject({
  stage: z.enum(['reading', 'scoring', 'ready']),
  done: z.int(),
  total: z.int(),
})
export type AnalysisProgress = z.infer<typeof AnalysisProgress>

export const analysis = {
  /** Reads and scores the segments of a scope; ends when questions about it are answered at once. */
  prepare: base.input(z.strictObject({ scope: AnalysisScope })).output(eventIterator(AnalysisProgress)),
  view: base.input(z.strictObject({ ...View, kinds: z.array(BucketKind).default([]) })).output(AnalysisView),
  segments: base
    .input(
      z.strictObject({
        ...View,
        order: z.enum(SEGMENT_ORDERS).default('worse'),
        offset: z.int().nonnegative().default(0),
        limit: z.int().positive().max(1000).default(50),
      }),
    )
    .output(z.strictObject({ total: z.int(), rows: z.array(AnalysedSegment) })),
  /** N-grams of the matching segments that one run of the pair gets right more often than the other. */
  ngrams: base
    .input(
      z.strictObject({
        ...View,
        orders: z.array(z.int().min(1).max(NGRAM_ORDER)).min(1).default([1, 2, 3, 4]),
        limit: z.int().positive().max(200).default(20),
      }),
    )
    .output(z.strictObject({ won: z.array(ComparedNgram), lost: z.array(ComparedNgram) })),
}
