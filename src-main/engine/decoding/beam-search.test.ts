import { expect, test } from 'vitest'
import { type DecodeStep, beamSearch } from './beam-search.ts'

const START = 0
const END = 1

/** A toy language: log-probabilities of the next token after a prefix, best first. */
function language(table: Record<string, [number, number][]>): { step: DecodeStep; calls: string[] } {
  const calls: string[] = []
  const fed: number[] = []
  return {
    calls,
    async step(beams) {
      const prefixes = beams.map(({ token, rows }) => `${rows.map(row => fed[row]).join('')}${token}`)
      fed.push(...beams.map(beam => beam.token))
      calls.push(prefixes.join(' '))
      const rows = prefixes.map(
        prefix =>
          table[prefix] ?? [
            [END, -0.1],
            [9, -5],
            [8, -6],
            [7, -7],
          ],
      )
      const width = Math.max(...rows.map(row => row.length))
      const logProbabilities = new Float32Array(rows.length * width).fill(-Infinity)
      const ids = new Int32Array(rows.length * width)
      for (const [row, candidates] of rows.entries())
        for (const [rank, [id = 0, logProbability = 0]] of candidates.entries()) {
          ids[row * width + rank] = id
          logProbabilities[row * width + rank] = logProbability
        }
      return { logProbabilities, ids, width }
    },
  }
}

const options = { beams: 2, maxLength: 6, lengthPenalty: 1, nBest: 2, startId: START, endId: END }

test('finds the sentence that a greedy search misses', async () => {
  const table: Record<string, [number, number][]> = {
    '0': [
      [2, -0.5],
      [3, -0.7],
      [4, -9],
      [5, -9],
    ],
    '02': [
      [4, -2],
      [5, -2.1],
      [6, -3],
      [7, -4],
    ],
    '03': [
      [4, -0.1],
      [5, -4],
      [6, -5],
      [7, -6],
    ],
  }
  const greedy = await beamSearch(language(table).step, { ...options, beams: 1, nBest: 1 })
  const beam = await beamSearch(language(table).step, options)
  expect([greedy[0]?.tokens, beam[0]?.tokens]).toEqual([
    [0, 2, 4, 1],
    [0, 3, 4, 1],
  ])
})

test('divides by the length without the end token, raised to the penalty', async () => {
  const table: Record<string, [number, number][]> = {
    '0': [
      [2, -1],
      [3, -8],
      [4, -9],
      [5, -9],
    ],
    '02': [
      [END, -1],
      [5, -6],
      [6, -6],
      [7, -6],
    ],
  }
  const scores = await Promise.all(
    [1, 0, 2].map(
      async lengthPenalty =>
        (await beamSearch(language(table).step, { ...options, lengthPenalty }))[0]?.score,
    ),
  )
  expect(scores).toEqual([-1, -2, -0.5])
})

test('counts an end token only among the best candidates', async () => {
  // The end token ranks third of four: with two beams it is dropped.
  const table: Record<string, [number, number][]> = {
    '0': [
      [2, -1],
      [3, -1.1],
      [END, -1.2],
      [5, -9],
    ],
  }
  const found = await beamSearch(language(table).step, options)
  expect(found.map(({ tokens }) => tokens)).toEqual([
    [0, 2, 1],
    [0, 3, 1],
  ])
})

test('cuts off at the maximal length, start token included, and divides by all ids', async () => {
  const endless: DecodeStep = async beams => ({
    logProbabilities: Float32Array.from(beams.flatMap(() => [-1, -2, -3, -4])),
    ids: beams.flatMap(() => [2, 3, 4, 5]),
    width: 4,
  })
  const [best] = await beamSearch(endless, { ...options, maxLength: 4 })
  expect(best).toEqual({
    tokens: [0, 2, 2, 2],
    rows: [0, 1, 3],
    score: -3 / 4,
    sumLogProbability: -3,
    hasEnded: false,
  })
})

test('feeds one beam first and then names the past of each', async () => {
  const { step, calls } = language({
    '0': [
      [2, -1],
      [3, -1.5],
      [4, -9],
      [5, -9],
    ],
  })
  await beamSearch(step, options)
  expect(calls).toEqual(['0', '02 03', '029 039'])
})

test('stops between two steps when cancelled', async () => {
  const abort = new AbortController()
  let steps = 0
  const step: DecodeStep = async beams => {
    steps += 1
    abort.abort()
    return {
      logProbabilities: Float32Array.from(beams.flatMap(() => [-1, -2])),
      ids: beams.flatMap(() => [2, 3]),
      width: 2,
    }
  }
  await expect(beamSearch(step, { ...options, beams: 1, signal: abort.signal })).rejects.toThrow('aborted')
  expect(steps).toBe(1)
})
