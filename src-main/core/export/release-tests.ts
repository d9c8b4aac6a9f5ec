import type { SignificanceReport } from '#shared/contract/evaluation.ts'
import { sumOfTable } from '#main/metrics/metric.ts'
import type { PlainText } from './dataset-plain.ts'
import type { DatasetTest, EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import { commonRows, pick, wayOf } from './release-significance.ts'

/**
 * The tests of all pairs that people have made and that still hold: each was made over exactly the sentences that are
 * in the release, which its scores prove.
 */
export function heldTests({
  dataset,
  outline,
  plain,
}: {
  dataset: EvaluatedDataset
  outline: Outline
  plain: PlainText
}): DatasetTest[] {
  return dataset.tests.filter(test => isHeld(test, outline, plain))
}

/** Scores are sums of the same doubles in the same order, but for those with fractions. */
const TOLERANCE = 1e-9

function isHeld(test: DatasetTest, outline: Outline, plain: PlainText): boolean {
  const at = test.runs.map(name => plain.runs.findIndex(({ run }) => run === name))
  if (at.includes(-1)) return false
  const rows = commonRows(outline, at, ({ split }) => test.split === null || split === test.split)
  if (rows[0]?.length !== test.clips || test.clips === 0) return false
  return test.tables.every(({ key, slt, scores }) =>
    at.every((index, i) => {
      const way = wayOf(plain.runs[index]!, test)
      if (way.scores.find(line => line.key === key)?.slt !== slt) return false
      const { metric, table } = way.measured(key)
      const { score } = metric.evaluate(sumOfTable(pick(table, rows[i]!)))
      return Math.abs(score - scores[i]!.score) <= TOLERANCE * Math.max(1, Math.abs(score))
    }),
  )
}

/** The latest answer to each question, the earliest first. */
export function latestTests(
  reports: readonly SignificanceReport[],
  released: ReadonlySet<string>,
): DatasetTest[] {
  const found = new Map<string, DatasetTest>()
  for (const { runs, ...report } of reports.toSorted((a, b) => a.testedAt - b.testedAt)) {
    const test = { ...report, runs: runs.map(({ run }) => run) }
    const { tables: _tables, testedAt: _at, clips: _clips, ...question } = test
    if (test.runs.every(run => released.has(run))) found.set(JSON.stringify(question), test)
  }
  return [...found]
    .toSorted(([a, x], [b, y]) => x.testedAt - y.testedAt || (a < b ? -1 : 1))
    .map(([, test]) => test)
}
