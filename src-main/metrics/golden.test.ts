import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bleu, bleuOrders, type BleuDetails, type Smoothing } from './bleu.ts'
import { chrf, type ChrfDetails } from './chrf.ts'
import type { Metric, Score } from './metric.ts'
import { rougeL } from './rouge.ts'
import { terWords } from './ter-tokenizer.ts'
import { ter } from './ter.ts'
import { tokenizerNamed, type TokenizerName } from './tokenizers.ts'
import { wer } from './wer.ts'

const GOLDEN = process.env['SIGNWRIGHT_GOLDEN'] ?? join(import.meta.dirname, '../../../shared/golden')
const folder = join(GOLDEN, 'metrics/scores')
const files = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : []
if (files.length === 0) console.warn(`golden metrics are not at ${folder}: their tests are skipped`)

interface GoldenBleu {
  score: number
  counts: number[]
  totals: number[]
  precisions: number[]
  bp: number
  sys_len: number
  ref_len: number
}

interface GoldenTokenizer {
  stats: number[][]
  corpus: Record<Smoothing, Record<string, GoldenBleu>>
  sentence: Record<Smoothing, Record<string, number[]>>
  signature: Record<Smoothing, Record<string, string>>
  bleu_n_exp: number[]
  bleu_n_floor0: number[]
  lowercase_exp: GoldenBleu
  lowercase_signature: string
}

interface GoldenChrf {
  args: {
    word_order?: number
    lowercase?: boolean
    whitespace?: boolean
    eps_smoothing?: boolean
    beta?: number
    char_order?: number
  }
  name: string
  score: number
  signature: string
  stats: number[][]
  sentence: number[]
}

interface GoldenTer {
  args: { normalized?: boolean; no_punct?: boolean; asian_support?: boolean; case_sensitive?: boolean }
  score: number
  num_edits: number
  ref_length: number
  signature: string
  stats: number[][]
  sentence: number[]
  tokens: string[]
}

interface GoldenRouge {
  sentence?: number[]
  corpus_percent?: number
  sentence_prf?: number[][]
  mean_prf?: number[]
}

interface GoldenWer {
  sentence_SDIN: number[][]
  wer_percent: number
}

interface Golden {
  id: string
  hyps: string[]
  refs: (string | null)[][]
  tokens: Record<TokenizerName, { hyps: string[]; refs: (string | null)[][] }>
  bleu: Record<TokenizerName, GoldenTokenizer>
  bleu_extra: Record<string, GoldenBleu & { signature: string }>
  chrf: Record<string, GoldenChrf>
  ter: Record<string, GoldenTer>
  rouge_l: Record<string, GoldenRouge>
  wer: Record<string, GoldenWer>
}

const read = (name: string): Golden => JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Reference streams as sacreBLEU takes them, turned into references per segment. */
const perSegment = (golden: Golden) => golden.hyps.map((_, i) => golden.refs.map(stream => stream[i] ?? null))

/** 1e-12 relative: the C library's `exp` and `log` differ from V8's by a few ulp. */
function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)))
}

function expectBleu(actual: Score<BleuDetails>, expected: GoldenBleu): void {
  const { counts, totals, precisions, bp, sysLen, refLen } = actual.details
  expect({ counts, totals, precisions, sysLen, refLen }).toEqual({
    counts: expected.counts,
    totals: expected.totals,
    precisions: expected.precisions,
    sysLen: expected.sys_len,
    refLen: expected.ref_len,
  })
  expectClose(bp, expected.bp)
  expectClose(actual.score, expected.score)
}

function corpus<D extends object>(metric: Metric<D>, golden: Golden): Score<D> {
  return metric.corpus(
    perSegment(golden).map((references, i) => ({ hypothesis: golden.hyps[i]!, references })),
  )
}

const statisticsOf = (metric: Metric<BleuDetails> | Metric<ChrfDetails>, golden: Golden) =>
  perSegment(golden).map((references, i) => Array.from(metric.statistics(golden.hyps[i]!, references)))

