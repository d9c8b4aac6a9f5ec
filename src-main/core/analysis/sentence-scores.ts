import type { AnalysisMetric } from '#shared/contract/analysis.ts'
import { bleu } from '#main/metrics/bleu.ts'
import { metricFrom, type MetricOptions } from '#main/metrics/metric-names.ts'
import { countReferences, type Metric } from '#main/metrics/metric.ts'
import type { ActTask } from '../thread/acts-thread.ts'
import type { SegmentSet } from './segment-set.ts'

/** One metric over all segments and runs: what sums are made of, and what each sentence scores alone. */
export interface SentenceScores {
  name: string
  signature: string
  lowerIsBetter: boolean
  /** Statistics of a run. */
  columns: number
  /** Segment by segment, the statistics of all runs one after the other. */
  statistics: Float64Array
  /** Segment by segment, the score of each run. */
  scores: Float64Array
  /** The corpus score that summed statistics of one run stand for. */
  evaluate: (total: Float64Array) => number
}

const CHUNK = 1000
const ERROR_RATES: readonly AnalysisMetric[] = ['ter', 'wer']

/** Scores every sentence; a longer text is scored in pieces, so that it can be told of and cancelled. */
export async function scoreSentences(
  set: SegmentSet,
  metricName: AnalysisMetric,
  options: MetricOptions,
  { signal, progress }: { signal: AbortSignal; progress: (done: number) => void },
): Promise<SentenceScores> {
  const metric = metricFrom(metricName, options)
  // A sentence shorter than four words has no 4-grams: sacreBLEU's sentence_bleu leaves those orders out.
  const ofSentence: Metric = metricName === 'bleu' ? bleu({ ...options, effectiveOrder: true }) : metric
  const runs = set.outputs.length
  const { columns } = metric
  const statistics = new Float64Array(set.size * runs * columns)
  const scores = new Float64Array(set.size * runs)
  for (let from = 0; from < set.size; from += CHUNK) {
    const to = Math.min(set.size, from + CHUNK)
    const tables = metric.tables(
      set.outputs.map(texts => texts.slice(from, to)),
      set.references.slice(from, to),
    )
    tables.forEach(({ values }, run) => {
      for (let row = from; row < to; row++) {
        const own = values.subarray((row - from) * columns, (row - from + 1) * columns)
        statistics.set(own, (row * runs + run) * columns)
        scores[row * runs + run] = ofSentence.evaluate(own).score
      }
    })
    progress(to)
    await breathe(signal)
  }
  return {
    name: metric.name,
    signature: metric.signature(countReferences(set.references)),
    lowerIsBetter: ERROR_RATES.includes(metricName),
    columns,
    statistics,
    scores,
    evaluate: total => metric.evaluate(total).score,
  }
}

/** Lets messages in, among them the one that cancels. */
export async function breathe(signal: ActTask['signal']): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
  signal.throwIfAborted()
}
