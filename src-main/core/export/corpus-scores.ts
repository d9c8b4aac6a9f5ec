import { setImmediate } from 'node:timers/promises'
import type { Normaliser, RecipeId } from '#shared/contract/evaluation.ts'
import { sumOfTable } from '#main/metrics/metric.ts'
import { type Interval, intervalsOf } from '#main/metrics/bootstrap.ts'
import { DEFAULT_SEED } from '#main/metrics/significance.ts'
import { inSlices } from '#main/metrics/stepped.ts'
import type { ScoringTask } from './release-significance.ts'
import type { PlainRun, PlainText } from './dataset-plain.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import { keyOfWay, releasedWays, type ScoredWay, testedKeys } from './scored-ways.ts'

const RESAMPLES = 1000

/** A row of `eval/corpus_scores.json`. */
export interface CorpusScoreRow {
  system_id: string
  recipe: RecipeId
  /** Repairs of the text before scoring. */
  normalisers: Normaliser[]
  /** sacreBLEU's name. */
  metric: string
  score: number
  signature: string
  /** What the signature does not say: n-gram order, preparation of the text, recipe, Unicode version. */
  slt: string
  /** The summed statistics that the score was made of. */
  stats: number[]
  n_segments: number
  excluded: { untranslated: number; without_reference: number }
  references: { per_segment: number; selection: string }
  /** 95 % of sacreBLEU's bootstrap (`--confidence`). */
  ci: { mean: number; half: number; level: number; n: number; seed: number } | null
}

/** Every run by every released way under every metric, with what the score was counted from. */
export async function corpusScoreRows(
  { dataset, outline: { clips: all, scored }, plain }: Scored,
  task: ScoringTask = {},
): Promise<CorpusScoreRow[]> {
  const ways = new Set(releasedWays(dataset).map(keyOfWay))
  const entries = plain.runs.flatMap(run =>
    run.ways.filter(({ choice }) => ways.has(keyOfWay(choice))).map(way => ({ run, way })),
  )
  const intervals = await intervalsOfWays(entries, task)
  return entries.flatMap(({ run: { run, clips, untranslated, references }, way }) =>
    way.scores.map(({ key, metric, score, signature, slt }) => {
      const interval = intervals.get(way)?.get(key)
      return {
        system_id: run,
        ...way.choice,
        metric,
        score,
        signature,
        slt,
        stats: [...sumOfTable(way.measured(key).table)],
        n_segments: clips,
        excluded: { untranslated, without_reference: all.length - scored },
        references: { per_segment: references, selection: 'first in the order of the corpus' },
        ci: interval ? { ...interval, level: 0.95, n: RESAMPLES, seed: DEFAULT_SEED } : null,
      }
    }),
  )
}

interface Scored {
  dataset: EvaluatedDataset
  outline: Outline
  plain: PlainText
}

async function intervalsOfWays(
  entries: readonly { run: PlainRun; way: ScoredWay }[],
  { signal, onResampled = () => {} }: ScoringTask,
): Promise<Map<ScoredWay, Map<string, Interval>>> {
  const found = new Map<ScoredWay, Map<string, Interval>>(entries.map(({ way }) => [way, new Map()]))
  const scored = entries.filter(({ run }) => run.clips > 0)
  // Runs over as many clips are drawn from together.
  for (const together of Map.groupBy(scored, ({ run }) => run.clips).values()) {
    const measured = together.flatMap(({ way }) =>
      testedKeys(way).map(key => ({ way, key, ...way.measured(key) })),
    )
    let told = 0
    const intervals = await inSlices(intervalsOf(measured, { samples: RESAMPLES }), async share => {
      onResampled(together.length * (share - told))
      told = share
      await setImmediate()
      signal?.throwIfAborted()
    })
    for (const [i, { way, key }] of measured.entries()) found.get(way)!.set(key, intervals[i]!)
  }
  return found
}
