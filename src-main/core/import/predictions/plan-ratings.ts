import type { ImportIssue } from '#shared/contract/transfer.ts'
import type { PredictionRating } from '../../../formats/predictions/prediction-entry.ts'
import type { PlannedSystem } from './plan-predictions.ts'

/** The judgements of one annotator on one output in the order of the files: the first counts, the others repeat it. */
export interface OutputRatings {
  system: string
  clip: string
  annotator: string
  ratings: PredictionRating[]
}

export interface PlannedRatings {
  outputs: OutputRatings[]
  /** Judgements of whole documents. */
  documents: PredictionRating[]
  issues: ImportIssue[]
}

export function planRatings(
  ratings: readonly PredictionRating[],
  systems: readonly PlannedSystem[],
): PlannedRatings {
  const clipOf = new Map<string, string>()
  const known = new Set<string>()
  for (const { name, rows } of systems) {
    known.add(name)
    for (const { entry, clip } of rows) if (clip !== null) clipOf.set(keyOf(name, entry.name), clip)
  }
  const planned: PlannedRatings = { outputs: [], documents: [], issues: [] }
  const outputs = new Map<string, OutputRatings>()
  for (const rating of ratings) {
    const { system, name, annotator, file, line } = rating
    const clip = clipOf.get(keyOf(system, name))
    if (name === '' && known.has(system)) planned.documents.push(rating)
    else if (clip === undefined)
      planned.issues.push({
        severity: 'warning',
        file,
        line,
        message: known.has(system)
          ? `Left out: ${system} has no output for ${name}.`
          : `Left out: there are no outputs of the system ${system}. Put its file beside this one.`,
      })
    else {
      const key = `${keyOf(system, clip)}\t${annotator}`
      const same = outputs.get(key) ?? { system, clip, annotator, ratings: [] }
      same.ratings.push(rating)
      outputs.set(key, same)
    }
  }
  planned.outputs = [...outputs.values()]
  return planned
}

function keyOf(system: string, name: string): string {
  return `${system}\t${name}`
}
