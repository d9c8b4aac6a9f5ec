import { expect, test } from 'vitest'
import {
  type BulkOperation,
  BulkOperation as Operation,
  BulkOutcome,
} from '#shared/contract/annotation-bulk.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { createEditing } from '../../edit/edit.service.ts'
import { addRecording, contentOf, testContext } from '../../testing/corpus.ts'
import { createAnnotationService } from '../annotation.service.ts'
import { createBulkService } from './bulk.service.ts'

function setup() {
  const context = testContext()
  const { recordingId } = addRecording(context.db)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const service = createBulkService(context, { editing })
  const tier = (
    name: string,
    stereotype: 'none' | 'included-in' | 'symbolic-association' = 'none',
    parentId: TierId | null = null,
    on = recordingId,
  ) => annotations.createTier({ recordingId: on, name, stereotype, parentId }).id
  const add = (tierId: TierId, startMs: number, endMs: number, value = ''): AnnotationId =>
    annotations.create({ tierId, startMs, endMs, value }).id
  const spans = (tierId: TierId, on = recordingId) =>
    annotations
      .list({ recordingId: on })
      .filter(one => one.tierId === tierId)
      .map(({ startMs, endMs, value }) => `${startMs}-${endMs} ${value}`)
  /** Every operation is previewed first: the preview has to say what then happens, and to leave nothing behind. */
  const bulk = (operation: unknown): BulkOutcome => {
    const parsed: BulkOperation = Operation.parse(operation)
    const [before, edits] = [contentOf(context.db), editing.history().length]
    const preview = service.previewBulk(parsed)
    expect(contentOf(context.db)).toEqual(before)
    expect(editing.history().length).toBe(edits)
    const outcome = BulkOutcome.parse(service.bulk(parsed))
    expect(outcome).toEqual(preview)
    if (outcome.created + outcome.changed + outcome.removed > 0)
      expect(editing.state().undo?.label).toBe(outcome.label)
    return outcome
  }
  return { context, recordingId, editing, annotations, service, tier, add, spans, bulk }
}

test('shifts everything after a time with what hangs on it, as one edit', () => {
  const { tier, add, spans, bulk, recordingId, editing } = setup()
  const gloss = tier('Gloss')
  const part = tier('Part', 'included-in', gloss)
  add(gloss, 0, 900, 'A')
  add(gloss, 1000, 2000, 'B')
  add(part, 1100, 1300, 'b')
  add(gloss, 2000, 3000, 'C')

  const outcome = bulk({ kind: 'shift', scope: { kind: 'after', recordingId, fromMs: 1000 }, byMs: 500 })

  expect(outcome.changes.map(({ tier: name, startMs, from }) => [name, from?.startMs, startMs])).toEqual([
    ['Gloss', 1000, 1500],
    ['Part', 1100, 1600],
    ['Gloss', 2000, 2500],
  ])
  expect(outcome).toMatchObject({
    label: 'Shift all after 1.00 s of rec-1 by +0.500 s',
    created: 0,
    changed: 3,
    removed: 0,
  })
  expect([spans(gloss), spans(part)]).toEqual([['0-900 A', '1500-2500 B', '2500-3500 C'], ['1600-1800 b']])
  bulk({ kind: 'shift', scope: { kind: 'after', recordingId, fromMs: 1000 }, byMs: -600 })
  expect([spans(gloss), spans(part)]).toEqual([['0-900 A', '900-1900 B', '1900-2900 C'], ['1000-1200 b']])
  expect(() => bulk({ kind: 'shift', scope: { kind: 'after', recordingId, fromMs: 900 }, byMs: -1 })).toThrow(
    'overlap “A”',
  )
  expect(() => bulk({ kind: 'shift', scope: { kind: 'recording', recordingId }, byMs: -1 })).toThrow(
    'begin before the recording',
  )
  editing.undo()
  editing.undo()
  expect(spans(part)).toEqual(['1100-1300 b'])
})

test('fills a tier regularly, from gaps and from overlaps, around what is there', () => {
  const { tier, add, spans, bulk } = setup()
  const [left, right, target] = [tier('Left'), tier('Right'), tier('Target')]
  add(left, 0, 2000, 'L1')
  add(left, 3000, 4000, 'L2')
  add(right, 1500, 3500, 'R')
  bulk({ kind: 'overlaps', tierIds: [left, right], toTierId: target })
  expect(spans(target)).toEqual(['1500-2000 L1 R', '3000-3500 L2 R'])

  const gaps = tier('Gaps')
  bulk({ kind: 'gaps', tierIds: [left], toTierId: gaps, value: 'rest' })
  expect(spans(gaps)).toEqual(['2000-3000 rest', '4000-600000 rest'])

  const outcome = bulk({ kind: 'regular', tierId: target, startMs: 0, endMs: 2500, intervalMs: 1000 })
  expect(spans(target)).toEqual(['0-1000 ', '1500-2000 L1 R', '2000-2500 ', '3000-3500 L2 R'])
  expect(outcome).toMatchObject({ created: 2, skipped: [{ count: 1 }] })
})

