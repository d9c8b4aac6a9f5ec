import { setImmediate } from 'node:timers/promises'
import { stableJson } from '#main/formats/jsonl.ts'
import { sumOfTable } from '#main/metrics/metric.ts'
import { confidenceInterval, DEFAULT_SEED } from '#main/metrics/significance.ts'
import type { PlainText } from './dataset-plain.ts'
import type { Outline } from './release-outline.ts'

const RESAMPLES = 1000

/** Metrics that get a confidence interval and are tested; the shorter BLEU orders follow from the same statistics. */
export const TESTED_METRICS: Readonly<Record<string, string>> = { BLEU: 'bleu', chrF2: 'chrf', TER: 'ter' }

/**
 * `eval/corpus_scores.json`: a row for each run and metric, with what it was counted from. Confidence intervals are
 * the 95 % of sacreBLEU's bootstrap (`--confidence`).
 */
export async function* corpusScores(
  { clips: all, scored }: Outline,
  plain: PlainText,
): AsyncGenerator<string> {
  const rows = []
  for (const { run, scores, clips, untranslated, references, measured } of plain.runs)
    for (const { metric, score, signature } of scores) {
      const tested = TESTED_METRICS[metric]
      const { metric: measure, table } = measured(tested ?? metric.toLowerCase())
      const interval =
        tested === undefined ? null : confidenceInterval(measure, table, { samples: RESAMPLES })
      rows.push({
        system_id: run,
        metric,
        score,
        signature,
        stats: [...sumOfTable(table)],
        n_segments: clips,
        excluded: { untranslated, without_reference: all.length - scored },
        references: { per_segment: references, selection: 'first in the order of the corpus' },
        ci: interval && { ...interval, level: 0.95, n: RESAMPLES, seed: DEFAULT_SEED },
      })
      // A large run takes a second: others get their turn in between.
      await setImmediate()
    }
  yield `${stableJson(rows, 2)}\n`
}
