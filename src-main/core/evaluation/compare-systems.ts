import { metricFrom } from '#main/metrics/metric-names.ts'
import { countReferences } from '#main/metrics/metric.ts'
import { approximateRandomization } from '#main/metrics/randomization.ts'
import { holm, testSignature, type TestOptions } from '#main/metrics/significance.ts'
import { DEFAULT_METRICS, resolveOptions, type ScorerOptions } from './scorer.ts'

export interface SystemDifference {
  system: string
  metric: string
  baselineScore: number
  score: number
  /** System minus baseline. */
  difference: number
  /** Approximate randomization; `null` when the scores are identical, as there is nothing to test then. */
  p: number | null
  /** `p` corrected for the number of systems (Holm). */
  pHolm: number | null
  /** sacreBLEU's signature of the test. */
  signature: string
}

/** Tests every system against the baseline under every metric; all have the same segments in the same order. */
export function compareSystems(
  baseline: readonly string[],
  systems: readonly { name: string; hypotheses: readonly string[] }[],
  references: readonly (readonly (string | null)[])[],
  { samples, seed, ...options }: ScorerOptions & TestOptions = {},
): SystemDifference[] {
  const nrefs = countReferences(references)
  const resolved = resolveOptions(options)
  const contests = (options.metrics ?? DEFAULT_METRICS).flatMap(name => {
    const metric = metricFrom(name, resolved)
    const [first, ...others] = metric.tables(
      [baseline, ...systems.map(({ hypotheses }) => hypotheses)],
      references,
    )
    return others.map((system, i) => ({ metric, baseline: first!, system, name: systems[i]!.name }))
  })
  const results = approximateRandomization(contests, { samples, seed })
  const differences = contests.map(({ metric, name }, i) => {
    const { isIdentical, p, ...scores } = results[i]!
    const signature = testSignature(metric, 'ar', { samples, seed }, nrefs)
    return { system: name, metric: metric.name, ...scores, p: isIdentical ? null : p, pHolm: null, signature }
  })
  return withHolm(differences)
}

/** The correction counts the systems under one metric; identical ones are no test. */
function withHolm(differences: SystemDifference[]): SystemDifference[] {
  for (const ofMetric of Map.groupBy(differences, ({ metric }) => metric).values()) {
    const tested = ofMetric.filter(({ p }) => p !== null)
    const corrected = holm(tested.map(({ p }) => p!))
    tested.forEach((difference, i) => {
      difference.pHolm = corrected[i]!
    })
  }
  return differences
}
