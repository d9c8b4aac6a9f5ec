import type { RunId } from '#shared/contract/ids.ts'
import type { RunScores } from '#shared/contract/run.ts'
import { expect, test } from 'vitest'
import { scoreLines } from './compare-rows.ts'

test('of an error rate the smallest is best', () => {
  const run = (id: number, bleu: number, ter: number): RunScores => ({
    runId: id as RunId,
    run: `run ${id}`,
    split: null,
    clips: 3,
    scores: [
      { metric: 'BLEU', score: bleu, signature: 'nrefs:1' },
      { metric: 'TER', score: ter, signature: 'nrefs:1|case:lc' },
    ],
  })
  expect(scoreLines([run(1, 20, 70), run(2, 23, 60)])).toEqual([
    {
      metric: 'BLEU',
      signatures: ['nrefs:1'],
      cells: [
        { score: 20, isBest: false, delta: 0 },
        { score: 23, isBest: true, delta: 3 },
      ],
    },
    {
      metric: 'TER',
      signatures: ['nrefs:1|case:lc'],
      cells: [
        { score: 70, isBest: false, delta: 0 },
        { score: 60, isBest: true, delta: -10 },
      ],
    },
  ])
})
