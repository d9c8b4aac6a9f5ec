import type { AnalysedSegment } from '#shared/contract/analysis.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { segmentTable } from './segment-csv.ts'

test('quotes what would break a line', () => {
  const row: AnalysedSegment = {
    clipId: 1 as ClipId,
    name: 'a,1',
    split: 'dev',
    signer: '',
    state: 'new',
    durationMs: 2000,
    language: 'de',
    references: ['am "Tag"', 'zweite'],
    outputs: [
      { runId: 1 as RunId, text: 'eins', score: 12.34567 },
      { runId: 2 as RunId, text: 'zwei', score: 20 },
    ],
    delta: 7.65433,
  }
  expect(segmentTable([row], { metric: 'BLEU', runs: ['A', 'B'], from: 'A', to: 'B' })).toBe(
    'clip,split,signer,review_state,duration_ms,reference,A,A BLEU,B,B BLEU,B - A\r\n' +
      '"a,1",dev,,new,2000,"am ""Tag""\nzweite",eins,12.3457,zwei,20.0000,7.6543\r\n',
  )
})
