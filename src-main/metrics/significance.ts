import { type Metric, type ReferenceCount, type StatisticsTable, sumOfTable } from './metric.ts'
import { maskedSum } from './masked-sum.ts'
import { NumpyRandom } from './numpy-random.ts'

/** sacreBLEU's seed when `SACREBLEU_SEED` is not set. */
export const DEFAULT_SEED = 12_345

/** A system beside the baseline under one metric; all tables have the same segments in the same order. */
export interface Contest {
  metric: Metric
  baseline: StatisticsTable
  system: StatisticsTable
}

export interface TestResult {
  baselineScore: number
  score: number
  /** System minus baseline. */
  difference: number
  /**
   * sacreBLEU's p-value. Without a difference it is 1/(n+1), which says nothing: show "identical score" then
   * (spec/evaluation.md §2.2).
   */
  p: number
  isIdentical: boolean
}

export interface TestOptions {
  /** Trials of the randomization (10,000) or resamples of the bootstrap (1000). */
  samples?: number
  seed?: number | bigint
}

/** A test that is computed some samples at a time, so that whoever runs it can pause, show progress or stop. */
export interface SteppedTest<Result> {
  samples: number
  /** Computes so many more samples; false when all are there. */
  advance: (count: number) => boolean
  results: () => Result[]
}

function stepped(samples: number, one: (sample: number) => void): SteppedTest<never>['advance'] {
  let done = 0
  return count => {
    for (const end = Math.min(samples, done + count); done < end; done++) one(done)
    return done < samples
  }
}

export interface RandomizationResult extends TestResult {
  /**
   * The true difference that this test finds at .05 in four of five corpora like this one: 2.8 standard deviations
   * of the difference under the null hypothesis (Card et al. 2020, "With Little Power Comes Great Responsibility").
   */
  detectable: number
}

/** Standard normal quantiles .975 and .8. */
const POWER_80_AT_05 = 1.959_963_985 + 0.841_621_234

/**
 * Paired two-sided approximate randomization (Multeval; sacrebleu/significance.py): each trial swaps the
 * outputs of random segments. The test to use; trials are streamed, so memory does not grow with them.
 */
export function randomizationTest(
  contests: readonly Contest[],
  { samples = 10_000, seed = DEFAULT_SEED }: TestOptions = {},
): SteppedTest<RandomizationResult> {
  const random = new NumpyRandom(seed)
  const trials = contests.map(startTrials)
  const rows = contests[0]?.baseline.rows ?? 0
  const masks = new Uint8Array(Math.ceil(rows / 8))
  random.startBooleans()
  const advance = stepped(samples, () => {
    random.fillBooleans(masks, rows)
    for (const trial of trials) trial.run(masks)
  })
  return { samples, advance, results: () => trials.map(trial => trial.result(samples)) }
}

/** `randomizationTest` at once. */
export function approximateRandomization(
  contests: readonly Contest[],
  options: TestOptions = {},
): RandomizationResult[] {
  const test = randomizationTest(contests, options)
  test.advance(test.samples)
  return test.results()
}

/** One contest's running count of trials with a larger difference than the real one. */
function startTrials(contest: Contest) {
  const { metric, baseline, system } = contest
  const { columns } = baseline
  const real = realDifference(contest)
  const limit = Math.abs(real.difference)
  const addChosen = maskedSum(baseline, system)
  const ofBaseline = sumOfTable(baseline)
  const ofSystem = sumOfTable(system)
  const swapped = new Float64Array(columns)
  const [left, right] = [new Float64Array(columns), new Float64Array(columns)]
  let larger = 0
  let squares = 0

  function run(masks: Uint8Array): void {
    swapped.fill(0)
    addChosen(masks, swapped)
    for (let column = 0; column < columns; column++) {
      left[column] = ofSystem[column]! + swapped[column]!
      right[column] = ofBaseline[column]! - swapped[column]!
    }
    const difference = Math.abs(metric.evaluate(left).score - metric.evaluate(right).score)
    if (difference > limit) larger += 1
    squares += difference ** 2
  }

  const result = (samples: number): RandomizationResult => ({
    ...real,
    p: (larger + 1) / (samples + 1),
    detectable: POWER_80_AT_05 * Math.sqrt(squares / samples),
  })
  return { run, result }
}

function realDifference({ metric, baseline, system }: Contest): Omit<TestResult, 'p'> {
  const baselineScore = metric.evaluate(sumOfTable(baseline)).score
  const { score } = metric.evaluate(sumOfTable(system))
  const difference = score - baselineScore
  return { baselineScore, score, difference, isIdentical: difference === 0 }
}

export interface Interval {
  mean: number
  /** Half the width of the 95 % interval. */
  half: number
}

