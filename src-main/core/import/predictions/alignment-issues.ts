import type { PredictionPreview } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { findShift } from './compare-references.ts'
import type { Candidate } from './match-clips.ts'
import type { PlannedSystem } from './plan-predictions.ts'

/** What is doubtful where lines are counted against clips. */
export function alignmentIssues(
  alignment: PredictionPreview['alignment'],
  scope: readonly Candidate[],
  systems: readonly PlannedSystem[],
): ImportIssue[] {
  if (alignment === 'names') return []
  return systems
    .filter(({ rows }) => !rows.some(row => row.isNewClip))
    .flatMap(system => systemIssues(scope, system))
}

function systemIssues(scope: readonly Candidate[], { rows }: PlannedSystem): ImportIssue[] {
  const file = rows[0]?.entry.file ?? ''
  const theirs = rows.map(({ entry }) => entry.references[0] ?? '')
  const hasReferences = theirs.some(text => text !== '')
  const issues: ImportIssue[] = []
  if (!hasReferences)
    issues.push({
      severity: 'warning',
      file,
      line: null,
      message:
        'The file names no clips: its lines are counted against the clips. Give a file of names, or of references that prove the order.',
    })
  if (rows.length < scope.length)
    issues.push({
      severity: 'error',
      file,
      line: rows.length,
      message: `The file has ${rows.length} lines for ${scope.length} clips. Choose the split that it is about, or give the names.`,
    })
  const shift = hasReferences ? shiftOf(scope, rows, theirs) : null
  if (shift)
    issues.push({
      severity: 'error',
      file,
      line: shift.line + 1,
      message: `${shiftMessage(shift.by)} Mend the files, or give the names of the clips.`,
    })
  return issues
}

function shiftOf(
  scope: readonly Candidate[],
  rows: PlannedSystem['rows'],
  theirs: readonly string[],
): ReturnType<typeof findShift> {
  const byName = new Map(scope.map(clip => [clip.name, clip.references]))
  const order = rows.map(row => byName.get(row.clip ?? '') ?? [])
  const counted = new Set(rows.map(row => row.clip))
  // Clips behind the last line: where a line was lost, the last ones are not reached.
  const rest = scope.filter(clip => !counted.has(clip.name)).map(clip => clip.references)
  return findShift([...order, ...rest], theirs)
}

function shiftMessage(by: number): string {
  const lines = `${Math.abs(by)} ${Math.abs(by) === 1 ? 'line' : 'lines'}`
  return by > 0
    ? `From here on the references are those of later clips: ${lines} must have been lost from the files.`
    : `From here on the references are those of earlier clips: the files have ${lines} too many.`
}
