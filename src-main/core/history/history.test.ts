import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnnotationId, ClipId, EditId, ReferenceId, TierId } from '#shared/contract/ids.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createRowStore, type Row } from '../edit/row-store.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { addClip, addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { anyStep, take } from '../testing/random-edits.ts'
import { createHistoryService } from './history.service.ts'
import { pastAt } from './past.ts'

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const clipId = addClip(context.db, place, { name: 'a', references: ['eins'] })
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const references = createReferenceService(context, { editing })
  const history = createHistoryService(context, { editing, annotations, references })
  const newest = () => editing.state().undo?.id as EditId
  /** A moment between what has happened and what comes next. */
  const moment = () => context.now()
  return { context, db: context.db, place, clipId, editing, annotations, references, history, newest, moment }
}

function withTier() {
  const desk = setup()
  const { recordingId } = desk.place
  const tier = desk.annotations.createTier({
    recordingId,
    name: 'Gloss',
    stereotype: 'none',
    parentId: null,
  } as never)
  const add = (startMs: number, value: string) =>
    desk.annotations.create({ tierId: tier.id, startMs, endMs: startMs + 100, value })
  const texts = (tierId: TierId = tier.id) =>
    desk.db
      .prepare('SELECT start_ms, end_ms, value FROM annotation WHERE tier_id = ? ORDER BY start_ms')
      .raw()
      .all(tierId)
  return { ...desk, tier, add, texts }
}

type Tables = Record<string, Row[]>

/** The tables of now with the rows of the past put in their places. */
function tablesAt(db: Parameters<typeof contentOf>[0], at: number): Tables {
  const tables = new Map(
    Object.entries(contentOf(db) as Tables).map(([name, rows]) => [
      name,
      new Map(rows.map(row => [Number(row['id']), row])),
    ]),
  )
  for (const { table, id, state } of pastAt(db, createRowStore(db), at).touched()) {
    if (state) tables.get(table)?.set(id, { at: id, ...state })
    else tables.get(table)?.delete(id)
  }
  return Object.fromEntries(
    [...tables].map(([name, rows]) => [
      name,
      [...rows.values()].sort((a, b) => Number(a['id']) - Number(b['id'])),
    ]),
  )
}

test('the log knows the state at any moment, through edits, undos, redos, jumps and branches that were left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(anyStep, fc.nat(6)), { minLength: 1, maxLength: 30 }), async steps => {
      const { db, editing, moment } = setup()
      const recorded = [{ at: moment(), tables: contentOf(db) as Tables }]
      for (const [step, jump] of steps) {
        if (jump === 0) await editing.jumpTo(null)
        else take(db, editing, step)
        recorded.push({ at: moment(), tables: contentOf(db) as Tables })
      }
      for (const { at, tables } of recorded) {
        const { clip_search: _then, ...then } = tables
        const { clip_search: _found, ...found } = tablesAt(db, at)
        expect(found).toEqual(then)
      }
    }),
    { numRuns: 80 },
  )
})

test('the history of an annotation says who changed what, and that it was taken back', () => {
  const { add, annotations, history, editing } = withTier()
  const { id } = add(100, 'HAUS')
  annotations.update({ annotationId: id, value: 'HAUS2' })
  annotations.update({ annotationId: id, endMs: 260 })
  editing.undo()

  const moments = history.of({ kind: 'annotation', id })
  expect(moments.map(({ act, author, change, fields }) => ({ act, author, change, fields }))).toEqual([
    {
      act: 'undo',
      author: 'Ada',
      change: 'changed',
      fields: [{ field: 'end_ms', before: '260', after: '200' }],
    },
    {
      act: 'edit',
      author: 'Ada',
      change: 'changed',
      fields: [{ field: 'end_ms', before: '200', after: '260' }],
    },
    {
      act: 'edit',
      author: 'Ada',
      change: 'changed',
      fields: [{ field: 'value', before: 'HAUS', after: 'HAUS2' }],
    },
    {
      act: 'edit',
      author: 'Ada',
      change: 'added',
      fields: expect.arrayContaining([{ field: 'value', before: null, after: 'HAUS' }]),
    },
  ])
})

