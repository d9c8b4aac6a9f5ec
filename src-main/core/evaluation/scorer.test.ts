import { expect, test } from 'vitest'
import { scoreClips } from './scorer.ts'

test('scores a run by corpus and by sentence and leaves out clips without a reference', () => {
  const result = scoreClips([
    { clip: 1, hypothesis: 'morgen regnet es im norden', references: ['morgen regnet es im norden'] },
    { clip: 2, hypothesis: 'der wind weht', references: [null] },
    { clip: 3, hypothesis: '', references: ['es schneit', 'schnee'] },
  ])
  expect(result.scores.map(({ metric, signature }) => [metric, signature])).toEqual([
    ['BLEU-1', 'nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0'],
    ['BLEU-2', 'nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0'],
    ['BLEU-3', 'nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0'],
    ['BLEU', 'nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0'],
    ['chrF2', 'nrefs:var|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0'],
  ])
  expect(result.scores[3]!.details).toEqual({
    counts: [5, 4, 3, 2],
    totals: [5, 4, 3, 2],
    precisions: [100, 100, 100, 100],
    bp: Math.exp(1 - 6 / 5),
    sysLen: 5,
    refLen: 6,
  })
  expect(result.sentences.map(({ clip, bleu, chrf }) => [clip, Math.round(bleu), chrf])).toEqual([
    [1, 100, 100],
    [3, 0, 0],
  ])
  expect(result.withoutReference).toEqual([2])
})

test('scores nothing when no clip has a reference', () => {
  expect(scoreClips([{ clip: 'a', hypothesis: 'x', references: [] }])).toEqual({
    scores: [],
    sentences: [],
    withoutReference: ['a'],
  })
})

test('refuses a metric it does not know by name', () => {
  const clips = [{ clip: 1, hypothesis: 'a', references: ['a'] }]
  expect(() => scoreClips(clips, { metrics: ['meteor'] })).toThrow(
    expect.objectContaining({ code: 'invalid-input' }),
  )
})

test('compares Chinese by character in every metric', () => {
  const clips = [{ clip: 1, hypothesis: '今天天气很好。', references: ['今天的天气很好。'] }]
  const { scores } = scoreClips(clips, { language: 'zh-CN', metrics: ['bleu', 'ter', 'rouge'] })
  expect(scores.map(({ metric, score, signature }) => [metric, Math.round(score), signature])).toEqual([
    ['BLEU', 61, 'nrefs:1|case:mixed|eff:no|tok:zh|smooth:exp|version:2.6.0'],
    ['TER', 13, 'nrefs:1|case:lc|tok:tercom|norm:yes|punct:yes|asian:yes|version:2.6.0'],
    ['ROUGE-L', 93, 'nrefs:1|variant:characters|beta:1|case:mixed|tok:char|stem:no|version:signwright-1'],
  ])
})
