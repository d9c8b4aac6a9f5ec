import { setImmediate } from 'node:timers/promises'
import { rowOf, type StatisticsTable } from '#main/metrics/metric.ts'
import {
  type Contest,
  DEFAULT_SEED,
  holm,
  randomizationTest,
  type TestResult,
  testSignature,
} from '#main/metrics/significance.ts'
import { TESTED_METRICS } from './corpus-scores.ts'
import type { PlainRun, PlainText } from './dataset-plain.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'

const TRIALS = 10_000

export interface SignificanceRow {
  baseline: string
  system: string
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
}

/**
 * Every run against the baseline, by paired approximate randomization over the clips that both have translated. The
 * baseline is the one that is named, else the run that was made first.
 */
export async function significanceRows(
  { dataset, outline, plain }: { dataset: EvaluatedDataset; outline: Outline; plain: PlainText },
  { signal, onTested }: { signal?: AbortSignal | undefined; onTested?: (() => void) | undefined } = {},
): Promise<SignificanceRow[]> {
  const rows: SignificanceRow[] = []
  if (outline.runs.filter(({ scored }) => scored > 0).length < 2) return rows
  const at = baselineOf(dataset, outline)
  for (const system of plain.runs.keys()) {
    if (system === at || outline.runs[system]!.scored === 0) continue
    rows.push(...(await testPair({ outline, plain, signal }, { baseline: at, system })))
    onTested?.()
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
  outline: Outline
  plain: PlainText
  signal: AbortSignal | undefined
}

async function testPair({ outline, plain, signal }: Tested, pair: Pair): Promise<SignificanceRow[]> {
  const [baseline, system] = [plain.runs[pair.baseline]!, plain.runs[pair.system]!]
  const common = commonRows(outline, pair)
  const segments = common.baseline.length
  if (segments === 0) return []
  const contests = Object.values(TESTED_METRICS).map((name): Contest => {
    const measured = baseline.measured(name)
    return {
      metric: measured.metric,
      baseline: pick(measured.table, common.baseline),
      system: pick(system.measured(name).table, common.system),
    }
  })
  const results = await runTrials(contests, signal)
  return contests.map(({ metric }, i) => rowOfTest(results[i]!, metric, { baseline, system, segments }))
}

/** Trials after which others get their turn. */
const TURN = 20

async function runTrials(
  contests: readonly Contest[],
  signal: AbortSignal | undefined,
): Promise<TestResult[]> {
  const test = randomizationTest(contests, { samples: TRIALS })
  while (test.advance(TURN)) {
    await setImmediate()
    signal?.throwIfAborted()
  }
  return test.results()
}

function rowOfTest(
  { isIdentical, p, score, baselineScore, difference }: TestResult,
  metric: Contest['metric'],
  { baseline, system, segments }: { baseline: PlainRun; system: PlainRun; segments: number },
): SignificanceRow {
  return {
    baseline: baseline.run,
    system: system.run,
    metric: metric.name,
    test: 'ar',
    n: TRIALS,
    seed: DEFAULT_SEED,
    n_segments: segments,
    baseline_score: baselineScore,
    score,
    delta: difference,
    p: isIdentical ? null : p,
    p_holm: null,
    signature: testSignature(metric, 'ar', { samples: TRIALS }, baseline.references),
  }
}

function correct(rows: SignificanceRow[]): void {
  for (const ofMetric of Map.groupBy(rows, ({ metric }) => metric).values()) {
    const real = ofMetric.filter(({ p }) => p !== null)
    const corrected = holm(real.map(({ p }) => p!))
    for (const [i, row] of real.entries()) row.p_holm = corrected[i]!
  }
}

/** The rows of both tables that are about the same clips. */
function commonRows({ clips, runs }: Outline, { baseline, system }: Pair) {
  const common: Record<keyof Pair, number[]> = { baseline: [], system: [] }
  const next = { baseline: 0, system: 0 }
  for (const [position, { references }] of clips.entries()) {
    if (references === 0) continue
    const inBaseline = runs[baseline]!.hasOutput[position] === 1
    const inSystem = runs[system]!.hasOutput[position] === 1
    if (inBaseline && inSystem) {
      common.baseline.push(next.baseline)
      common.system.push(next.system)
    }
    if (inBaseline) next.baseline += 1
    if (inSystem) next.system += 1
  }
  return common
}

function pick(table: StatisticsTable, rows: readonly number[]): StatisticsTable {
  if (rows.length === table.rows) return table
  const values = new Float64Array(rows.length * table.columns)
  for (const [i, row] of rows.entries()) values.set(rowOf(table, row), i * table.columns)
  return { columns: table.columns, rows: rows.length, values }
}
