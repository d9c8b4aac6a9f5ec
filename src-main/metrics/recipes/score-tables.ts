import type { RecipeId } from '#shared/contract/evaluation.ts'
import { type Metric, type ReferenceCount, type StatisticsTable, sumOfTable } from '../metric.ts'
import { prepareReferences, prepareText, type RoundTrip } from './prepare-text.ts'
import { bleuOrder, metricUnder, type Procedure, sltSignature, UNTOUCHED_TEXT } from './procedure.ts'

/** Several systems over the same segments. */
export interface Systems {
  /** Per system, then per segment. */
  hypotheses: readonly (readonly string[])[]
  /** Per segment. */
  references: readonly (readonly (string | null)[])[]
}

export interface ScoredLine {
  key: string
  metric: string
  isLowerBetter: boolean
  signature: string
  slt: string
  scores: number[]
}

/** One kind of statistics for all systems. BLEU-1 to 4 share one: their counts are columns of BLEU-4's. */
export interface Family {
  key: string
  metric: Metric
  tables: StatisticsTable[]
  totals: Float64Array[]
  /** All statistics are whole numbers, so that sums are exact and one row can be exchanged in them. */
  isWhole: boolean
  /** Per system: rows have changed since the sum was taken. */
  isStale: boolean[]
}

export interface ScoreTablesOptions {
  procedure: Procedure
  recipe: RecipeId
  metrics: readonly string[]
  roundTrip?: RoundTrip | undefined
  /** The texts are as the procedure asks already: a release writes them so. */
  isPrepared?: boolean | undefined
}

const CHUNK = 512

export const isErrorRate = (metric: string) => /^(ter|wer)/.test(metric)

/** Statistics of systems under one recipe: filled segment by segment, scored from sums, mended by the row. */
export function createScoreTables(size: { systems: number; segments: number }, options: ScoreTablesOptions) {
  const { recipe, metrics, roundTrip } = options
  const { procedure, preparation } = proceduresOf(options)
  const families = [...new Set(metrics.map(familyOf))].map(key => emptyFamily(key, procedure, size))
  const { omitted, ...counter } = countReferences(size.segments, preparation)

  function prepared({ hypotheses, references }: Systems): Systems {
    return {
      hypotheses: hypotheses.map(of => of.map(text => prepareText(text, preparation, 'hypothesis'))),
      references: references.map(of => prepareReferences(of, preparation, roundTrip)),
    }
  }

  /** Computes the rows from `start` on for as many segments as are given. */
  function fill(start: number, systems: Systems): void {
    const ready = prepared(systems)
    counter.note(start, systems.references)
    for (const family of families)
      writeRows(family, start, family.metric.tables(ready.hypotheses, ready.references))
  }

  function writeRows(family: Family, start: number, parts: readonly StatisticsTable[]): void {
    parts.forEach((part, system) => {
      const { columns, rows } = part
      if (omitted >= start && omitted < start + rows)
        part.values.fill(0, (omitted - start) * columns, (omitted - start + 1) * columns)
      exchange(family, system, start, part)
    })
  }

  function line(key: string): ScoredLine {
    const family = families.find(each => each.key === familyOf(key))!
    const metric = metricUnder(procedure, key)
    return {
      key,
      metric: metric.name,
      isLowerBetter: isErrorRate(key),
      signature: metric.signature(counter.nrefs()),
      slt: sltSignature(procedure, key, recipe),
      scores: family.totals.map((_, system) => metric.evaluate(totalOf(family, system)).score),
    }
  }

  /** Takes rows that were computed before; `finish` adds them up. */
  function restore(family: Family, system: number, row: number, values: Float64Array): void {
    family.tables[system]!.values.set(values, row * values.length)
  }

  function finish(references: Systems['references']): void {
    counter.note(0, references)
    for (const family of families) {
      family.isWhole = family.tables.every(({ values }) => values.every(Number.isInteger))
      family.isStale.fill(true)
      family.tables.forEach((_, system) => totalOf(family, system))
    }
  }

  return {
    procedure,
    families,
    fill,
    restore,
    finish,
    line,
    lines: () => metrics.map(line),
    nrefs: counter.nrefs,
    metricOf: (key: string) => metricUnder(procedure, key),
  }
}

