import { addChoices, blocksOf } from './choice-sums.ts'
import { sumOfTable } from './metric.ts'
import { NumpyRandom } from './numpy-random.ts'
import { type Column, packColumns } from './packed-columns.ts'
import {
  type Contest,
  DEFAULT_SEED,
  realDifference,
  type TestOptions,
  type TestResult,
} from './significance.ts'
import { finish, type Stepped } from './stepped.ts'

export interface RandomizationResult extends TestResult {
  /**
   * The true difference that this test finds at .05 in four of five corpora like this one: 2.8 standard deviations
   * of the difference under the null hypothesis (Card et al. 2020, "With Little Power Comes Great Responsibility").
   */
  detectable: number
}

/** Standard normal quantiles .975 and .8. */
const POWER_80_AT_05 = 1.959_963_985 + 0.841_621_234

/** Trials that are summed together: their choices take 12 MB for 100,000 segments. */
const TRIALS_IN_BATCH = 1024

/** Trials that are drawn before others get a turn, in segments. */
const DRAWN_IN_TURN = 1 << 20

/**
 * Paired two-sided approximate randomization (Multeval; sacrebleu/significance.py): each trial swaps the
 * outputs of random segments. The test to use; trials are streamed, so memory does not grow with them.
 */
export function* randomizationTest(
  contests: readonly Contest[],
  { samples = 10_000, seed = DEFAULT_SEED }: TestOptions = {},
): Stepped<RandomizationResult[]> {
  const rows = contests[0]?.baseline.rows ?? 0
  const trials = contests.map(startTrials)
  const packed = packColumns(contests.flatMap(differencesOf), rows, 'once')
  const blocks = blocksOf(rows, 1)
  const random = new NumpyRandom(seed)
  random.startBooleans()
  const batch = Math.min(samples, TRIALS_IN_BATCH)
  const codes = new Uint8Array(batch * blocks)
  const sums = new Float64Array(batch * packed.width)
  const swapped = new Float64Array(packed.isExact.length)
  for (let done = 0; done < samples; done += batch) {
    const count = Math.min(batch, samples - done)
    const share = (part: number) => (done + count * part) / samples
    for (let trial = 0; trial < count; trial++) {
      random.fillBooleans(codes.subarray(trial * blocks, (trial + 1) * blocks), rows)
      if ((trial * rows) % DRAWN_IN_TURN < rows) yield share(0)
    }
    sums.fill(0)
    for (const block of addChoices(packed, { bits: 1, codes, count }, sums)) yield share(block / blocks)
    for (let trial = 0; trial < count; trial++) {
      packed.unpack(sums, trial * packed.width, swapped)
      let from = 0
      for (const each of trials) from = each.run(swapped, from)
    }
  }
  return trials.map(trial => trial.result(samples))
}

/** `randomizationTest` at once. */
export function approximateRandomization(
  contests: readonly Contest[],
  options: TestOptions = {},
): RandomizationResult[] {
  return finish(randomizationTest(contests, options))
}

/** Baseline minus system, by column. */
function differencesOf({ baseline, system }: Contest): Column[] {
  const { columns } = baseline
  return Array.from({ length: columns }, (_, column) => {
    const [left, right] = [baseline.values, system.values]
    return row => left[row * columns + column]! - right[row * columns + column]!
  })
}

/** One contest's running count of trials with a larger difference than the real one. */
function startTrials(contest: Contest) {
  const { metric, baseline, system } = contest
  const { columns } = baseline
  const real = realDifference(contest)
  const limit = Math.abs(real.difference)
  const ofBaseline = sumOfTable(baseline)
  const ofSystem = sumOfTable(system)
  const [left, right] = [new Float64Array(columns), new Float64Array(columns)]
  let larger = 0
  let squares = 0

  /** A trial from what its swaps add to the system; returns where the next contest's columns begin. */
  function run(swapped: Float64Array, from: number): number {
    for (let column = 0; column < columns; column++) {
      left[column] = ofSystem[column]! + swapped[from + column]!
      right[column] = ofBaseline[column]! - swapped[from + column]!
    }
    const difference = Math.abs(metric.evaluate(left).score - metric.evaluate(right).score)
    if (difference > limit) larger += 1
    squares += difference ** 2
    return from + columns
  }

  const result = (samples: number): RandomizationResult => ({
    ...real,
    p: (larger + 1) / (samples + 1),
    detectable: POWER_80_AT_05 * Math.sqrt(squares / samples),
  })
  return { run, result }
}