test('an earlier value and boundary come back as one edit, also of an annotation that is gone', () => {
  const { add, annotations, history, editing, newest, texts } = withTier()
  const { id } = add(100, 'HAUS')
  const made = newest()
  annotations.update({ annotationId: id, value: 'BAUM', startMs: 150, endMs: 300 })
  history.restoreValue({ subject: { kind: 'annotation', id }, editId: made, side: 'after' })
  expect(texts()).toEqual([[100, 200, 'HAUS']])
  editing.undo()
  expect(texts()).toEqual([[150, 300, 'BAUM']])

  annotations.remove([id])
  history.restoreValue({ subject: { kind: 'annotation', id }, editId: newest(), side: 'before' })
  expect(texts()).toEqual([[150, 300, 'BAUM']])
})

test('an earlier text of a reference and the state of a clip come back', () => {
  const { db, clipId, editing, references, history, newest } = setup()
  const id = 1 as ReferenceId
  references.save({ clipId, referenceId: id, text: 'eins!' })
  history.restoreValue({ subject: { kind: 'reference', id }, editId: newest(), side: 'before' })
  expect(db.prepare('SELECT text, version FROM reference').raw().get()).toEqual(['eins', 3])

  editing.run('Flag', { clipId }, tx => tx.update('clip', clipId, { state: 'flagged' }))
  history.restoreValue({ subject: { kind: 'clip', id: clipId }, editId: newest(), side: 'before' })
  expect(db.prepare('SELECT state FROM clip').pluck().get()).toBe('corrected')
})

test('the difference of two dates counts what is different, not what went back and forth', () => {
  const { add, annotations, references, history, place, tier, clipId, moment, editing } = withTier()
  const kept = add(0, 'A')
  const gone = add(200, 'B')
  const fromAt = moment()
  annotations.update({ annotationId: kept.id, value: 'A2' })
  annotations.remove([gone.id])
  add(400, 'C')
  add(600, 'D')
  editing.undo()
  references.save({ clipId, referenceId: 1 as ReferenceId, text: 'neu' })
  const toAt = moment()
  annotations.update({ annotationId: kept.id, value: 'A3' })

  const diff = history.diff({ recordingId: place.recordingId, fromAt, toAt })
  expect(
    diff.groups.map(({ kind, tierId, name, added, changed, removed }) => [
      kind,
      tierId,
      name,
      added,
      changed,
      removed,
    ]),
  ).toEqual([
    ['clips', null, '', 0, 1, 0],
    ['references', null, '', 0, 1, 0],
    ['tier', tier.id, 'Gloss', 1, 1, 1],
  ])
  expect(
    diff.changes
      .filter(({ table }) => table === 'annotation')
      .map(({ change, text, startMs, place: on }) => [change, text, startMs, on]),
  ).toEqual([
    ['changed', 'A2', 0, 'Gloss'],
    ['removed', 'B', 200, 'Gloss'],
    ['added', 'C', 400, 'Gloss'],
  ])
})

