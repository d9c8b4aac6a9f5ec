import { describe, expect, test } from 'vitest'
import { goldenJson, hasGolden } from '../testing/golden.ts'
import { createT5Tokenizer } from './t5-tokenizer.ts'

interface Case {
  text: string
  ids: number[]
  tokens: string[]
  decoded: string
}

describe.skipIf(!hasGolden)('the tokenizer against the original', () => {
  const setup = () =>
    createT5Tokenizer(goldenJson('t5-tiny/tokenizer.json'), goldenJson('t5-tiny/tokenizer_config.json'), 512)

  test('gives the same ids and pieces for every text', () => {
    const tokenizer = setup()
    const cases = goldenJson<Case[]>('t5-tiny/expected/tokenizer_cases.json')
    const ours = cases.map(({ text }) => ({
      text,
      ids: tokenizer.encode(text),
      tokens: tokenizer.encode(text).map(id => tokenizer.piece(id)),
    }))
    // An unknown character has the id of <unk>; its piece is the character itself.
    expect(ours.map(({ text, ids }) => ({ text, ids }))).toEqual(
      cases.map(({ text, ids }) => ({ text, ids })),
    )
  })

  test('gives the same text back, spaces cleaned up', () => {
    const tokenizer = setup()
    const cases = goldenJson<Case[]>('t5-tiny/expected/tokenizer_cases.json')
    expect(cases.map(({ ids }) => tokenizer.decode(ids))).toEqual(cases.map(({ decoded }) => decoded))
  })

  test('cuts a long text to 511 ids and the end token', () => {
    const { text, ids } = goldenJson<{ text: string; ids: number[] }>(
      't5-tiny/expected/tokenizer_truncation.json',
    )
    expect(setup().encode(text)).toEqual(ids)
  })

  test('makes the same prompts from in-context examples', () => {
    const { settings } = goldenJson<{ settings: { prompts: string[]; prompt_ids: number[][] }[] }>(
      'spamo-tiny.expected/prompts_in_context.json',
    )
    const tokenizer = setup()
    for (const { prompts, prompt_ids: ids } of settings)
      expect(prompts.map(prompt => tokenizer.encode(prompt))).toEqual(ids)
  })
})
