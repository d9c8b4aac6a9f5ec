import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { bleu } from './bleu.ts'
import { chrf } from './chrf.ts'
import { fuzzCases, type FuzzCase } from './fixtures/fuzz-text.ts'
import type { Metric } from './metric.ts'
import { pythonRstrip } from './python-text.ts'
import { ter } from './ter.ts'
import { tokenizerNamed } from './tokenizers.ts'

interface Stored {
  cases: number
  block: number
  digests: string
  blockScores: number[][]
}

const stored: Stored = JSON.parse(readFileSync(new URL('fixtures/fuzz.json', import.meta.url), 'utf8'))

const TOKENIZERS = ['13a', 'intl', 'zh', 'char', 'none'] as const

const METRICS: readonly Metric[] = [
  ...TOKENIZERS.map(tokenize => bleu({ tokenize })),
  bleu({ lowercase: true }),
  chrf(),
  chrf({ wordOrder: 2 }),
  chrf({ wordOrder: 2, whitespace: true, lowercase: true }),
  ter(),
  ter({ normalized: true, asianSupport: true }),
  ter({ noPunct: true, asianSupport: true, caseSensitive: true }),
]

/** The same string that make_fuzz.py takes the CRC of. */
function digestOf({ hypothesis, references }: FuzzCase, rows: readonly Float64Array[]): number {
  const tokens = TOKENIZERS.map(name => tokenizerNamed(name).text(pythonRstrip(hypothesis)))
  const counts = rows.map((row, i) => {
    const numbers = METRICS[i]!.name === 'TER' ? [row[0]!, Math.round(row[1]! * references.length)] : [...row]
    return numbers.join(',')
  })
  return crc32([...tokens, ...counts].join('\x1f'))
}

test('counts what sacreBLEU counts on 10,000 random Unicode sentences', () => {
  const digests = Buffer.from(stored.digests, 'base64')
  const different: number[] = []
  const rows: Float64Array[][] = METRICS.map(() => [])
  fuzzCases(stored.cases).forEach((one, index) => {
    METRICS.forEach((metric, i) => rows[i]!.push(metric.statistics(one.hypothesis, one.references)))
    if (
      digestOf(
        one,
        rows.map(of => of[index]!),
      ) !== digests.readUInt32LE(index * 4)
    )
      different.push(index)
  })
  expect(different).toEqual([])
  stored.blockScores.forEach((scores, block) =>
    scores.forEach((expected, i) => {
      const part = rows[i]!.slice(block * stored.block, (block + 1) * stored.block)
      const { score } = METRICS[i]!.aggregate(part)
      expect(Math.abs(score - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, expected))
    }),
  )
})
