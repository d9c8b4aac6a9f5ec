import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bleu } from './bleu.ts'
import type { Segment } from './metric.ts'
import { stemPorter } from './porter.ts'
import { rougeL } from './rouge.ts'
import { tokenizerNamed } from './tokenizers.ts'

const file = join(
  process.env['SIGNWRIGHT_GOLDEN'] ?? join(import.meta.dirname, '../../../shared/golden'),
  'spamo/metrics/expected.json',
)
const isThere = existsSync(file)
if (!isThere) console.warn(`golden SpaMo metrics are not at ${file}: their tests are skipped`)

interface Corpus {
  bleu1: number
  bleu2: number
  bleu3: number
  bleu4: number
  precisions: number[]
  counts: number[]
  totals: number[]
  brevity_penalty: number
  sys_len: number
  ref_len: number
  signature: string
}

interface Language {
  tokenize: '13a' | 'zh'
  pairs: { hyp: string; ref: string; hyp_tokens: string[]; ref_tokens: string[] }[]
  corpus: Corpus
  subset_first_four: Corpus
  rouge_l_stemmed: { mean: { f1: number } }
  rouge_l_characters: { mean_f1: number }
  per_sentence_as_one_line_corpora: { bleu1: number; bleu2: number; bleu3: number; bleu4: number }[]
}

const golden: Record<string, Language> & { porter_stemmer_cases: Record<string, string> } = isThere
  ? JSON.parse(readFileSync(file, 'utf8'))
  : {}

const ORDERS = ['bleu1', 'bleu2', 'bleu3', 'bleu4'] as const

const toSegments = (pairs: Language['pairs']): Segment[] =>
  pairs.map(({ hyp, ref }) => ({ hypothesis: hyp, references: [ref] }))

function expectCorpus(segments: readonly Segment[], tokenize: '13a' | 'zh', expected: Corpus): void {
  const { details, signature } = bleu({ tokenize }).corpus(segments)
  expect({ ...details, signature }).toEqual({
    counts: expected.counts,
    totals: expected.totals,
    precisions: expected.precisions,
    bp: expected.brevity_penalty,
    sysLen: expected.sys_len,
    refLen: expected.ref_len,
    signature: expected.signature,
  })
  ORDERS.forEach((key, i) =>
    expect(bleu({ tokenize, maxOrder: i + 1 }).corpus(segments).score).toBeCloseTo(expected[key], 10),
  )
}

describe.skipIf(!isThere).each(['de', 'zh'])('SpaMo, %s', code => {
  const language = golden[code]!

  test('tokens are the same', () => {
    const { words } = tokenizerNamed(language.tokenize)
    for (const { hyp, ref, hyp_tokens, ref_tokens } of language.pairs)
      expect([words(hyp), words(ref)]).toEqual([hyp_tokens, ref_tokens])
  })

  test('corpus, subset and sentence BLEU-1 to 4 are the same', () => {
    const segments = toSegments(language.pairs)
    expectCorpus(segments, language.tokenize, language.corpus)
    expectCorpus(segments.slice(0, 4), language.tokenize, language.subset_first_four)
    language.per_sentence_as_one_line_corpora.forEach((expected, i) =>
      ORDERS.forEach((key, order) => {
        const { score } = bleu({ tokenize: language.tokenize, maxOrder: order + 1 }).corpus([segments[i]!])
        expect(score).toBeCloseTo(expected[key], 10)
      }),
    )
  })

  test('ROUGE-L stemmed and by characters is the same', () => {
    const segments = toSegments(language.pairs)
    expect(rougeL({ variant: 'rouge-score' }).corpus(segments).score).toBeCloseTo(
      language.rouge_l_stemmed.mean.f1 * 100,
      10,
    )
    expect(rougeL({ variant: 'characters' }).corpus(segments).score).toBeCloseTo(
      language.rouge_l_characters.mean_f1 * 100,
      10,
    )
  })
})

test.skipIf(!isThere)('the Porter stemmer gives the same stems', () => {
  for (const [word, stem] of Object.entries(golden.porter_stemmer_cases))
    expect([word, stemPorter(word)]).toEqual([word, stem])
})
