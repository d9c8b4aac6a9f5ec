import type { CorpusScoreRow } from '../export/corpus-scores.ts'
import type { PlainText } from '../export/dataset-plain.ts'
import type { DatasetTest, EvaluatedDataset } from '../export/dataset.types.ts'
import type { Outline } from '../export/release-outline.ts'
import type { SignificanceRow } from '../export/release-significance.ts'

/** What a report is made from: numbers about clips, and never a clip itself. */
export interface ReportSource {
  dataset: EvaluatedDataset
  outline: Outline
  plain: PlainText
  scores: readonly CorpusScoreRow[]
  tests: readonly SignificanceRow[]
  pairs: readonly DatasetTest[]
}
