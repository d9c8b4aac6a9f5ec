import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ComparedClip, RunScores } from '#shared/contract/run.ts'
import { expect, test } from 'vitest'
import { arrangeClips, countOutcomes, scoreLines } from './compare-rows.ts'

function compared(name: string, first: number, last: number, text = 'viel sonne'): ComparedClip {
  const output = (runId: number, bleu: number) => ({ runId: runId as RunId, text, bleu, chrf: 0 })
  return {
    clipId: 1 as ClipId,
    name,
    split: 'dev',
    reference: 'am tag viel sonne',
    hypotheses: [output(1, first), output(2, last)],
    delta: last - first,
  }
}

const clips = [compared('clip-10', 40, 10), compared('clip-2', 5, 30), compared('clip-1', 20, 20, 'ein wind')]
const names = (found: ComparedClip[]) => found.map(clip => clip.name)

test('orders by what changed, by score and by name', () => {
  expect([
    names(arrangeClips(clips, '', 'worse')),
    names(arrangeClips(clips, '', 'better')),
    names(arrangeClips(clips, '', 'weakest')),
    names(arrangeClips(clips, '', 'strongest')),
    names(arrangeClips(clips, '', 'name')),
  ]).toEqual([
    ['clip-10', 'clip-1', 'clip-2'],
    ['clip-2', 'clip-1', 'clip-10'],
    ['clip-10', 'clip-1', 'clip-2'],
    ['clip-2', 'clip-1', 'clip-10'],
    ['clip-1', 'clip-2', 'clip-10'],
  ])
})

test('finds text in names, references and outputs', () => {
  expect([
    names(arrangeClips(clips, 'WIND', 'name')),
    names(arrangeClips(clips, 'clip-1', 'name')),
    names(arrangeClips(clips, 'am tag', 'name')).length,
    names(arrangeClips(clips, 'schnee', 'name')),
  ]).toEqual([['clip-1'], ['clip-1', 'clip-10'], 3, []])
})

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

test('counts who won', () => {
  expect(countOutcomes(clips)).toEqual({ better: 1, same: 1, worse: 1 })
})
