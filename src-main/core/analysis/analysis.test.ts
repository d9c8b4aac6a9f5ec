import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  AnalysisFilter,
  AnalysisScope,
  type AnalysisView,
  type BucketKind,
  type SegmentOrder,
} from '#shared/contract/analysis.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { bleu } from '#main/metrics/bleu.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { createAnalysis, type FilteredQuestion } from './analysis.ts'

interface Fixture {
  references: string[]
  a: string[]
  b: string[]
  training: string[]
  expected: {
    length: number[]
    frequency: [number[], number[]]
    /** Matches of a and of b, ratio. */
    ngrams: Record<string, [number, number, number]>
  }
}

const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/compare-mt.json', import.meta.url), 'utf8'),
) as Fixture

const idle = { signal: new AbortController().signal, progress: () => {} }

function setup() {
  const { db } = testContext()
  const place = addRecording(db)
  const clips = fixture.references.map((text, at) =>
    addClip(db, place, {
      name: `s${String(at).padStart(3, '0')}`,
      split: at % 2 === 0 ? 'dev' : 'test',
      signer: `Signer ${at % 3}`,
      gloss: at % 5 === 0 ? '' : text.toUpperCase().split(' ').slice(0, 2).join(' '),
      endMs: 1000 * (1 + (at % 14)),
      references: [text],
    }),
  )
  fixture.training.forEach((text, at) =>
    addClip(db, place, { name: `t${at}`, split: 'train', references: [text] }),
  )
  const outputs = (texts: string[]) =>
    new Map(clips.map((clip, at): [ClipId, string[]] => [clip, [texts[at]!]]))
  const runIds = [addRun(db, 'a', outputs(fixture.a)), addRun(db, 'b', outputs(fixture.b))]
  const scope = AnalysisScope.parse({ runIds, tokenize: 'none' })
  const analysis = createAnalysis(db)
  const question = (filter: object = {}): FilteredQuestion => ({
    scope,
    version: 0,
    filter: AnalysisFilter.parse(filter),
    pair: { from: runIds[0]!, to: runIds[1]! },
  })
  const view = (filter: object, kinds: BucketKind[] = []): Promise<AnalysisView> =>
    analysis.view({ ...question(filter), kinds }, idle)
  return { db, analysis, question, view, runIds, scope }
}

const chartOf = (view: AnalysisView, kind: BucketKind) => view.charts.find(chart => chart.kind === kind)!

test('puts sentences and words into the buckets of compare-mt', async () => {
  const { view } = setup()
  const shown = await view({}, ['length', 'frequency'])
  const words = chartOf(shown, 'frequency')
  expect({
    length: chartOf(shown, 'length').buckets.map(({ segments }) => segments),
    measure: words.measure,
    training: shown.trainingSentences,
  }).toEqual({ length: fixture.expected.length, measure: 'word-f1', training: fixture.training.length })
  fixture.expected.frequency.forEach((expected, run) =>
    expected.forEach((f1, at) => expect(words.buckets[at]!.scores[run]?.score ?? 0).toBeCloseTo(f1, 10)),
  )
})

test('finds the n-grams that compare-mt finds, with its ratios', async () => {
  const { analysis, question } = setup()
  const { won, lost } = await analysis.ngrams({ ...question(), orders: [1, 2, 3, 4], limit: 100_000 }, idle)
  const found = [...won, ...lost].map(({ tokens, from, to, ratio }): [string, number[]] => [
    tokens.join(' '),
    [from, to, ratio],
  ])
  expect(Object.fromEntries(found)).toEqual(fixture.expected.ngrams)
  expect(won.every(each => each.to > each.from) && lost.every(each => each.from > each.to)).toBe(true)
  expect(won.map(({ ratio }) => ratio)).toEqual(won.map(({ ratio }) => ratio).toSorted((x, y) => y - x))
})

test('the score of a bucket is the corpus score of its segments', async () => {
  const { view } = setup()
  const [first] = chartOf(await view({}, ['signer']), 'signer').buckets
  const segments = fixture.references.flatMap((reference, at) =>
    `Signer ${at % 3}` === first!.key ? [{ hypothesis: fixture.b[at]!, references: [reference] }] : [],
  )
  expect(first!.segments).toBe(segments.length)
  expect(first!.scores[1]!.score).toBeCloseTo(bleu({ tokenize: 'none' }).corpus(segments).score, 10)
  expect(first!.scores[1]!.interval!.low).toBeLessThan(first!.scores[1]!.score)
  expect(first!.scores[1]!.interval!.high).toBeGreaterThan(first!.scores[1]!.score)
})