test('one tier goes back to a date in one edit, and the others stay', () => {
  const { add, annotations, history, place, tier, moment, editing, texts } = withTier()
  const other = annotations.createTier({
    recordingId: place.recordingId,
    name: 'Other',
    stereotype: 'none',
    parentId: null,
  } as never)
  const a = add(0, 'A')
  const b = add(200, 'B')
  const at = moment()
  annotations.update({ annotationId: a.id, value: 'A2', endMs: 150 })
  annotations.remove([b.id])
  add(400, 'C')
  annotations.create({ tierId: other.id, startMs: 0, endMs: 50, value: 'stays' })
  const later = texts()

  const preview = history.previewRestoreTier({ tierId: tier.id, at })
  expect(texts()).toEqual(later)
  const done = history.restoreTier({ tierId: tier.id, at })
  expect(done).toEqual(preview)
  expect(done).toMatchObject({
    tier: 'Gloss',
    added: 1,
    changed: 1,
    removed: 1,
    alsoRemoved: 0,
    withoutParent: 0,
  })
  expect([texts(), texts(other.id)]).toEqual([
    [
      [0, 100, 'A'],
      [200, 300, 'B'],
    ],
    [[0, 50, 'stays']],
  ])
  editing.undo()
  expect(texts()).toEqual(later)
})

test('a tier that was removed comes back with its annotations', () => {
  const { add, annotations, history, tier, moment, texts } = withTier()
  add(0, 'A')
  const at = moment()
  annotations.removeTier(tier.id)
  expect(history.restoreTier({ tierId: tier.id, at })).toMatchObject({ isTierBack: true, added: 1 })
  expect(texts()).toEqual([[0, 100, 'A']])
  expect(() => history.restoreTier({ tierId: tier.id, at: 1 })).toThrow(
    expect.objectContaining({ code: 'invalid-input' }),
  )
})

test('annotations below others come back where their parents are today, or are counted as left out', () => {
  const { add, annotations, history, place, tier, moment, texts } = withTier()
  const below = annotations.createTier({
    recordingId: place.recordingId,
    name: 'Below',
    stereotype: 'included-in',
    parentId: tier.id,
  } as never)
  const [moves, goes] = [add(0, 'A'), add(200, 'B')]
  for (const startMs of [10, 210])
    annotations.create({ tierId: below.id, startMs, endMs: startMs + 20, value: `at ${startMs}` })
  const at = moment()
  annotations.remove([goes.id])
  annotations.update({ annotationId: moves.id, startMs: 1000, endMs: 1100 })
  annotations.remove(belowIds())
  expect(history.restoreTier({ tierId: below.id, at })).toMatchObject({ added: 1, withoutParent: 1 })
  expect(texts(below.id)).toEqual([[1010, 1030, 'at 10']])

  function belowIds(): AnnotationId[] {
    return annotations
      .list({ recordingId: place.recordingId })
      .filter(({ tierId }) => tierId === below.id)
      .map(({ id }) => id)
  }
})

test('an edit and a jump tell in advance what they change', async () => {
  const { add, annotations, history, newest } = withTier()
  const a = add(0, 'A')
  const first = newest()
  annotations.update({ annotationId: a.id, value: 'A2' })
  const second = newest()
  annotations.remove([a.id])

  expect(history.ofEdit(second)).toMatchObject({
    changed: 1,
    changes: [
      {
        change: 'changed',
        place: 'Gloss',
        text: 'A2',
        fields: [{ field: 'value', before: 'A', after: 'A2' }],
      },
    ],
  })
  expect(await history.previewJump(first)).toMatchObject({
    undone: 2,
    redone: 0,
    added: 1,
    changed: 0,
    removed: 0,
    changes: [{ change: 'added', place: 'Gloss', text: 'A' }],
  })
  expect(history.edits({ skip: 1, limit: 1, text: '' })).toMatchObject({
    total: 4,
    edits: [{ id: second, state: 'applied' }],
  })
  expect(history.edits({ skip: 0, limit: 9, text: 'remove' })).toMatchObject({ total: 1 })
})

test('an edit of a clip that is gone still says which one it was', () => {
  const { clipId, editing, history, newest } = setup()
  editing.run('Note', { clipId }, tx => tx.update('clip', clipId as ClipId, { note: 'n' }))
  const noted = newest()
  editing.run('Remove', {}, tx => tx.remove('clip', clipId))
  expect(history.ofEdit(noted).changes).toMatchObject([{ table: 'clip', text: 'a', recording: 'rec-1' }])
})
