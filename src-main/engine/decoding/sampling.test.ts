import { describe, expect, test } from 'vitest'
import { beamSearch, type DecodeStep } from './beam-search.ts'
import { createRandom, drawWithoutReplacement } from './random.ts'

const END = 1
const DRAWS = 20_000
/** Five standard deviations of a share that was counted in so many draws. */
const tolerance = (p: number) => 5 * Math.sqrt((p * (1 - p)) / DRAWS)

/** Every token may follow every other with the same chances; after two tokens the sentence ends. */
function language(chances: Record<number, number>): DecodeStep {
  const likely = Object.entries(chances)
    .map(([id, chance]) => [Number(id), Math.log(chance)] as const)
    .toSorted((a, b) => b[1] - a[1])
  const end = [[END, 0], ...likely.slice(1).map(([id]) => [id, -Infinity] as const)] as const
  return async beams => {
    const rows = beams.map(({ rows: past }) => (past.length < 2 ? likely : end))
    return {
      logProbabilities: Float32Array.from(rows.flatMap(row => row.map(([, logP]) => logP))),
      ids: rows.flatMap(row => row.map(([id]) => id)),
      width: likely.length,
    }
  }
}

const options = { beams: 1, nBest: 1, maxLength: 8, lengthPenalty: 1, startId: 0, endId: END }

async function shares(chances: Record<number, number>, warp: { temperature: number; topP: number }) {
  const counts = new Map<string, number>()
  const random = createRandom('shares')
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const strategy = { kind: 'sample', topK: 0, random, ...warp } as const
    const [best] = await beamSearch(language(chances), { ...options, strategy })
    const text = best?.tokens.slice(1, -1).join('') ?? ''
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return new Map([...counts].map(([text, count]) => [text, count / DRAWS]))
}

describe('plain sampling', () => {
  test('gives every sentence with its probability', async () => {
    const found = await shares({ 2: 0.5, 3: 0.3, 4: 0.2 }, { temperature: 1, topP: 1 })
    for (const [text, p] of Object.entries({ 22: 0.25, 23: 0.15, 33: 0.09, 43: 0.06, 44: 0.04 }))
      expect(Math.abs((found.get(text) ?? 0) - p)).toBeLessThan(tolerance(p))
  })

  test('top-p keeps the token that crosses the border and drops those after it', async () => {
    const found = await shares({ 2: 0.5, 3: 0.3, 4: 0.2 }, { temperature: 1, topP: 0.6 })
    expect([...found.keys()].toSorted()).toEqual(['22', '23', '32', '33'])
    expect(Math.abs((found.get('22') ?? 0) - (5 / 8) ** 2)).toBeLessThan(tolerance((5 / 8) ** 2))
  })

  test('a temperature of a half squares the odds of the first token', async () => {
    const found = await shares({ 2: 0.6, 3: 0.4 }, { temperature: 0.5, topP: 1 })
    const first = (found.get('22') ?? 0) + (found.get('23') ?? 0)
    const p = 0.36 / (0.36 + 0.16)
    expect(Math.abs(first - p)).toBeLessThan(tolerance(p))
  })
})

test('drawing without replacement has the chances of drawing one after the other', () => {
  const weights = [0.5, 0.3, 0.15, 0.05]
  const scores = weights.map(Math.log)
  const random = createRandom('pairs')
  const counts = new Map<string, number>()
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const pair = drawWithoutReplacement(scores, 2, random).join(',')
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  for (const [a, first] of weights.entries())
    for (const [b, second] of weights.entries()) {
      const p = a === b ? 0 : (first * second) / (1 - first)
      expect(Math.abs((counts.get(`${a},${b}`) ?? 0) / DRAWS - p)).toBeLessThan(tolerance(p) + 1e-9)
    }
})

test('beam sampling starts from as many equal beams, so that one token can open several', async () => {
  const random = createRandom('beams')
  let both = 0
  // Two beams with two tokens each: all four continuations are drawn, and the best two go on.
  for (let draw = 0; draw < 200; draw += 1) {
    const strategy = { kind: 'sample', temperature: 1, topK: 0, topP: 1, random } as const
    const found = await beamSearch(language({ 2: 0.9, 3: 0.1 }), { ...options, beams: 2, nBest: 2, strategy })
    if (found.every(({ tokens }) => tokens[1] === 2)) both += 1
  }
  expect(both).toBe(200)
})

test('the same seed gives the same numbers', () => {
  const numbers = (seed: string) => Array.from({ length: 4 }, createRandom(seed))
  expect(numbers('7/test-0001')).toEqual(numbers('7/test-0001'))
  expect(numbers('7/test-0001')).not.toEqual(numbers('8/test-0001'))
})
