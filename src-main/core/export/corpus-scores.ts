import { setImmediate } from 'node:timers/promises'
import { sumOfTable } from '#main/metrics/metric.ts'
import { DEFAULT_SEED, type Interval, intervalsOf } from '#main/metrics/significance.ts'
import type { PlainText } from './dataset-plain.ts'
import type { Outline } from './release-outline.ts'

const RESAMPLES = 1000

/** Metrics that get a confidence interval and are tested; the shorter BLEU orders follow from the same statistics. */
export const TESTED_METRICS: Readonly<Record<string, string>> = { BLEU: 'bleu', chrF2: 'chrf', TER: 'ter' }

/** A row of `eval/corpus_scores.json`. */
export interface CorpusScoreRow {
  system_id: string
  /** sacreBLEU's name. */
  metric: string
  score: number
  signature: string
  /** The summed statistics that the score was made of. */
  stats: number[]
  n_segments: number
  excluded: { untranslated: number; without_reference: number }
  references: { per_segment: number; selection: string }
  /** 95 % of sacreBLEU's bootstrap (`--confidence`). */
  ci: { mean: number; half: number; level: number; n: number; seed: number } | null
}

/** Every run under every metric, with what the score was counted from. */
export async function corpusScoreRows(
  { clips: all, scored }: Outline,
  plain: PlainText,
  signal?: AbortSignal,
): Promise<CorpusScoreRow[]> {
  const intervals = await intervalsOfRuns(plain, signal)
  return plain.runs.flatMap(({ run, scores, clips, untranslated, references, measured }) =>
    scores.map(({ metric, score, signature }) => {
      const { table } = measured(TESTED_METRICS[metric] ?? metric.toLowerCase())
      const interval = intervals.get(keyOf(run, metric))
      return {
        system_id: run,
        metric,
        score,
        signature,
        stats: [...sumOfTable(table)],
        n_segments: clips,
        excluded: { untranslated, without_reference: all.length - scored },
        references: { per_segment: references, selection: 'first in the order of the corpus' },
        ci: interval ? { ...interval, level: 0.95, n: RESAMPLES, seed: DEFAULT_SEED } : null,
      }
    }),
  )
}

const keyOf = (run: string, metric: string) => JSON.stringify([run, metric])

/** Resamples after which others get their turn. */
const TURN = 5

async function intervalsOfRuns(
  { runs }: PlainText,
  signal: AbortSignal | undefined,
): Promise<Map<string, Interval>> {
  const found = new Map<string, Interval>()
  const scored = runs.filter(({ clips }) => clips > 0)
  // Runs over as many clips are drawn from together.
  for (const together of Map.groupBy(scored, ({ clips }) => clips).values()) {
    const measured = together.flatMap(({ run, measured: of }) =>
      Object.entries(TESTED_METRICS).map(([name, metric]) => ({ key: keyOf(run, name), ...of(metric) })),
    )
    const resampling = intervalsOf(measured, { samples: RESAMPLES })
    while (resampling.advance(TURN)) {
      await setImmediate()
      signal?.throwIfAborted()
    }
    const intervals = resampling.results()
    for (const [i, { key }] of measured.entries()) found.set(key, intervals[i]!)
  }
  return found
}
