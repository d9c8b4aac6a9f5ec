import type { EvaluationChoice, ScoreSheet } from '#shared/contract/evaluation.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { keysOf, normalised, type Procedure } from '#main/metrics/recipes/procedure.ts'
import { procedureOf, recipeNamed } from '#main/metrics/recipes/registry.ts'
import { createScoreTables, type Family, type ScoreTables } from '#main/metrics/recipes/score-tables.ts'
import type { WriteDb } from '../../db/types.ts'
import type { Dataset } from './dataset.ts'
import type { KeyedTokenizer } from './tokenizer-of.ts'
import { keepStatistics, keptStatistics, kindId, referencesOf, splitOf } from './dataset.queries.ts'

/** Runs under one recipe, with the statistics of each segment at hand. */
export interface Sheet {
  dataset: Dataset
  choice: EvaluationChoice
  procedure: Procedure
  tables: ScoreTables
}

export interface SheetDeps {
  db: WriteDb
  /** Where the recipe puts references through one. */
  tokenizer?: KeyedTokenizer
  /** Lets others have the thread; throws where the question was withdrawn. */
  giveWay: () => Promise<void>
}

const CHUNK = 256

/**
 * Fills the tables of a sheet. Statistics that were kept are read; the others are computed and kept.
 */
export async function openSheet(dataset: Dataset, choice: EvaluationChoice, deps: SheetDeps): Promise<Sheet> {
  const procedure = normalised(procedureOf(choice.recipe, dataset.language), choice.normalisers)
  const size = { systems: dataset.runs.length, segments: dataset.clips.length }
  const { metrics } = recipeNamed(choice.recipe)
  const tables = createScoreTables(size, {
    procedure,
    recipe: choice.recipe,
    metrics,
    roundTrip: deps.tokenizer?.roundTrip,
  })
  const sheet = { dataset, choice, procedure: tables.procedure, tables }
  const missing = restoreKept(sheet, deps)
  tables.finish(dataset.references)
  await deps.giveWay()
  for (let i = 0; i < missing.length; i += CHUNK) {
    const rows = missing.slice(i, i + CHUNK)
    for (const row of rows) fillRow(sheet, row)
    keepRows(sheet, rows, deps)
    await deps.giveWay()
  }
  return sheet
}

/** Reads what was kept and returns the rows that something is missing of. */
function restoreKept({ dataset, tables }: Sheet, deps: SheetDeps): number[] {
  const { rowOf, runs, clips } = dataset
  const found = new Uint16Array(clips.length)
  for (const family of tables.families) {
    const kind = kindId(deps.db, kindKey(family, tables.procedure, deps))
    runs.forEach(({ runId }, system) => {
      for (const { clipId, numbers } of keptStatistics(deps.db, runId, kind)) {
        const row = rowOf.get(clipId)
        if (row === undefined || numbers.length !== family.metric.columns * 8) continue
        tables.restore(family, system, row, doublesOf(numbers))
        found[row] = found[row]! + 1
      }
    })
  }
  const wanted = tables.families.length * runs.length
  return [...found.keys()].filter(row => found[row] !== wanted)
}

/** Everything that a segment's statistics depend on. */
function kindKey({ key, metric }: Family, procedure: Procedure, { tokenizer }: SheetDeps): string {
  const settings = keysOf(key).filter(name => name !== 'smooth' && name !== 'effectiveOrder')
  const values = settings.map(name => `${name}:${procedure[name]}`)
  const trip = procedure.refsrc === 'round-trip' ? [`tokenizer:${tokenizer?.key ?? ''}`] : []
  const keys = key === 'bleu' ? [] : [metric.signatureKeys]
  return [key, ...keys, ...values, ...trip].join('|')
}

function fillRow({ dataset, tables }: Sheet, row: number): void {
  tables.fill(row, {
    hypotheses: dataset.hypotheses.map(of => [of[row]!]),
    references: [dataset.references[row]!],
  })
}

function keepRows({ dataset, tables }: Sheet, rows: readonly number[], deps: SheetDeps): void {
  const { db } = deps
  db.transaction(() => {
    for (const family of tables.families) {
      const kind = kindId(db, kindKey(family, tables.procedure, deps))
      const { columns } = family.metric
      family.tables.forEach(({ values }, system) => {
        for (const row of rows) {
          const numbers = Float64Array.from(values.subarray(row * columns, (row + 1) * columns))
          keepStatistics(db, dataset.hypothesisIds[system]![row]!, kind, Buffer.from(numbers.buffer))
        }
      })
    }
  })()
}

/** SQLite's bytes may lie anywhere; doubles want an address that eight divides. */
function doublesOf(bytes: Buffer): Float64Array {
  const aligned = new Uint8Array(bytes.length)
  aligned.set(bytes)
  return new Float64Array(aligned.buffer)
}

/**
 * Takes the references of a clip as they are now.
 *
 * @returns false where clips have come or gone, so that the sheet has to be made anew
 */
export function refreshClip(
  sheet: Sheet,
  clipId: ClipId,
  split: string | null,
  { db }: Pick<SheetDeps, 'db'>,
): boolean {
  const { dataset } = sheet
  const row = dataset.rowOf.get(clipId)
  const isWanted = split === null || splitOf(db, clipId) === split
  if (row === undefined) return !isWanted
  const references = referencesOf(db, clipId)
  if (!isWanted || references.length === 0) return false
  if (JSON.stringify(references) === JSON.stringify(dataset.references[row])) return true
  dataset.references[row] = references
  // One row is computed sooner than it is written: whoever opens a sheet next finds it missing and keeps it then.
  fillRow(sheet, row)
  return true
}

/** The scores as the screens show them. */
export function sheetScores({ dataset, choice, tables }: Sheet, split: string | null): ScoreSheet {
  return {
    ...choice,
    split,
    runs: dataset.runs,
    clips: dataset.clips.length,
    leftOut: dataset.leftOut,
    lines: dataset.clips.length === 0 ? [] : tables.lines(),
  }
}
