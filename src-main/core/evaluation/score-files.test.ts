import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseTokenizer } from './scorer.ts'
import { scoreFiles } from './score-files.ts'

interface Case {
  name: string
  tokenize: '13a' | 'zh'
  hypotheses: string
  references: string[]
  expected: { metric: string; score: number; signature: string }[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('fixtures/sacrebleu-cli.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signwright-score-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('scoreFiles prints what the sacrebleu command prints', () => {
  test.each(cases)('$name ($tokenize)', ({ hypotheses, references, tokenize, expected }) => {
    const hyp = file('hyp', Buffer.from(hypotheses, 'base64'))
    const refs = references.map((text, i) => file(`ref${i}`, Buffer.from(text, 'base64')))
    const { scores } = scoreFiles({ hyp, refs, tokenize, metrics: ['bleu', 'chrf', 'ter'] })
    expect(
      scores.map(({ metric, score, signature }) => ({ metric, score: Number(score.toFixed(10)), signature })),
    ).toEqual(expected)
  })
})

test('tests the difference to a baseline', () => {
  const lines = (of: (i: number) => string) => Array.from({ length: 40 }, (_, i) => `${of(i)}\n`).join('')
  const ref = file(
    'ref',
    lines(i => `boat ${i} leaves the old harbour at dawn`),
  )
  const hyp = file(
    'hyp',
    lines(i => `boat ${i} leaves the old harbour at noon`),
  )
  const weak = file(
    'weak',
    lines(i => `ship ${i} left a new harbour at noon`),
  )
  const result = scoreFiles({ hyp, refs: [ref], baseline: weak, metrics: ['chrf'] })
  const [test] = result.baseline!.tests
  expect([test!.score, test!.baselineScore]).toEqual([
    result.scores[0]!.score,
    result.baseline!.scores[0]!.score,
  ])
  expect(test!.p).toBeLessThan(0.001)
  expect(test!.pHolm).toBe(test!.p)
  expect(test!.signature).toMatch(/^nrefs:1\|ar:10000\|seed:12345\|case:mixed/)
  expect(scoreFiles({ hyp, refs: [ref], baseline: hyp, metrics: ['chrf'] }).baseline!.tests[0]).toMatchObject(
    {
      difference: 0,
      p: null,
      pHolm: null,
    },
  )
})

test('names the file and the line where two files stop matching', () => {
  const hyp = file('hyp', 'eins\nzwei\n')
  const ref = file('ref', 'eins\nzwei\ndrei\n')
  expect(() => scoreFiles({ hyp, refs: [ref] })).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      message: `${ref} has 3 lines and ${hyp} has 2: ${hyp} has no line 3.`,
      details: { file: hyp, line: 3, lines: 3, expected: 2 },
    }),
  )
})

test('names the line of a byte that is not UTF-8', () => {
  const hyp = file('hyp', Buffer.from('gut\nsch\xf6n\n', 'latin1'))
  expect(() => scoreFiles({ hyp, refs: [hyp] })).toThrow(
    expect.objectContaining({ code: 'invalid-input', details: { file: hyp, line: 2 } }),
  )
})

test('refuses empty and missing files', () => {
  const hyp = file('hyp', '')
  expect(() => scoreFiles({ hyp, refs: [hyp] })).toThrow(expect.objectContaining({ code: 'invalid-input' }))
  expect(() => scoreFiles({ hyp: join(folder, 'none'), refs: [hyp] })).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  )
})

test('the language of the text chooses the tokenizer unless one is named', () => {
  expect(['de', 'zh-Hant-TW', 'cmn', 'ja'].map(language => chooseTokenizer({ language }))).toEqual([
    '13a',
    'zh',
    'zh',
    'char',
  ])
  expect(chooseTokenizer({ language: 'zh', tokenize: '13a' })).toBe('13a')
})