describe.skipIf(files.length === 0).each(files)('%s', name => {
  const golden = read(name)
  const references = perSegment(golden)
  const tokenizers = Object.entries(golden.bleu) as [TokenizerName, GoldenTokenizer][]

  test('tokenizers give the same strings', () => {
    for (const [tokenize, expected] of Object.entries(golden.tokens) as [
      TokenizerName,
      Golden['tokens']['none'],
    ][]) {
      const { text } = tokenizerNamed(tokenize)
      const clean = (line: string | null) => (line === null ? null : text(line.trimEnd()))
      expect(golden.hyps.map(clean)).toEqual(expected.hyps)
      expect(golden.refs.map(stream => stream.map(clean))).toEqual(expected.refs)
    }
  })

  test('BLEU statistics, scores and signatures are equal', () => {
    for (const [tokenize, expected] of tokenizers) {
      expect(statisticsOf(bleu({ tokenize }), golden)).toEqual(expected.stats)
      for (const smooth of Object.keys(expected.corpus) as Smoothing[])
        for (const eff of ['eff:no', 'eff:yes']) {
          const metric = bleu({ tokenize, smooth, effectiveOrder: eff === 'eff:yes' })
          const score = corpus(metric, golden)
          expectBleu(score, expected.corpus[smooth][eff]!)
          expect(score.signature).toBe(expected.signature[smooth][eff])
          golden.hyps.forEach((hypothesis, i) =>
            expectClose(
              metric.sentence(hypothesis, references[i]!).score,
              expected.sentence[smooth][eff]![i]!,
            ),
          )
        }
    }
  })

  test('lower-cased BLEU and BLEU-1 to 4 in both styles are equal', () => {
    for (const [tokenize, expected] of tokenizers) {
      const lower = corpus(bleu({ tokenize, lowercase: true }), golden)
      expectBleu(lower, expected.lowercase_exp)
      expect(lower.signature).toBe(expected.lowercase_signature)
      const rows = references.map((of, i) => bleu({ tokenize }).statistics(golden.hyps[i]!, of))
      const total = rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0))
      bleuOrders(total).forEach((score, i) => expectClose(score, expected.bleu_n_exp[i]!))
      bleuOrders(total, { smooth: 'floor', smoothValue: 0 }).forEach((score, i) =>
        expectClose(score, expected.bleu_n_floor0[i]!),
      )
      expected.bleu_n_exp.forEach((score, i) =>
        expectClose(corpus(bleu({ tokenize, maxOrder: i + 1 }), golden).score, score),
      )
    }
  })

  test('BLEU with other smoothing values is equal', () => {
    for (const [key, expected] of Object.entries(golden.bleu_extra)) {
      const [, smooth, value] = /^(floor|add-k)\[(.*)\]$/.exec(key) ?? []
      if (!smooth) throw new Error(`unknown key ${key}`)
      const score = corpus(bleu({ smooth: smooth as Smoothing, smoothValue: Number(value) }), golden)
      expectBleu(score, expected)
      expect(score.signature).toBe(expected.signature)
    }
  })

  test('chrF is equal to the last bit', () => {
    for (const expected of Object.values(golden.chrf)) {
      const { word_order, lowercase, whitespace, eps_smoothing, beta, char_order } = expected.args
      const metric = chrf({
        wordOrder: word_order,
        charOrder: char_order,
        beta,
        lowercase,
        whitespace,
        epsSmoothing: eps_smoothing,
      })
      const { name: metricName, score, signature } = corpus(metric, golden)
      expect({
        name: metricName,
        score,
        signature,
        stats: statisticsOf(metric, golden),
        sentence: golden.hyps.map((hypothesis, i) => metric.sentence(hypothesis, references[i]!).score),
      }).toEqual({
        name: expected.name,
        score: expected.score,
        signature: expected.signature,
        stats: expected.stats,
        sentence: expected.sentence,
      })
    }
  })

  test('TER is equal to the last bit', () => {
    for (const expected of Object.values(golden.ter)) {
      const { normalized, no_punct, asian_support, case_sensitive } = expected.args
      const options = {
        normalized,
        noPunct: no_punct,
        asianSupport: asian_support,
        caseSensitive: case_sensitive,
      }
      const metric = ter(options)
      expect({
        score: corpus(metric, golden),
        stats: references.map((of, i) => Array.from(metric.statistics(golden.hyps[i]!, of))),
        sentence: golden.hyps.map((hypothesis, i) => metric.sentence(hypothesis, references[i]!).score),
        tokens: golden.hyps.map(line => terWords(line.trimEnd(), options).join(' ')),
      }).toEqual({
        score: {
          name: 'TER',
          score: expected.score,
          signature: expected.signature,
          details: { edits: expected.num_edits, refLength: expected.ref_length },
        },
        stats: expected.stats,
        sentence: expected.sentence,
        tokens: expected.tokens,
      })
    }
  })

  test('ROUGE-L is equal in three variants', () => {
    const variants = {
      'coco_beta1.2': 'coco',
      'rouge_score_0.1.2': 'rouge-score-plain',
      'rouge_score_0.1.2_stemmed': 'rouge-score',
    } as const
    for (const [key, variant] of Object.entries(variants)) {
      const expected = golden.rouge_l[key]!
      const metric = rougeL({ variant })
      const rows = references.map((of, i) => metric.statistics(golden.hyps[i]!, of))
      rows.forEach((row, i) => {
        const wanted = expected.sentence_prf?.[i] ?? [expected.sentence![i]!]
        wanted.forEach((value, column) => expectClose(row[3 - wanted.length + column]!, value))
      })
      expectClose(corpus(metric, golden).score, expected.corpus_percent ?? expected.mean_prf![2]! * 100)
    }
  })

  test('WER is equal with both costs', () => {
    for (const [key, costs] of [
      ['levenshtein_1_1_1', '1-1-1'],
      ['neccam_3_3_4', '4-3-3'],
    ] as const) {
      const metric = wer({ costs })
      const rows = references.map((of, i) => Array.from(metric.statistics(golden.hyps[i]!, of)))
      expect(rows).toEqual(golden.wer[key]!.sentence_SDIN)
      expectClose(corpus(metric, golden).score, golden.wer[key]!.wer_percent)
    }
  })
})
