import { basename } from 'node:path'
import type { PredictionPreview, ReferenceDifference } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { wordsOf } from './compare-references.ts'
import type { Candidate } from './match-clips.ts'
import type { PlannedSystem } from './plan-predictions.ts'
import type { PlannedReferences } from './plan-references.ts'

interface Misfit {
  alignment: PredictionPreview['alignment']
  clips: readonly Candidate[]
  systems: readonly PlannedSystem[]
  references: PlannedReferences
  /** A line that was lost or added is known to be the reason. */
  isExplained: boolean
}

/** Fewer sentences than this say nothing of a whole file. */
const ENOUGH = 5
/** From this share of foreign sentences on, it is not corrections that make the difference. */
const TOO_MANY = 0.3
const SHOWN_NAMES = 3

/** Signs that a file is not about these clips, or not in their order. */
export function misfitIssues(misfit: Misfit): ImportIssue[] {
  return [...misfit.systems.flatMap(system => nameIssue(misfit, system)), ...referenceIssue(misfit)]
}

/** No row found its clip by name: most likely the file of another corpus. */
function nameIssue({ clips }: Misfit, { rows }: PlannedSystem): ImportIssue[] {
  const named = rows.filter(({ entry }) => entry.name !== '')
  if (named.length === 0 || rows.some(row => row.clip !== null)) return []
  const listed = (names: readonly string[]) => names.slice(0, SHOWN_NAMES).join(', ')
  const theirs = listed(named.map(({ entry }) => entry.name))
  const ours = listed(clips.map(({ name }) => name))
  return [
    {
      severity: 'error',
      file: basename(named[0]!.entry.file),
      line: null,
      message: `None of the ${rows.length} rows belongs to a clip: the file names ${theirs} …, the corpus has ${ours || 'no clips'} …. Is it the file of another corpus or split?`,
    },
  ]
}

function referenceIssue({ alignment, clips, references, isExplained }: Misfit): ImportIssue[] {
  const foreign = references.differences.filter(({ isFormOnly }) => !isFormOnly)
  const compared = references.same + references.differences.length
  if (isExplained || compared < ENOUGH || foreign.length < TOO_MANY * compared) return []
  const displaced = countDisplaced(clips, foreign)
  const isCounted = alignment !== 'names'
  const found = `${foreign.length} of ${compared} references of the file are other sentences than those of the clips they are given to.`
  const remedy = isCounted
    ? 'Give the names of the clips, line by line.'
    : 'Look whether names and sentences of the file belong together.'
  const why =
    displaced > foreign.length / 2
      ? `${displaced} of them are those of other clips: the lines are in another order. ${remedy}`
      : 'Is it the file of another corpus, or of another edition of its references?'
  const [first] = foreign
  return [
    {
      severity: isCounted || displaced > foreign.length / 2 ? 'error' : 'warning',
      file: basename(first?.file ?? ''),
      line: first?.line ?? null,
      message: `${found} ${why}`,
    },
  ]
}

/** References of the file that stand at another clip of the corpus. */
function countDisplaced(clips: readonly Candidate[], foreign: readonly ReferenceDifference[]): number {
  const owners = new Map(
    clips.flatMap(({ name, references }) => references.map(text => [wordsOf(text), name])),
  )
  return foreign.filter(({ clip, theirs }) => {
    const owner = owners.get(wordsOf(theirs))
    return owner !== undefined && owner !== clip
  }).length
}
