import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { readProcessedWords, readReplacements } from './processed-words.ts'

const FIXTURES = resolve(import.meta.dirname, '../../../shared/golden/sign2gpt/vocabulary')
const isThere = existsSync(FIXTURES)
if (!isThere) process.stderr.write(`Tests of pseudo-gloss files are skipped: ${FIXTURES} is not there.\n`)

interface Plain {
  dict_sentence: Record<string, string[]>
  dict_lem_to_id: Record<string, number>
  dict_lem_counter: Record<string, number>
}

const read = (name: string) => readProcessedWords(readFileSync(join(FIXTURES, name)), name)
const plain = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Plain

describe.skipIf(!isThere)("Sign2GPT's pseudo-gloss files", () => {
  test.each([
    ['processed_words.phx_pkl', 'processed_words.phx.json'],
    ['processed_words.csl_pkl', 'processed_words.csl.json'],
    ['small_counter_defaultdict.pkl', 'small.json'],
    ['small_protocol0.pkl', 'small.json'],
    ['small_protocol2.pkl', 'small.json'],
    ['small_protocol3.pkl', 'small.json'],
    ['small_protocol5.pkl', 'small.json'],
  ])('%s says what Python reads', (pickle, json) => {
    const { sentences, glosses, counts } = read(pickle)
    const expected = plain(json)
    expect(Object.fromEntries(sentences)).toEqual(expected.dict_sentence)
    expect(Object.fromEntries(glosses.map((gloss, id) => [gloss, id]))).toEqual(expected.dict_lem_to_id)
    expect(Object.fromEntries(glosses.map((gloss, id) => [gloss, counts[id]]))).toEqual(
      expected.dict_lem_counter,
    )
  })

  const hostile = isThere
    ? Object.keys(JSON.parse(readFileSync(join(FIXTURES, 'hostile/index.json'), 'utf8')) as object)
    : []
  const harmless = ['proto_key.pkl', 'trailing_bytes.pkl']

  test.each(hostile.filter(name => !harmless.includes(name)))('%s is refused, and nothing runs', name => {
    expect(() => read(`hostile/${name}`)).toThrow(AppError)
  })

  test.each([
    ['os_system.pkl', 'posix.system'],
    ['eval_in_key.pkl', 'builtins.eval'],
    ['missing_counter.pkl', 'dict_lem_counter'],
    ['duplicate_ids.pkl', 'the same id 0'],
    ['id_gap.pkl', 'ids are 0 to'],
  ])('%s is refused by name', (name, words) => {
    expect(() => read(`hostile/${name}`)).toThrow(words)
  })

  test('words that are names of JavaScript objects are words', () => {
    const { glosses } = read('hostile/proto_key.pkl')
    expect(glosses).toHaveLength(3)
    expect(glosses).toEqual(expect.arrayContaining(['__proto__', 'constructor']))
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('tokens that were added in training and what they stand for', () => {
    const bytes = readFileSync(join(FIXTURES, 'replacement.pkl'))
    expect(readReplacements(bytes, 'replacement.pkl')).toEqual([
      { token: '〇甲', original: '嘅' },
      { token: '〇乙', original: '𠮷' },
    ])
  })
})