export interface BootstrapResult extends TestResult {
  baseline: Interval
  system: Interval
}

/**
 * Paired bootstrap (Moses; sacrebleu/significance.py), for comparison with published numbers only: with no
 * true difference it finds one at .05 in every tenth pair (spec/evaluation.md §2.2).
 */
export function bootstrapTests(
  contests: readonly Contest[],
  { samples = 1000, seed = DEFAULT_SEED }: TestOptions = {},
): SteppedTest<BootstrapResult> {
  const resamples = contests.map(({ metric, baseline, system }) => ({
    baseline: startResamples(metric, baseline, samples),
    system: startResamples(metric, system, samples),
  }))
  const draw = sampler(contests[0]?.baseline.rows ?? 0, seed)
  const advance = stepped(samples, sample => {
    const indices = draw()
    for (const { baseline, system } of resamples) {
      baseline.run(indices, sample)
      system.run(indices, sample)
    }
  })
  const results = () =>
    contests.map((contest, i) => {
      const baseline = resamples[i]!.baseline.scores()
      const system = resamples[i]!.system.scores()
      return {
        ...bootstrapTest(contest, baseline, system),
        baseline: intervalOf(baseline),
        system: intervalOf(system),
      }
    })
  return { samples, advance, results }
}

/** `bootstrapTests` at once. */
export function pairedBootstrap(contests: readonly Contest[], options: TestOptions = {}): BootstrapResult[] {
  const test = bootstrapTests(contests, options)
  test.advance(test.samples)
  return test.results()
}

/** Mean and 95 % interval of corpus scores by bootstrap resampling, as `sacrebleu --confidence` prints them. */
export function intervalsOf(
  scored: readonly { metric: Metric; table: StatisticsTable }[],
  { samples = 1000, seed = DEFAULT_SEED }: TestOptions = {},
): SteppedTest<Interval> {
  const resamples = scored.map(({ metric, table }) => startResamples(metric, table, samples))
  const draw = sampler(scored[0]?.table.rows ?? 0, seed)
  const advance = stepped(samples, sample => {
    const indices = draw()
    for (const each of resamples) each.run(indices, sample)
  })
  return { samples, advance, results: () => resamples.map(each => intervalOf(each.scores())) }
}

/** `intervalsOf` one score at once. */
export function confidenceInterval(
  metric: Metric,
  table: StatisticsTable,
  options: TestOptions = {},
): Interval {
  const test = intervalsOf([{ metric, table }], options)
  test.advance(test.samples)
  return test.results()[0]!
}

/** Draws rows with replacement; the array is the same each time. */
function sampler(rows: number, seed: number | bigint): () => Int32Array {
  const random = new NumpyRandom(seed)
  const indices = new Int32Array(rows)
  return () => {
    for (let i = 0; i < rows; i++) indices[i] = random.below(rows)
    return indices
  }
}

/** Scores as the NumPy array that sacreBLEU would have: single precision, unless Python floats are among them. */
type ScoreArray = Float32Array | Float64Array

function startResamples(metric: Metric, { columns, values }: StatisticsTable, samples: number) {
  const single = Float32Array.from(values)
  const total = new Float32Array(columns)
  const scores = new Float64Array(samples)

  function run(indices: Int32Array, sample: number): void {
    total.fill(0)
    for (let i = 0; i < indices.length; i++) {
      const at = indices[i]! * columns
      for (let column = 0; column < columns; column++) total[column] = total[column]! + single[at + column]!
    }
    scores[sample] = metric.evaluate(total, Math.fround).score
  }

  // BLEU ends in `math.exp`, which gives doubles; chrF returns the double 0.0 where nothing matches.
  const hasDoubles = () =>
    metric.name.startsWith('BLEU') || (metric.name.startsWith('chrF') && scores.includes(0))
  return { run, scores: (): ScoreArray => (hasDoubles() ? scores : Float32Array.from(scores)) }
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

/** Holm's correction for several systems against one baseline; sacreBLEU has none. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).toSorted((a, b) => pValues[a]! - pValues[b]!)
  const corrected = pValues.map(() => 0)
  let least = 0
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, pValues[index]! * (pValues.length - rank)))
    corrected[index] = least
  })
  return corrected
}

/** sacreBLEU's signature of a test: `nrefs:1|ar:10000|seed:12345|case:…`. */
export function testSignature(
  metric: Metric,
  test: 'ar' | 'bs',
  { samples = test === 'ar' ? 10_000 : 1000, seed = DEFAULT_SEED }: TestOptions = {},
  references: ReferenceCount = 1,
): string {
  return metric.signature(references).replace(/^(nrefs:[^|]+)\|/, `$1|${test}:${samples}|seed:${seed}|`)
}
