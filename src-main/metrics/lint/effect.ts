import type { Normaliser } from '#shared/contract/evaluation.ts'
import type { Metric } from '../metric.ts'
import { prepareReferences, prepareText } from '../recipes/prepare-text.ts'
import { metricUnder, normalised, type Procedure } from '../recipes/procedure.ts'
import type { LintedText } from './checks.ts'

/** BLEU and chrF of each system, in points. */
export type Effect = { bleu: number; chrf: number }[]

const METRICS = ['bleu', 'chrf'] as const

interface Prepared {
  hypotheses: string[]
  references: (string | null)[]
}

/** Measures what mending does to the scores by exchanging or taking out the rows concerned, not by scoring all anew. */
export function createEffects(text: LintedText, procedure: Procedure) {
  const systems = text.hypotheses.length
  const own = METRICS.map(name => metricUnder(procedure, name))
  const rows = own.map(metric =>
    text.references.map((_, row) => statisticsOf(metric, prepared(row, procedure))),
  )

  function prepared(row: number, by: Procedure): Prepared {
    return {
      hypotheses: text.hypotheses.map(of => prepareText(of[row]!, by, 'hypothesis')),
      references: prepareReferences(text.references[row]!, by, text.roundTrip),
    }
  }

  /** Points gained when the normaliser is used beside what the procedure does already. */
  function ofNormaliser(normaliser: Normaliser): Effect {
    const mended = normalised(procedure, [normaliser])
    const changed = text.references.keys().filter(row => {
      if (mended.tokenize !== procedure.tokenize) return true
      return JSON.stringify(prepared(row, mended)) !== JSON.stringify(prepared(row, procedure))
    })
    const changedRows = [...changed]
    return effect((_, m) => {
      const other = metricUnder(mended, METRICS[m]!)
      return changedRows.map(row => ({ row, now: statisticsOf(other, prepared(row, mended)) }))
    })
  }

  /** Points gained when the segments are left out; null where nothing would be left. */
  function without(left: ReadonlySet<number>): Effect | null {
    if (left.size >= text.references.length) return null
    return effect(metric =>
      [...left].map(row => ({ row, now: text.hypotheses.map(() => new Float64Array(metric.columns)) })),
    )
  }

  function effect(exchanged: (metric: Metric, m: number) => { row: number; now: Float64Array[] }[]): Effect {
    const gains = own.map((metric, m) => {
      const changes = exchanged(metric, m)
      return Array.from({ length: systems }, (_, system) => {
        const before = sum(
          rows[m]!.map(of => of[system]!),
          metric.columns,
        )
        const after = Float64Array.from(before)
        for (const { row, now } of changes)
          for (let column = 0; column < metric.columns; column++)
            after[column] = after[column]! - rows[m]![row]![system]![column]! + now[system]![column]!
        return metric.evaluate(after).score - metric.evaluate(before).score
      })
    })
    return Array.from({ length: systems }, (_, system) => ({
      bleu: gains[0]![system]!,
      chrf: gains[1]![system]!,
    }))
  }

  return { ofNormaliser, without }
}

function statisticsOf(metric: Metric, { hypotheses, references }: Prepared): Float64Array[] {
  return hypotheses.map(hypothesis => metric.statistics(hypothesis, references))
}

function sum(rows: readonly Float64Array[], columns: number): Float64Array {
  const total = new Float64Array(columns)
  for (const row of rows)
    for (let column = 0; column < columns; column++) total[column] = total[column]! + row[column]!
  return total
}
