import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { metricFrom, type MetricOptions } from '../../../metrics/metric-names.ts'
import {
  countReferences,
  type Metric,
  rowOf,
  type StatisticsTable,
  sumOfTable,
} from '../../../metrics/metric.ts'

/** Metrics whose lower values are better; they are turned around before they are compared with people. */
const LOWER_IS_BETTER = new Set(['TER'])
const METRICS = ['bleu', 'chrf', 'chrf++', 'ter', 'rouge'] as const

export interface HumanOutput {
  clipId: ClipId
  text: string
  references: readonly string[]
  /** Mean judgement, higher is better. */
  human: number
}

export interface RatedRun {
  runId: RunId
  run: string
  outputs: readonly HumanOutput[]
}

/** What people and metrics say of a choice of clips: a number per output, and one per run. */
export interface Drawn {
  human: Float64Array
  /** By metric, higher is better. */
  segments: Float64Array[]
  systemHuman: Float64Array
  systems: Float64Array[]
}

interface RunTable {
  /** Row in the tables by position of the clip; −1 where the run was not judged on it. */
  rowOfClip: Int32Array
  human: Float64Array
  /** By metric. */
  statistics: StatisticsTable[]
  sentences: Float64Array[]
}

interface NamedMetric {
  name: string
  signature: string
  corpus: Metric
  sign: number
}

function metricsFor(runs: readonly RatedRun[], options: MetricOptions): NamedMetric[] {
  const references = runs.flatMap(run => run.outputs.map(output => output.references))
  return METRICS.map(id => {
    const corpus = metricFrom(id, options)
    const sign = LOWER_IS_BETTER.has(corpus.name) ? -1 : 1
    return { name: corpus.name, signature: corpus.signature(countReferences(references)), corpus, sign }
  })
}

function tableOf(
  { outputs }: RatedRun,
  clipAt: ReadonlyMap<ClipId, number>,
  metrics: readonly NamedMetric[],
  options: MetricOptions,
): RunTable {
  const rowOfClip = new Int32Array(clipAt.size).fill(-1)
  outputs.forEach(({ clipId }, row) => (rowOfClip[clipAt.get(clipId)!] = row))
  const texts = outputs.map(({ text }) => text)
  const references = outputs.map(output => output.references)
  const statistics = metrics.map(({ corpus }) => corpus.tables([texts], references)[0]!)
  // A sentence may be too short for 4-grams: its BLEU leaves those orders out, as sacreBLEU's does.
  const ofSentence = METRICS.map(id => metricFrom(id, { ...options, effectiveOrder: true }))
  const sentences = statistics.map((table, at) =>
    Float64Array.from(
      outputs,
      (_, row) => metrics[at]!.sign * ofSentence[at]!.evaluate(rowOf(table, row)).score,
    ),
  )
  return { rowOfClip, human: Float64Array.from(outputs, ({ human }) => human), statistics, sentences }
}

/** Statistics of every judged output, so that any choice of clips can be scored by adding rows. */
export function createMetricTables(runs: readonly RatedRun[], options: MetricOptions) {
  const clipIds = [...new Set(runs.flatMap(({ outputs }) => outputs.map(({ clipId }) => clipId)))]
  const clipAt = new Map(clipIds.map((id, at) => [id, at]))
  const metrics = metricsFor(runs, options)
  const tables = runs.map(run => tableOf(run, clipAt, metrics, options))

  function drawn(clips: ArrayLike<number>): Drawn {
    const rows = tables.map(({ rowOfClip }) => rowsOf(rowOfClip, clips))
    const kept = tables.filter((_, run) => rows[run]!.length > 0)
    const keptRows = rows.filter(own => own.length > 0)
    const joined = (of: (table: RunTable) => Float64Array) => gather(kept.map(of), keptRows)
    return {
      human: joined(({ human }) => human),
      segments: metrics.map((_, at) => joined(({ sentences }) => sentences[at]!)),
      systemHuman: Float64Array.from(kept, ({ human }, run) => meanOfRows(human, keptRows[run]!)),
      systems: metrics.map(({ corpus, sign }, at) =>
        Float64Array.from(
          kept,
          ({ statistics }, run) => sign * corpus.evaluate(sumOfRows(statistics[at]!, keptRows[run]!)).score,
        ),
      ),
    }
  }

  return {
    metrics,
    clips: clipIds.length,
    segments: runs.reduce((sum, { outputs }) => sum + outputs.length, 0),
    drawn,
    whole: () => drawn(Uint32Array.from(clipIds, (_, at) => at)),
    systemScores: (run: number) => ({
      human: meanOfRows(
        tables[run]!.human,
        Uint32Array.from(tables[run]!.human, (_, row) => row),
      ),
      scores: metrics.map(
        ({ corpus }, at) => corpus.evaluate(sumOfTable(tables[run]!.statistics[at]!)).score,
      ),
    }),
  }
}

export type MetricTables = ReturnType<typeof createMetricTables>

function rowsOf(rowOfClip: Int32Array, clips: ArrayLike<number>): Uint32Array {
  const rows = new Uint32Array(clips.length)
  let length = 0
  for (let at = 0; at < clips.length; at++) {
    const row = rowOfClip[clips[at]!]!
    if (row >= 0) rows[length++] = row
  }
  return rows.subarray(0, length)
}

function gather(values: readonly Float64Array[], rows: readonly Uint32Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, own) => sum + own.length, 0))
  let at = 0
  rows.forEach((own, run) => {
    for (const row of own) all[at++] = values[run]![row]!
  })
  return all
}

function meanOfRows(values: Float64Array, rows: Uint32Array): number {
  let sum = 0
  for (const row of rows) sum += values[row]!
  return sum / rows.length
}

function sumOfRows({ columns, values }: StatisticsTable, rows: Uint32Array): Float64Array {
  const total = new Float64Array(columns)
  for (const row of rows)
    for (let column = 0; column < columns; column++)
      total[column] = total[column]! + values[row * columns + column]!
  return total
}
