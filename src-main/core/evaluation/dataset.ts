import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { requireSentenceRun } from '../run/run-tasks.ts'
import { bestHypotheses, countTranslated, type SharedClip, sharedClips } from './dataset.queries.ts'

/** Several runs over the clips that all of them have translated, in the order of the clips' names. */
export interface Dataset {
  runs: { runId: RunId; run: string }[]
  clips: { clipId: ClipId; name: string }[]
  references: string[][]
  /** Per run, then per clip. */
  hypotheses: string[][]
  hypothesisIds: HypothesisId[][]
  /** Of most references (BCP 47). */
  language: string
  leftOut: number
  rowOf: Map<ClipId, number>
}

/** @throws AppError 'not-found' where a run was removed, 'invalid-input' where one writes glosses */
export function loadDataset(db: ReadDb, runIds: readonly RunId[], split: string | null): Dataset {
  const runs = runIds.map(runId => {
    const { name: run } = requireSentenceRun(db, runId)
    return { runId, run }
  })
  const shared = sharedClips(db, runIds, split)
  const rowOf = new Map(shared.map(({ clipId }, row) => [clipId, row]))
  const hypotheses = runs.map(() => Array.from<string>({ length: shared.length }).fill(''))
  const hypothesisIds = runs.map(() => Array.from<HypothesisId>({ length: shared.length }))
  runIds.forEach((runId, at) => {
    for (const { id, clipId, text } of bestHypotheses(db, runId)) {
      const row = rowOf.get(clipId)
      if (row === undefined) continue
      hypotheses[at]![row] = text
      hypothesisIds[at]![row] = id
    }
  })
  return {
    runs,
    clips: shared.map(({ clipId, name }) => ({ clipId, name })),
    references: shared.map(({ references }) => JSON.parse(references) as string[]),
    hypotheses,
    hypothesisIds,
    language: commonLanguage(shared),
    leftOut: countTranslated(db, runIds, split) - shared.length,
    rowOf,
  }
}

/** The language most clips are in; a corpus of mixed languages is scored with that one's settings. */
function commonLanguage(clips: readonly SharedClip[]): string {
  const counts = new Map<string, number>()
  for (const { language } of clips) counts.set(language, (counts.get(language) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