test('copies and moves between tiers; what does not fit stays and is told', () => {
  const { tier, add, spans, bulk } = setup()
  const [from, to] = [tier('From'), tier('To')]
  const ids = [add(from, 0, 100, 'A'), add(from, 100, 200, 'B')]
  add(to, 150, 160, 'X')
  const copied = bulk({ kind: 'copy', annotationIds: ids, tierId: to })
  expect(copied).toMatchObject({
    created: 1,
    skipped: [{ count: 1, reason: expect.stringContaining('“X”') }],
  })
  expect(spans(to)).toEqual(['0-100 A', '150-160 X'])
  const free = tier('Free')
  bulk({ kind: 'copy', annotationIds: ids, tierId: free, isMove: true })
  expect([spans(from), spans(free)]).toEqual([[], ['0-100 A', '100-200 B']])
  const meaning = tier('Meaning', 'symbolic-association', free)
  bulk({ kind: 'depend', fromTierId: free, toTierId: meaning, value: 'copy' })
  expect(spans(meaning)).toEqual(['0-100 A', '100-200 B'])
})

test('replaces plain text letter by letter, and patterns with their groups', () => {
  const { tier, add, spans, bulk, service } = setup()
  const gloss = tier('Gloss')
  add(gloss, 0, 10, 'HAUS.1 $1')
  add(gloss, 10, 20, 'haus-2')
  const scope = { kind: 'tiers', tierIds: [gloss] }
  bulk({ kind: 'replace', scope, pattern: { text: 'haus.' }, replacement: '$1$&' })
  expect(spans(gloss)).toEqual(['0-10 $1$&1 $1', '10-20 haus-2'])
  bulk({
    kind: 'replace',
    scope,
    pattern: { text: String.raw`(?<word>\p{L}+)-(\d)`, isRegex: true },
    replacement: '$2$<word>',
  })
  expect(spans(gloss)).toEqual(['0-10 $1$&1 $1', '10-20 2haus'])
  const found = (text: string, options = {}) =>
    service.find({
      scope: { kind: 'corpus' },
      pattern: { text, isRegex: false, isCaseSensitive: false, isWholeValue: false, ...options },
      limit: 10,
    })
  expect([found('HAUS').total, found('HAUS', { isCaseSensitive: true }).total]).toEqual([1, 0])
  expect(found('haus', { isWholeValue: true }).total).toBe(0)
  expect(found('2haus', { isWholeValue: true }).annotations).toMatchObject([
    { tier: 'Gloss', recording: 'rec-1' },
  ])
  expect(() => found('(', { isRegex: true })).toThrow('no regular expression')
})

test('a pattern that backtracks without end is stopped', { timeout: 30_000 }, () => {
  const { tier, add, service } = setup()
  add(tier('Gloss'), 0, 10, `${'a'.repeat(60)}!`)
  const pattern = { text: '^(a+)+$', isRegex: true, isCaseSensitive: true, isWholeValue: false }
  expect(() => service.find({ scope: { kind: 'corpus' }, pattern, limit: 1 })).toThrow('takes too long')
})

test('clears texts and their links to a vocabulary, and one undo brings all of them back', () => {
  const { tier, add, spans, bulk, editing } = setup()
  const gloss = tier('Gloss')
  const ids = [add(gloss, 0, 100, 'A'), add(gloss, 100, 200), add(gloss, 200, 300, 'C')]
  const outcome = bulk({ kind: 'clear', scope: { kind: 'annotations', annotationIds: ids } })
  expect(outcome).toMatchObject({ label: 'Clear the text of 3 annotations', changed: 2 })
  expect(spans(gloss)).toEqual(['0-100 ', '100-200 ', '200-300 '])
  editing.undo()
  expect(spans(gloss)).toEqual(['0-100 A', '100-200 ', '200-300 C'])
})

test('removes what has no text and carries nothing', () => {
  const { tier, add, spans, bulk } = setup()
  const gloss = tier('Gloss')
  const part = tier('Part', 'included-in', gloss)
  add(gloss, 0, 100)
  add(part, 0, 50, ' ')
  add(gloss, 100, 200)
  add(part, 100, 150, 'x')
  add(gloss, 200, 300, 'C')
  const outcome = bulk({ kind: 'remove-empty', scope: { kind: 'tiers', tierIds: [gloss, part] } })
  expect([spans(gloss), spans(part)]).toEqual([['100-200 ', '200-300 C'], ['100-150 x']])
  expect(outcome).toMatchObject({ removed: 2, skipped: [{ count: 1 }] })
})

test('copies a tier to other recordings below the tier of its parent’s name', () => {
  const { context, tier, add, bulk, spans, annotations } = setup()
  const other = addRecording(context.db, 'rec-2').recordingId
  const third = addRecording(context.db, 'rec-3').recordingId
  const gloss = tier('Gloss')
  const meaning = tier('Meaning', 'symbolic-association', gloss)
  add(gloss, 0, 100, 'A')
  add(meaning, 0, 100, 'a')
  bulk({ kind: 'copy-tier', tierId: gloss, recordingIds: [other], withAnnotations: true })
  const outcome = bulk({
    kind: 'copy-tier',
    tierId: meaning,
    recordingIds: [other, third],
    withAnnotations: true,
  })
  expect(outcome).toMatchObject({ tiersCreated: 1, created: 1, skipped: [{ count: 1 }] })
  const copied = annotations.tiers(other)
  expect(copied.map(({ name, stereotype }) => [name, stereotype])).toEqual([
    ['Gloss', 'none'],
    ['Meaning', 'symbolic-association'],
  ])
  expect(spans(copied[1]?.id as TierId, other)).toEqual(['0-100 a'])
})