/** What the signatures say, and what is still to be done to the texts. */
function proceduresOf({ procedure: asked, roundTrip, isPrepared }: ScoreTablesOptions) {
  if (isPrepared) return { procedure: asked, preparation: { ...asked, ...UNTOUCHED_TEXT } }
  // Without a tokenizer references stay as they are, and the signature says so.
  const procedure: Procedure = roundTrip ? asked : { ...asked, refsrc: 'raw' }
  return { procedure, preparation: procedure }
}

/** Keeps the number for `nrefs` while references come and go. */
function countReferences(segments: number, procedure: Procedure) {
  const segmentsWith = new Map<number, number>()
  const countOf = new Int32Array(segments).fill(-1)
  const omitted = procedure.leaveOut === 'none' ? -1 : Number(procedure.leaveOut)

  function note(start: number, references: Systems['references']): void {
    references.forEach((ofSegment, i) => {
      if (start + i === omitted) return
      const before = countOf[start + i]!
      const present = ofSegment.filter(text => text !== null).length
      const now = procedure.references === 'first' ? Math.min(1, present) : present
      if (before >= 0) segmentsWith.set(before, segmentsWith.get(before)! - 1)
      segmentsWith.set(now, (segmentsWith.get(now) ?? 0) + 1)
      countOf[start + i] = now
    })
  }

  function nrefs(): ReferenceCount {
    const kinds = [...segmentsWith].filter(([, times]) => times > 0).map(([count]) => count)
    return kinds.length === 1 ? kinds[0]! : 'var'
  }

  return { omitted, note, nrefs }
}

export type ScoreTables = ReturnType<typeof createScoreTables>

/** Fills tables with a pause after every few hundred segments. */
export function* fillInSteps(
  tables: ScoreTables,
  systems: Systems,
): Generator<{ done: number; total: number }> {
  const total = systems.references.length
  for (let start = 0; start < total; start += CHUNK) {
    const end = Math.min(total, start + CHUNK)
    tables.fill(start, {
      hypotheses: systems.hypotheses.map(of => of.slice(start, end)),
      references: systems.references.slice(start, end),
    })
    yield { done: end, total }
  }
}

/** Scores of plain text at once. */
export function scoreSystems(systems: Systems, options: ScoreTablesOptions): ScoreTables {
  const size = { systems: systems.hypotheses.length, segments: systems.references.length }
  const tables = createScoreTables(size, options)
  for (const _ of fillInSteps(tables, systems)) continue
  return tables
}

export function familyOf(metric: string): string {
  return bleuOrder(metric) === null ? metric : 'bleu'
}

function emptyFamily(key: string, procedure: Procedure, size: { systems: number; segments: number }): Family {
  const metric = metricUnder(procedure, key)
  const { columns } = metric
  return {
    key,
    metric,
    tables: Array.from({ length: size.systems }, () => ({
      columns,
      rows: size.segments,
      values: new Float64Array(size.segments * columns),
    })),
    totals: Array.from({ length: size.systems }, () => new Float64Array(columns)),
    isWhole: true,
    isStale: Array.from({ length: size.systems }, () => false),
  }
}

/** Puts rows in place of others and renews the sum: by the difference where that is exact, else when it is asked for. */
function exchange(family: Family, system: number, start: number, part: StatisticsTable): void {
  const { values, columns } = family.tables[system]!
  const total = family.totals[system]!
  const at = start * columns
  family.isWhole &&= part.values.every(Number.isInteger)
  for (let i = 0; i < part.values.length; i++) {
    const column = i % columns
    if (family.isWhole) total[column] = total[column]! - values[at + i]! + part.values[i]!
    values[at + i] = part.values[i]!
  }
  if (!family.isWhole) family.isStale[system] = true
}

function totalOf(family: Family, system: number): Float64Array {
  if (family.isStale[system]) family.totals[system]!.set(sumOfTable(family.tables[system]!))
  family.isStale[system] = false
  return family.totals[system]!
}
