import { basename } from 'node:path'
import type { PredictedRow, PredictionPreview, PredictionSource } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import type { CorpusContext } from '../../context.ts'
import type { Editing } from '../../edit/edit.service.ts'
import { assertUseful, type PlannedRow, planPredictions, type PredictionPlan } from './plan-predictions.ts'
import { type WrittenPredictions, writePredictions } from './write-predictions.ts'

const MAX_ROWS_SHOWN = 500
const MAX_DIFFERENCES_SHOWN = 200
const MAX_NAMES_SHOWN = 50
const MAX_ISSUES = 500

/** Outputs of any system, as runs beside our own. */
export function createPredictionsService(context: CorpusContext, { editing }: { editing: Editing }) {
  async function preview(source: PredictionSource): Promise<PredictionPreview> {
    return asPreview(await planPredictions(context.db, source))
  }

  /** One edit: undo takes runs, references and made clips back together. */
  async function run(
    source: PredictionSource,
    signal?: AbortSignal,
  ): Promise<WrittenPredictions & PredictionPreview> {
    const plan = await planPredictions(context.db, source)
    signal?.throwIfAborted()
    assertUseful(plan)
    const names = plan.systems.map(system => system.run).join(', ')
    const written = editing.run(`Import predictions: ${names}`, {}, tx => writePredictions(context, tx, plan))
    return { ...asPreview(plan), ...written }
  }

  return { preview, run }
}

export type PredictionsService = ReturnType<typeof createPredictionsService>

function asPreview(plan: PredictionPlan): PredictionPreview {
  const { read, references, ratings } = plan
  const rows = plan.systems.flatMap(system => system.rows.map(row => shownRow(system.name, row)))
  const count = (status: PredictedRow['status']) => rows.filter(row => row.status === status).length
  return {
    format: read.format,
    files: read.files.map(({ path, bytes, sha256 }) => ({ path, bytes: bytes.length, sha256 })),
    encoding: read.encoding,
    delimiter: read.delimiter,
    header: read.header,
    columns: read.columns,
    sampleRows: read.sampleRows,
    alignment: plan.alignment,
    systems: plan.systems.map(system => ({
      name: system.name,
      run: system.run,
      clips: system.rows.filter(row => row.clip !== null).length,
      missing: system.missing.length,
      ratings: ratings.outputs.filter(rated => rated.system === system.name).length,
    })),
    counts: { imported: count('imported'), repaired: count('repaired'), skipped: count('skipped') },
    newClips: plan.newClips.length,
    references: {
      same: references.same,
      formOnly: references.differences.filter(({ isFormOnly }) => isFormOnly).length,
      different: references.differences.filter(({ isFormOnly }) => !isFormOnly).length,
      filled: references.filled,
    },
    differences: references.differences.slice(0, MAX_DIFFERENCES_SHOWN),
    ratings: {
      annotators: [
        ...new Set([...ratings.outputs, ...ratings.documents].map(({ annotator }) => annotator)),
      ].sort(),
      segments: ratings.outputs.length,
      repeats: ratings.outputs.reduce((sum, rated) => sum + rated.ratings.length - 1, 0),
      documents: ratings.documents.length,
    },
    missing: { count: plan.missing.length, names: plan.missing.slice(0, MAX_NAMES_SHOWN) },
    rows: rows.toSorted((a, b) => ORDER[a.status] - ORDER[b.status]).slice(0, MAX_ROWS_SHOWN),
    issues: firstIssues([...plan.issues, ...ratings.issues]),
  }
}

const ORDER = { skipped: 0, repaired: 1, imported: 2 }

function shownRow(
  system: string,
  { entry, clip, isNewClip, text, status, reason }: PlannedRow,
): PredictedRow {
  const { file, line, name } = entry
  return { file: basename(file), line, system, name, clip, isNewClip, text, status, reason }
}

function firstIssues(issues: readonly ImportIssue[]): ImportIssue[] {
  if (issues.length <= MAX_ISSUES) return [...issues]
  const message = `${issues.length - MAX_ISSUES} more are not listed.`
  return [...issues.slice(0, MAX_ISSUES), { severity: 'info', file: '', line: null, message }]
}
