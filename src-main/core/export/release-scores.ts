import { type CorpusScoreRow, corpusScoreRows } from './corpus-scores.ts'
import { type PlainText, scorePlain } from './dataset-plain.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import { type SignificanceRow, significanceRows } from './release-significance.ts'

/** All numbers of a release. */
export interface ReleaseScores {
  plain: PlainText
  scores: CorpusScoreRow[]
  tests: SignificanceRow[]
}

export async function scoreRelease(
  dataset: EvaluatedDataset,
  outline: Outline,
  { signal, onTested }: { signal?: AbortSignal | undefined; onTested?: () => void } = {},
): Promise<ReleaseScores> {
  const plain = await scorePlain(dataset, outline, signal)
  const scores = await corpusScoreRows(outline, plain, signal)
  const tests = await significanceRows({ dataset, outline, plain }, { signal, onTested })
  return { plain, scores, tests }
}
