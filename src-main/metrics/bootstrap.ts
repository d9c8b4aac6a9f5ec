import { resampledScores, type Resampled, type ScoreArray } from './resamples.ts'
import {
  type Contest,
  DEFAULT_SEED,
  realDifference,
  type TestOptions,
  type TestResult,
} from './significance.ts'
import { finish, type Stepped } from './stepped.ts'

export interface Interval {
  mean: number
  /** Half the width of the 95 % interval. */
  half: number
}

export interface BootstrapResult extends TestResult {
  baseline: Interval
  system: Interval
}

const SAMPLES = 1000

/**
 * Paired bootstrap (Moses; sacrebleu/significance.py), for comparison with published numbers only: with no
 * true difference it finds one at .05 in every tenth pair (spec/evaluation.md §2.2).
 */
export function* bootstrapTests(
  contests: readonly Contest[],
  { samples = SAMPLES, seed = DEFAULT_SEED }: TestOptions = {},
): Stepped<BootstrapResult[]> {
  const scored = contests.flatMap(({ metric, baseline, system }): Resampled[] => [
    { metric, table: baseline },
    { metric, table: system },
  ])
  const scores = yield* resampledScores(scored, { samples, seed })
  return contests.map((contest, i) => {
    const [baseline, system] = [scores[2 * i]!, scores[2 * i + 1]!]
    return {
      ...bootstrapTest(contest, baseline, system),
      baseline: intervalOf(baseline),
      system: intervalOf(system),
    }
  })
}

/** `bootstrapTests` at once. */
export function pairedBootstrap(contests: readonly Contest[], options: TestOptions = {}): BootstrapResult[] {
  return finish(bootstrapTests(contests, options))
}

/** Mean and 95 % interval of corpus scores by bootstrap resampling, as `sacrebleu --confidence` prints them. */
export function* intervalsOf(
  scored: readonly Resampled[],
  { samples = SAMPLES, seed = DEFAULT_SEED }: TestOptions = {},
): Stepped<Interval[]> {
  const scores = yield* resampledScores(scored, { samples, seed })
  return scores.map(intervalOf)
}

/** `intervalsOf` one score at once. */
export function confidenceInterval(scored: Resampled, options: TestOptions = {}): Interval {
  return finish(intervalsOf([scored], options))[0]!
}

function bootstrapTest(contest: Contest, baseline: ScoreArray, system: ScoreArray): TestResult {
  const real = realDifference(contest)
  const isSingle = baseline instanceof Float32Array && system instanceof Float32Array
  const kind = isSingle ? Float32Array : Float64Array
  const round = isSingle ? Math.fround : (value: number) => value
  const differences = new kind(system.length)
  for (let i = 0; i < differences.length; i++) differences[i] = Math.abs(round(system[i]! - baseline[i]!))
  const mean = meanOf(differences)
  const limit = round(Math.abs(real.difference))
  const larger = Array.from(differences).filter(difference => round(difference - mean) > limit).length
  return { ...real, p: (larger + 1) / (differences.length + 1) }
}

function intervalOf(scores: ScoreArray): Interval {
  const sorted = scores.toSorted()
  const lower = Math.floor(sorted.length / 40)
  const [low, high] = [sorted[lower]!, sorted[sorted.length - lower - 1]!]
  const width = scores instanceof Float32Array ? Math.fround(high - low) : high - low
  // The mean is taken of the sorted scores; its last bit depends on their order.
  return { mean: meanOf(sorted), half: 0.5 * width }
}

/** `numpy.mean` of a contiguous array: pairwise summation in the array's own precision. */
function meanOf(values: ScoreArray): number {
  const round = values instanceof Float32Array ? Math.fround : (value: number) => value
  return round(pairwiseSum(values, 0, values.length, round) / values.length)
}

/** NumPy's summation: eight running sums in blocks of up to 128, halves above that. */
function pairwiseSum(
  values: ScoreArray,
  start: number,
  length: number,
  round: (x: number) => number,
): number {
  if (length > 128) {
    const half = Math.floor(length / 2)
    const first = half - (half % 8)
    const left = pairwiseSum(values, start, first, round)
    return round(left + pairwiseSum(values, start + first, length - first, round))
  }
  const whole = length < 8 ? 0 : length - (length % 8)
  const lanes = Array.from({ length: 8 }, (_, lane) => {
    let sum = whole > 0 ? values[start + lane]! : 0
    for (let i = 8 + lane; i < whole; i += 8) sum = round(sum + values[start + i]!)
    return sum
  }) as [number, number, number, number, number, number, number, number]
  const add = (a: number, b: number) => round(a + b)
  let sum = add(
    add(add(lanes[0], lanes[1]), add(lanes[2], lanes[3])),
    add(add(lanes[4], lanes[5]), add(lanes[6], lanes[7])),
  )
  for (let i = whole; i < length; i++) sum = round(sum + values[start + i]!)
  return sum
}
