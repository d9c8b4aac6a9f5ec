import { createHash } from 'node:crypto'
import type { SignificanceReport, SignificanceTable } from '#shared/contract/evaluation.ts'
import type { RunId } from '#shared/contract/ids.ts'
import type { Metric, StatisticsTable } from '#main/metrics/metric.ts'
import { familyOf, type ScoreTables } from '#main/metrics/recipes/score-tables.ts'
import { bootstrapTests, intervalsOf } from '#main/metrics/bootstrap.ts'
import { randomizationTest } from '#main/metrics/randomization.ts'
import { type Contest, holm, type TestResult, testSignature } from '#main/metrics/significance.ts'
import { inSlices, type Stepped } from '#main/metrics/stepped.ts'

export interface PairTest {
  test: SignificanceReport['test']
  samples: number
  seed: number
}

export const DEFAULT_SAMPLES = { ar: 10_000, bs: 1000 } as const
const INTERVAL_SAMPLES = 1000

export interface Duty {
  /** Lets others have the thread; throws where the question was withdrawn. */
  giveWay: () => Promise<void>
  progress: (part: { done: number; total: number }) => void
}

/** What is tested, so that the same question about the same sentences is answered from memory. */
export function basisOf(
  tables: ScoreTables,
  runIds: readonly RunId[],
  metrics: readonly string[],
  test: PairTest,
): string {
  const hash = createHash('sha256')
  hash.update(
    JSON.stringify([test, runIds, metrics.map(key => [tables.line(key).signature, tables.line(key).slt])]),
  )
  for (const family of tables.families) for (const { values } of family.tables) hash.update(values)
  return hash.digest('hex')
}

/** Systems of a metric as the tests take them. */
function entrantsOf(tables: ScoreTables, key: string): { metric: Metric; tables: StatisticsTable[] } {
  const family = tables.families.find(each => each.key === familyOf(key))!
  return { metric: tables.metricOf(key), tables: family.tables }
}

function pairsOf(count: number): [first: number, second: number][] {
  return Array.from({ length: count }, (_, first) =>
    Array.from({ length: count - first - 1 }, (__, i): [number, number] => [first, first + 1 + i]),
  ).flat()
}

/**
 * Tests every pair of runs under every metric. A pair is tested by itself, so that memory does not grow with their
 * number; the seed starts anew for each, as it does in sacreBLEU with the first of the two as the baseline.
 */
export async function testPairs(
  tables: ScoreTables,
  metrics: readonly string[],
  { test, samples, seed }: PairTest,
  duty: Duty,
): Promise<SignificanceTable[]> {
  const entrants = metrics.map(key => ({ key, ...entrantsOf(tables, key) }))
  const systems = entrants[0]?.tables.length ?? 0
  const pairs = pairsOf(systems)
  const clock = countSamples(pairs.length * samples + INTERVAL_SAMPLES, duty)
  const all = entrants.flatMap(({ metric, tables: of }) => of.map(table => ({ metric, table })))
  const intervals = await clock.through(
    INTERVAL_SAMPLES,
    intervalsOf(all, { samples: INTERVAL_SAMPLES, seed }),
  )
  const results: Outcome[][] = []
  for (const [first, second] of pairs) {
    const contests = entrants.map(({ metric, tables: of }): Contest => ({
      metric,
      baseline: of[first]!,
      system: of[second]!,
    }))
    const options = { samples, seed }
    const tester: Stepped<Outcome[]> =
      test === 'ar' ? randomizationTest(contests, options) : bootstrapTests(contests, options)
    results.push(await clock.through(samples, tester))
  }
  return entrants.map(({ key, metric }, m) => {
    const { isLowerBetter, slt, scores } = tables.line(key)
    const ofPairs = pairs.map(([first, second], i) => ({ first, second, ...results[i]![m]! }))
    return {
      key,
      metric: metric.name,
      isLowerBetter,
      slt,
      signature: testSignature(metric, test, { samples, seed }, tables.nrefs()),
      scores: scores.map((score, s) => ({ score, ...intervals[m * systems + s]! })),
      pairs: withHolm(ofPairs),
    }
  })
}

type Outcome = TestResult & { detectable?: number }
type Tested = { first: number; second: number } & Outcome

/** The correction counts the pairs with a difference; equal scores are no test. */
function withHolm(pairs: readonly Tested[]): SignificanceTable['pairs'] {
  const corrected = holm(pairs.filter(({ isIdentical }) => !isIdentical).map(({ p }) => p))
  let next = 0
  return pairs.map(({ first, second, difference, p, isIdentical, detectable = null }) => ({
    first,
    second,
    difference,
    p: isIdentical ? null : p,
    pHolm: isIdentical ? null : corrected[next++]!,
    detectable: isIdentical ? null : detectable,
  }))
}

/** Progress in samples, over one test after the other. */
function countSamples(total: number, { giveWay, progress }: Duty) {
  let before = 0

  async function through<Result>(samples: number, test: Stepped<Result>): Promise<Result> {
    const result = await inSlices(test, async share => {
      progress({ done: before + Math.floor(share * samples), total })
      await giveWay()
    })
    before += samples
    progress({ done: before, total })
    return result
  }

  return { through }
}