test('an n-gram leads to the segments where the runs fare differently with it', async () => {
  const { analysis, question } = setup()
  const { won } = await analysis.ngrams({ ...question(), orders: [2], limit: 1 }, idle)
  const [best] = won
  const filtered = question({ ngram: best!.tokens })
  const { rows } = await analysis.segments({ ...filtered, order: 'name', offset: 0, limit: 1000 }, idle)
  const times = (text: string) => ` ${text} `.split(` ${best!.tokens.join(' ')} `).length - 1
  const gains = rows.map(({ references, outputs }) => {
    const [inReference, a, b] = [references[0]!, outputs[0]!.text, outputs[1]!.text].map(times)
    return Math.min(inReference!, b!) - Math.min(inReference!, a!)
  })
  expect(gains.every(gain => gain !== 0)).toBe(true)
  expect(gains.reduce((sum, gain) => sum + gain, 0)).toBe(best!.to - best!.from)
})

test('orders of an error rate begin with what is worst, too', async () => {
  const { analysis, question } = setup()
  const asked = question()
  asked.scope = { ...asked.scope, metric: 'ter' }
  const deltas = async (order: SegmentOrder) => {
    const { rows } = await analysis.segments({ ...asked, order, offset: 0, limit: 1000 }, idle)
    return rows.map(({ delta }) => delta)
  }
  const worst = await deltas('worse')
  expect(worst).toEqual(worst.toSorted((x, y) => y - x))
  expect(await deltas('better')).toEqual(worst.toSorted((x, y) => x - y))
})

/** A filter that names its parts, so that a test can leave one out. */
const someFilter = fc.record({
  text: fc.constantFrom('', 'wind', 'S01'),
  buckets: fc
    .record({
      length: fc.subarray(['0-10', '10-20', '20-30']),
      signer: fc.subarray(['Signer 0', 'Signer 1', 'Signer 2']),
      split: fc.subarray(['dev', 'test']),
    })
    .map(chosen =>
      Object.entries(chosen).flatMap(([kind, keys]) => (keys.length > 0 ? [{ kind, keys }] : [])),
    ),
  low: fc.option(fc.constantFrom(0, 20, 50)),
})

test('a chart counts what passes all filters but its own, whatever was chosen before', async () => {
  const { analysis, question, view, runIds } = setup()
  const all = await analysis.segments({ ...question(), order: 'name', offset: 0, limit: 1000 }, idle)
  await fc.assert(
    fc.asyncProperty(someFilter, async ({ text, buckets, low }) => {
      const scores = low === null ? [] : [{ runId: runIds[1]!, from: low, to: 200 }]
      const shown = await view({ text, buckets, scores }, ['length', 'signer', 'split'])
      const passes = (segment: (typeof all.rows)[number], except: string) =>
        [segment.name, ...segment.references, ...segment.outputs.map(output => output.text)]
          .join('\n')
          .toLowerCase()
          .includes(text.toLowerCase()) &&
        (low === null || segment.outputs[1]!.score >= low) &&
        buckets.every(
          ({ kind, keys }) =>
            kind === except ||
            keys.includes(
              kind === 'length'
                ? lengthKey(segment.references[0]!)
                : kind === 'signer'
                  ? segment.signer
                  : segment.split,
            ),
        )
      expect(shown.matching).toBe(all.rows.filter(segment => passes(segment, '')).length)
      for (const chart of shown.charts) {
        const counted = chart.buckets.reduce((sum, bucket) => sum + bucket.segments, 0)
        expect([chart.kind, counted]).toEqual([
          chart.kind,
          all.rows.filter(segment => passes(segment, chart.kind)).length,
        ])
      }
    }),
    { numRuns: 60 },
  )
})

function lengthKey(text: string): string {
  const words = text.split(' ').length
  return words < 10 ? '0-10' : words < 20 ? '10-20' : '20-30'
}

test('a clip that one run lacks is left out and counted', async () => {
  const { db, analysis, question } = setup()
  db.prepare('DELETE FROM hypothesis WHERE id = (SELECT max(id) FROM hypothesis)').run()
  const { total, leftOut } = await analysis.view({ ...question(), version: 1, kinds: [] }, idle)
  expect({ total, leftOut }).toEqual({ total: fixture.references.length - 1, leftOut: 1 })
})

test('stops where nobody waits any more', async () => {
  const { analysis, question } = setup()
  const abort = new AbortController()
  abort.abort()
  await expect(
    analysis.view({ ...question(), kinds: [] }, { signal: abort.signal, progress: () => {} }),
  ).rejects.toThrow('aborted')
})
