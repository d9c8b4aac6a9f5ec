import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bleu } from './bleu.ts'
import { chrf } from './chrf.ts'
import type { Metric } from './metric.ts'
import { NumpyRandom } from './numpy-random.ts'
import { confidenceInterval, pairedBootstrap } from './bootstrap.ts'
import { approximateRandomization } from './randomization.ts'
import { testSignature } from './significance.ts'
import { ter } from './ter.ts'
import type { TokenizerName } from './tokenizers.ts'

const file = join(
  process.env['SIGNWRIGHT_GOLDEN'] ?? join(import.meta.dirname, '../../../shared/golden'),
  'metrics/significance.json',
)
const isThere = existsSync(file)
if (!isThere) console.warn(`golden significance tests are not at ${file}: their tests are skipped`)

interface Expected {
  score: number
  p: number | null
  mean: number | null
  ci: number | null
}

interface Case {
  id: string
  tok: TokenizerName
  refs: string[][]
  systems: string[][]
  tests: {
    test: 'bs' | 'ar'
    n: number
    seed: string
    signatures: Record<string, string>
    scores: Record<string, Expected[]>
  }[]
  ci: { metric: string; seed: string; n: number; mean: number; ci: number }[]
}

interface Vector {
  shape: [number, number]
  sha256_int64le?: string
  sha256_u8?: string
}

type Rng = { seed: string; raw_uint64: string[] } & Record<string, Vector>

const golden: { cases: Case[]; rng: Rng[] } = isThere
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { cases: [], rng: [] }

function hashOf(seed: string, key: string, [rows, columns]: [number, number]): string {
  const random = new NumpyRandom(BigInt(seed))
  const limit = Number(key.split('_')[1])
  const count = rows * columns
  if (key.startsWith('bool')) {
    random.startBooleans()
    return createHash('sha256')
      .update(Uint8Array.from({ length: count }, () => Number(random.nextBoolean())))
      .digest('hex')
  }
  const numbers = BigInt64Array.from({ length: count }, () => BigInt(random.below(limit)))
  return createHash('sha256').update(new Uint8Array(numbers.buffer)).digest('hex')
}

test.skipIf(!isThere)('random numbers are those of NumPy', () => {
  for (const { seed, raw_uint64, ...vectors } of golden.rng) {
    const random = new NumpyRandom(BigInt(seed))
    expect(raw_uint64.map(() => random.next64().toString())).toEqual(raw_uint64)
    for (const [key, vector] of Object.entries(vectors).filter(([key]) => /^(choice|bool)_/.test(key)))
      expect([seed, key, hashOf(seed, key, vector.shape)]).toEqual([
        seed,
        key,
        vector.sha256_int64le ?? vector.sha256_u8,
      ])
  }
})

const allMetrics = (tokenize: TokenizerName): Record<string, Metric> => ({
  BLEU: bleu({ tokenize }),
  chrF2: chrf(),
  'chrF2++': chrf({ wordOrder: 2 }),
  TER: ter(),
})

/** Two systems may have the same score to within the last bits of `exp`. */
const close = (expected: number) => expect.closeTo(expected, 9)

describe.skipIf(!isThere).each(golden.cases)('$id', ({ tok, refs, systems, tests, ci }) => {
  const metrics = allMetrics(tok)
  const references = systems[0]!.map((_, i) => refs.map(stream => stream[i]!))
  const tables = Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [name, metric.tables(systems, references)]),
  )

  test.each(tests)('$test, n $n, seed $seed', ({ test: kind, n, seed, scores, signatures }) => {
    const names = Object.keys(scores)
    const contests = names.flatMap(name =>
      tables[name]!.slice(1).map(system => ({ metric: metrics[name]!, baseline: tables[name]![0]!, system })),
    )
    const options = { samples: n, seed: BigInt(seed) }
    const expected = names.flatMap(name =>
      scores[name]!.slice(1).map(({ score, p }) => ({ name, p, score: close(score) })),
    )
    const results =
      kind === 'ar' ? approximateRandomization(contests, options) : pairedBootstrap(contests, options)
    const named = names.flatMap(name => tables[name]!.slice(1).map(() => name))
    expect(results.map(({ p, score }, i) => ({ name: named[i], p, score }))).toEqual(expected)
    expect(
      Object.fromEntries(names.map(name => [name, testSignature(metrics[name]!, kind, options)])),
    ).toEqual(signatures)
    if (kind === 'ar') return
    const intervals = (results as ReturnType<typeof pairedBootstrap>).map(({ system }) => [
      system.mean,
      system.half,
    ])
    const wanted = names.flatMap(name => scores[name]!.slice(1).map(({ mean, ci: half }) => [mean, half]))
    intervals.forEach(([mean, half], i) => {
      expect(mean).toBeCloseTo(wanted[i]![0]!, 4)
      expect(half).toBeCloseTo(wanted[i]![1]!, 4)
    })
  })

  test('confidence intervals', () => {
    for (const { metric, seed, n, mean, ci: half } of ci) {
      const interval = confidenceInterval(
        { metric: metrics[metric]!, table: tables[metric]![0]! },
        { samples: n, seed: BigInt(seed) },
      )
      expect(interval.mean).toBeCloseTo(mean, 4)
      expect(interval.half).toBeCloseTo(half, 4)
    }
  })
})
