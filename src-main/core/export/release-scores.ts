import { type CorpusScoreRow, corpusScoreRows } from './corpus-scores.ts'
import { type PlainText, scorePlain } from './dataset-plain.ts'
import type { DatasetTest, EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import { heldTests } from './release-tests.ts'
import { type ScoringTask, type SignificanceRow, significanceRows } from './release-significance.ts'

/** All numbers of a release. */
export interface ReleaseScores {
  plain: PlainText
  scores: CorpusScoreRow[]
  /** Every run against the baseline. */
  tests: SignificanceRow[]
  /** All pairs of some runs, as people have tested them. */
  pairs: DatasetTest[]
}

export async function scoreRelease(
  dataset: EvaluatedDataset,
  outline: Outline,
  task: ScoringTask = {},
): Promise<ReleaseScores> {
  const plain = await scorePlain(dataset, outline, task.signal)
  const scores = await corpusScoreRows({ dataset, outline, plain }, task)
  const tests = await significanceRows({ dataset, outline, plain }, task)
  return { plain, scores, tests, pairs: heldTests({ dataset, outline, plain }) }
}
