import { setImmediate } from 'node:timers/promises'
import type { EvaluationChoice, Normaliser, RecipeId } from '#shared/contract/evaluation.ts'
import { rowOf, type StatisticsTable } from '#main/metrics/metric.ts'
import { randomizationTest } from '#main/metrics/randomization.ts'
import {
  type Contest,
  DEFAULT_SEED,
  holm,
  type TestResult,
  testSignature,
} from '#main/metrics/significance.ts'
import { inSlices } from '#main/metrics/stepped.ts'
import type { PlainRun, PlainText } from './dataset-plain.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import { keyOfWay, releasedWays, type ScoredWay, testedKeys } from './scored-ways.ts'

const TRIALS = 10_000

export interface ScoringTask {
  signal?: AbortSignal | undefined
  /** So much more, as a share of all resamples of one run, has been drawn for its intervals. */
  onResampled?: ((share: number) => void) | undefined
  /** So much more, as a share of the trials of one system against the baseline, is done. */
  onTested?: ((share: number) => void) | undefined
}

export interface SignificanceRow {
  baseline: string
  system: string
  recipe: RecipeId
  /** Repairs of the text before scoring. */
  normalisers: Normaliser[]
  metric: string
  test: 'ar'
  n: number
  seed: number
  n_segments: number
  baseline_score: number
  score: number
  /** System minus baseline. */
  delta: number
  /** Null where both have the same score: there is nothing to test then. */
  p: number | null
  /** Corrected for the number of systems tested under the metric (Holm). */
  p_holm: number | null
  signature: string
  /** What the signature does not say: n-gram order, preparation of the text, recipe, Unicode version. */
  slt: string
}

/**
 * Every run against the baseline, by paired approximate randomization over the clips that both have translated. The
 * baseline is the one that is named, else the run that was made first.
 */
export async function significanceRows(
  { dataset, outline, plain }: { dataset: EvaluatedDataset; outline: Outline; plain: PlainText },
  { signal, onTested = () => {} }: ScoringTask = {},
): Promise<SignificanceRow[]> {
  const rows: SignificanceRow[] = []
  if (outline.runs.filter(({ scored }) => scored > 0).length < 2) return rows
  const at = baselineOf(dataset, outline)
  for (const system of plain.runs.keys()) {
    if (system === at || outline.runs[system]!.scored === 0) continue
    rows.push(...(await testPair({ dataset, outline, plain, signal, onTested }, { baseline: at, system })))
  }
  correct(rows)
  return rows
}

/** Which of the runs the others are held against. */
function baselineOf({ baseline }: EvaluatedDataset, { runs }: Outline): number {
  const scored = [...runs.entries()].filter(([, run]) => run.scored > 0)
  const named = scored.find(([, { name }]) => name === baseline)
  const first = scored.toSorted(([, a], [, b]) => a.createdAt - b.createdAt)[0]
  return (named ?? first)![0]
}

interface Pair {
  baseline: number
  system: number
}

interface Tested {
  dataset: EvaluatedDataset
  outline: Outline
  plain: PlainText
  signal: AbortSignal | undefined
  onTested: (share: number) => void
}

interface Entry {
  key: string
  baseline: ScoredWay
  system: ScoredWay
}

async function testPair(
  { dataset, outline, plain, ...task }: Tested,
  pair: Pair,
): Promise<SignificanceRow[]> {
  const [baseline, system] = [plain.runs[pair.baseline]!, plain.runs[pair.system]!]
  const common = commonRows(outline, [pair.baseline, pair.system])
  const [ofBaseline, ofSystem] = [common[0]!, common[1]!]
  if (ofBaseline.length === 0) return []
  const entries = releasedWays(dataset).flatMap((choice): Entry[] => {
    const ways = { baseline: wayOf(baseline, choice), system: wayOf(system, choice) }
    return testedKeys(ways.baseline).map(key => ({ key, ...ways }))
  })
  const contests = entries.map(({ key, baseline: first, system: second }): Contest => {
    const { metric, table } = first.measured(key)
    return { metric, baseline: pick(table, ofBaseline), system: pick(second.measured(key).table, ofSystem) }
  })
  const results = await runTrials(contests, task)
  return entries.map((entry, i) => ({
    baseline: baseline.run,
    system: system.run,
    ...rowOfTest(results[i]!, contests[i]!.metric, entry),
    n_segments: ofBaseline.length,
  }))
}

/** A run by a way that its dataset asks for. */
export function wayOf({ ways }: PlainRun, choice: EvaluationChoice): ScoredWay {
  return ways.find(way => keyOfWay(way.choice) === keyOfWay(choice))!
}

async function runTrials(
  contests: readonly Contest[],
  { signal, onTested }: Pick<Tested, 'signal' | 'onTested'>,
): Promise<TestResult[]> {
  let told = 0
  return inSlices(randomizationTest(contests, { samples: TRIALS }), async share => {
    onTested(share - told)
    told = share
    await setImmediate()
    signal?.throwIfAborted()
  })
}

function rowOfTest(
  { isIdentical, p, score, baselineScore, difference }: TestResult,
  metric: Contest['metric'],
  { key, baseline }: Entry,
) {
  return {
    ...baseline.choice,
    metric: metric.name,
    test: 'ar' as const,
    n: TRIALS,
    seed: DEFAULT_SEED,
    baseline_score: baselineScore,
    score,
    delta: difference,
    p: isIdentical ? null : p,
    p_holm: null,
    signature: testSignature(metric, 'ar', { samples: TRIALS }, baseline.references),
    slt: baseline.scores.find(each => each.key === key)!.slt,
  }
}

function correct(rows: SignificanceRow[]): void {
  for (const ofMetric of Map.groupBy(rows, row => JSON.stringify([keyOfWay(row), row.metric])).values()) {
    const real = ofMetric.filter(({ p }) => p !== null)
    const corrected = holm(real.map(({ p }) => p!))
    for (const [i, row] of real.entries()) row.p_holm = corrected[i]!
  }
}

/** The rows of the tables of these runs that are about the same clips. */
export function commonRows(
  { clips, runs }: Outline,
  of: readonly number[],
  isWanted: (clip: Outline['clips'][number]) => boolean = () => true,
): number[][] {
  const common = of.map((): number[] => [])
  const next = of.map(() => 0)
  for (const [position, clip] of clips.entries()) {
    if (clip.references === 0) continue
    const has = of.map(run => runs[run]!.hasOutput[position] === 1)
    if (has.every(Boolean) && isWanted(clip)) for (const [i, rows] of common.entries()) rows.push(next[i]!)
    for (const [i, isThere] of has.entries()) if (isThere) next[i] = next[i]! + 1
  }
  return common
}

export function pick(table: StatisticsTable, rows: readonly number[]): StatisticsTable {
  if (rows.length === table.rows) return table
  const values = new Float64Array(rows.length * table.columns)
  for (const [i, row] of rows.entries()) values.set(rowOf(table, row), i * table.columns)
  return { columns: table.columns, rows: rows.length, values }
}
