import { AppError } from '#shared/contract/errors.ts'

/** The sacreBLEU release whose numbers and signatures these metrics reproduce. */
export const SACREBLEU_VERSION = '2.6.0'

/** References per segment: how many, or that segments differ. */
export type ReferenceCount = number | 'var'

/** A corpus or sentence score under the names sacreBLEU gives it. */
export interface Score<Details extends object = object> {
  name: string
  score: number
  signature: string
  details: Details
}

/** One sentence and what it is compared with; `null` is a missing reference, `''` a real empty one. */
export interface Segment {
  hypothesis: string
  references: readonly (string | null)[]
}

/**
 * The sufficient statistics of many segments, row by row in one array. A corpus score is the score of
 * their sum, so a changed segment costs one row and one summation.
 */
export interface StatisticsTable {
  columns: number
  rows: number
  values: Float64Array
}

/**
 * Applied to every intermediate result. sacreBLEU's bootstrap computes in single precision (`Math.fround`), all
 * else in double.
 */
export type Rounding = (value: number) => number

export const inDouble: Rounding = value => value

/** What a metric implementation provides; `defineMetric` makes the rest of it. */
export interface MetricCore<Details extends object> {
  name: string
  /** The signature between the number of references and the version. */
  signatureKeys: string
  /** The version at the end of the signature; sacreBLEU's unless the metric is not one of its own. */
  version?: string
  /** Statistics per segment. */
  columns: number
  /** Loads the references of the next segment. */
  prepare: (references: readonly string[]) => void
  /** Writes the statistics of one hypothesis against the loaded references. */
  compare: (hypothesis: string, into: Float64Array, offset: number) => void
  /** The score that summed statistics stand for. */
  evaluate: (total: ArrayLike<number>, round?: Rounding) => { score: number; details: Details }
}

export interface Metric<Details extends object = object> extends Omit<
  MetricCore<Details>,
  'prepare' | 'compare'
> {
  signature: (references?: ReferenceCount) => string
  /** The statistics of one segment. */
  statistics: (hypothesis: string, references: readonly (string | null)[]) => Float64Array
  /** The statistics of each system over the same segments; references are prepared once for all. */
  tables: (
    systems: readonly (readonly string[])[],
    references: readonly (readonly (string | null)[])[],
  ) => StatisticsTable[]
  /** The score of rows of statistics taken together. */
  aggregate: (
    rows: StatisticsTable | Iterable<ArrayLike<number>>,
    references?: ReferenceCount,
  ) => Score<Details>
  sentence: (hypothesis: string, references: readonly (string | null)[]) => Score<Details>
  corpus: (segments: readonly Segment[]) => Score<Details>
}

/** Completes a metric. Its buffers are shared between calls, so use one metric per thread. */
export function defineMetric<Details extends object>(core: MetricCore<Details>): Metric<Details> {
  const { name, signatureKeys, version = SACREBLEU_VERSION, columns, evaluate } = core

  function load(references: readonly (string | null)[], index?: number): void {
    const present = references.filter(reference => reference !== null)
    if (present.length === 0) throw noReference(name, index)
    core.prepare(present)
  }

  function statistics(hypothesis: string, references: readonly (string | null)[]): Float64Array {
    const row = new Float64Array(columns)
    load(references)
    core.compare(hypothesis, row, 0)
    return row
  }

  function tables(
    systems: readonly (readonly string[])[],
    references: readonly (readonly (string | null)[])[],
  ): StatisticsTable[] {
    const rows = references.length
    for (const system of systems) if (system.length !== rows) throw unequal(name, system.length, rows)
    const results = systems.map(() => ({ columns, rows, values: new Float64Array(rows * columns) }))
    references.forEach((ofSegment, row) => {
      load(ofSegment, row)
      results.forEach((table, s) => core.compare(systems[s]![row]!, table.values, row * columns))
    })
    return results
  }

  function aggregate(
    rows: StatisticsTable | Iterable<ArrayLike<number>>,
    references: ReferenceCount = 1,
  ): Score<Details> {
    const total = 'columns' in rows ? sumOfTable(rows) : sumOfRows(rows, columns)
    return { name, ...evaluate(total), signature: signature(references) }
  }

  const signature = (references: ReferenceCount = 1) =>
    `nrefs:${references}|${signatureKeys}|version:${version}`

  return {
    name,
    signatureKeys,
    version,
    columns,
    evaluate,
    signature,
    statistics,
    tables,
    aggregate,
    sentence: (hypothesis, references) =>
      aggregate([statistics(hypothesis, references)], countReferences([references])),
    corpus(segments) {
      const references = segments.map(segment => segment.references)
      const [table] = tables([segments.map(segment => segment.hypothesis)], references)
      return aggregate(table ?? [], countReferences(references))
    },
  }
}

/** The number for `nrefs`: missing references do not count. */
export function countReferences(references: readonly (readonly (string | null)[])[]): ReferenceCount {
  const counts = new Set(references.map(ofSegment => ofSegment.filter(text => text !== null).length))
  const [only] = counts
  return counts.size === 1 && only !== undefined ? only : 'var'
}

/** The sum of all rows, added in order as sacreBLEU does. */
export function sumOfTable({ columns, rows, values }: StatisticsTable): Float64Array {
  const total = new Float64Array(columns)
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) total[column] = total[column]! + values[at]!
  return total
}

function sumOfRows(rows: Iterable<ArrayLike<number>>, columns: number): Float64Array {
  const total = new Float64Array(columns)
  for (const row of rows)
    for (let column = 0; column < columns; column++) total[column] = total[column]! + row[column]!
  return total
}

/** One row of a table, as a view. */
export function rowOf(table: StatisticsTable, row: number): Float64Array {
  return table.values.subarray(row * table.columns, (row + 1) * table.columns)
}

function noReference(metric: string, index: number | undefined): AppError {
  const which = index === undefined ? 'The sentence' : `Segment ${index + 1}`
  return new AppError('invalid-input', `${which} has no reference, so ${metric} is not defined for it.`, {
    details: { segment: index },
  })
}

function unequal(metric: string, hypotheses: number, references: number): AppError {
  return new AppError(
    'invalid-input',
    `${metric} needs one hypothesis per segment: there are ${hypotheses} hypotheses and ${references} segments.`,
    { details: { hypotheses, references } },
  )
}
