import { bleu } from '#main/metrics/bleu.ts'
import { metricFrom } from '#main/metrics/metric-names.ts'
import {
  type Metric,
  type ReferenceCount,
  rowOf,
  type StatisticsTable,
  sumOfTable,
} from '#main/metrics/metric.ts'
import {
  chooseTokenizer,
  DEFAULT_METRICS,
  type NamedScore,
  resolveOptions,
  type ScorerOptions,
  sentenceMetrics,
} from './scorer.ts'

/** A metric with the statistics of every segment. */
export interface Measured {
  metric: Metric
  table: StatisticsTable
}

/**
 * The scores of one system whose segments come one after the other: only their statistics are kept, never their
 * texts. Same numbers as `createScorer` on all of them together.
 */
export interface RunningScore {
  /** The next segment; all have the same number of references. */
  add: (hypothesis: string, references: readonly string[]) => { bleu: number; chrf: number }
  scores: () => NamedScore[]
  measured: (metricName: string) => Measured
}

export function createRunningScore(
  segments: number,
  references: ReferenceCount,
  options: ScorerOptions,
): RunningScore {
  const resolved = resolveOptions(options)
  const ofSentence = sentenceMetrics(chooseTokenizer(options), options.lowercase)
  const names = options.metrics ?? DEFAULT_METRICS
  const metrics = new Map(names.map(name => [name, metricFrom(name, resolved)]))
  const tables = new Map<string, Measured>()
  let filled = 0

  // The statistics of BLEU-4 hold those of the lower orders, so BLEU-1 to 4 take one pass.
  const isBleu = (metric: Metric) => metric.name.startsWith('BLEU')
  const keyOf = (metric: Metric) => (isBleu(metric) ? 'BLEU' : `${metric.name} ${metric.signatureKeys}`)

  function tableOf(metric: Metric): StatisticsTable {
    const key = keyOf(metric)
    const known = tables.get(key)
    if (known) return known.table
    const wide = isBleu(metric) ? bleu(resolved) : metric
    const values = new Float64Array(segments * wide.columns)
    const table = { columns: wide.columns, rows: segments, values }
    tables.set(key, { metric: wide, table })
    return table
  }

  const [bleuTable, chrfTable] = [tableOf(ofSentence.bleu), tableOf(ofSentence.chrf)]
  for (const metric of metrics.values()) tableOf(metric)

  function add(hypothesis: string, texts: readonly string[]): { bleu: number; chrf: number } {
    if (filled === segments) throw new Error(`There are more segments than the ${segments} announced`)
    for (const { metric, table } of tables.values())
      table.values.set(metric.statistics(hypothesis, texts), filled * table.columns)
    const score = {
      bleu: ofSentence.bleu.evaluate(rowOf(bleuTable, filled)).score,
      chrf: ofSentence.chrf.evaluate(rowOf(chrfTable, filled)).score,
    }
    filled += 1
    return score
  }

  function scores(): NamedScore[] {
    if (segments === 0) return []
    return [...metrics.values()].map(metric => {
      const { score, details } = metric.evaluate(sumOfTable(tableOf(metric)))
      return { metric: metric.name, score, signature: metric.signature(references), details: { ...details } }
    })
  }

  function measured(metricName: string): Measured {
    const metric = metricFrom(metricName, resolved)
    return { metric, table: tableOf(metric) }
  }

  return { add, scores, measured }
}
