import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ClipId } from '#shared/contract/ids.ts'
import { EditEntry, UndoState } from '#shared/contract/annotation.ts'
import { memoryDatabase } from '../../db/open.ts'
import type { WriteDb } from '../../db/types.ts'
import { anyStep, take } from '../testing/random-edits.ts'
import { addClip, addRecording, addRun, contentOf, testContext } from '../testing/corpus.ts'
import { createEditing, type Editing, type EditTransaction } from './edit.service.ts'

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const clips = ['a', 'b', 'c'].map((name, n) =>
    addClip(context.db, place, {
      name,
      startMs: n * 3000,
      signer: 'S1',
      references: [`Satz ${name}`, 'zwei'],
    }),
  )
  addRun(context.db, 'run', new Map(clips.map(id => [id, ['eins', 'zwei']])))
  return { context, db: context.db, clips, place, editing: createEditing(context) }
}

function stateOf(db: WriteDb, clipId: ClipId): unknown {
  return db.prepare(`SELECT state FROM clip WHERE id = ?`).pluck().get(clipId)
}

function setState(editing: Editing, clipId: ClipId, state: string): void {
  editing.run(`Set state to ${state}`, { clipId }, tx => tx.update('clip', clipId, { state }))
}

test('an edit is undone and done again, and says so', () => {
  const { context, db, clips, editing } = setup()
  const clipId = clips[0] as ClipId
  setState(editing, clipId, 'accepted')
  expect(editing.state()).toMatchObject({
    undo: { label: 'Set state to accepted', author: 'Ada' },
    redo: null,
  })

  expect(editing.undo()).toMatchObject({
    undo: null,
    redo: { label: 'Set state to accepted', isUndone: true },
  })
  expect(stateOf(db, clipId)).toBe('new')

  const after = editing.redo()
  expect(after).toEqual(UndoState.parse(after))
  expect(stateOf(db, clipId)).toBe('accepted')
  const change = [
    { kind: 'clip', clipId },
    { kind: 'edit', clipId: null },
  ]
  expect(context.announced).toEqual([...change, ...change, ...change])
})

test('an edit that changes nothing leaves no trace', () => {
  const { context, clips, editing } = setup()
  setState(editing, clips[0] as ClipId, 'new')
  expect({ state: editing.state(), announced: context.announced }).toEqual({
    state: { undo: null, redo: null, savedAt: null },
    announced: [],
  })
})

test('an edit that fails midway changes nothing', () => {
  const { db, clips, editing } = setup()
  const before = contentOf(db)
  expect(() =>
    editing.run('Half', {}, tx => {
      tx.update('clip', clips[0] as ClipId, { state: 'flagged' })
      tx.remove('clip', clips[1] as ClipId)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(contentOf(db)).toEqual(before)
  expect(editing.state().undo).toBeNull()
})

test('a new edit puts what was undone out of reach of redo, and the history keeps it', () => {
  const { clips, editing } = setup()
  setState(editing, clips[0] as ClipId, 'seen')
  setState(editing, clips[0] as ClipId, 'flagged')
  editing.undo()
  setState(editing, clips[0] as ClipId, 'accepted')

  expect(editing.redo()).toMatchObject({ undo: { label: 'Set state to accepted' }, redo: null })
  const history = editing.history()
  expect(history).toEqual(history.map(entry => EditEntry.parse(entry)))
  expect(history.map(({ label, isUndone }) => [label, isUndone])).toEqual([
    ['Set state to accepted', false],
    ['Set state to flagged', true],
    ['Set state to seen', false],
  ])
  const oldestShown = history[1]
  expect(editing.history({ before: oldestShown?.id }).map(({ label }) => label)).toEqual([
    'Set state to seen',
  ])
})

test('undo reaches past a restart', () => {
  const { context, db, clips, editing } = setup()
  const before = contentOf(db)
  setState(editing, clips[0] as ClipId, 'seen')
  setState(editing, clips[1] as ClipId, 'flagged')

  const restarted = createEditing(context)
  expect(restarted.state().savedAt).not.toBeNull()
  restarted.undo()
  restarted.undo()
  expect(contentOf(db)).toEqual(before)
})

test('undo refuses what was changed by other means, and then reaches the edit before it', () => {
  const { db, clips, editing } = setup()
  setState(editing, clips[0] as ClipId, 'seen')
  setState(editing, clips[1] as ClipId, 'flagged')
  db.prepare(`UPDATE clip SET state = 'corrected' WHERE id = ?`).run(clips[1])

  expect(() => editing.undo()).toThrow(
    expect.objectContaining({
      code: 'conflict',
      message: expect.stringContaining('“Set state to flagged” cannot be undone'),
    }),
  )
  expect([stateOf(db, clips[0] as ClipId), stateOf(db, clips[1] as ClipId)]).toEqual(['seen', 'corrected'])

  editing.undo()
  expect(stateOf(db, clips[0] as ClipId)).toBe('new')
  expect(editing.history().map(({ isUndone }) => isUndone)).toEqual([false, true])
})

test('an undo that would take away what others build on is refused in words', () => {
  const { db, editing, place } = setup()
  const tierId = editing.run('Create tier', {}, tx => {
    const typeId = tx.insert('tier_type', { name: 'default', stereotype: 'none' })
    return tx.insert('tier', { recording_id: place.recordingId, type_id: typeId, name: 'Gloss', ordinal: 0 })
  })
  db.prepare(
    `INSERT INTO tier (recording_id, type_id, name, ordinal) SELECT recording_id, type_id, 'B', 1 FROM tier`,
  ).run()
  expect(() => editing.undo()).toThrow(expect.objectContaining({ code: 'conflict' }))
  expect(db.prepare(`SELECT count(*) FROM tier WHERE id = ?`).pluck().get(tierId)).toBe(1)
})

test('removing a row records everything that hangs on it', () => {
  const { context, db, clips, editing } = setup()
  const before = contentOf(db)
  editing.run('Remove clip', {}, tx => tx.remove('clip', clips[1] as ClipId))
  expect(db.prepare(`SELECT count(*) FROM hypothesis WHERE clip_id = ?`).pluck().get(clips[1])).toBe(0)
  const after = contentOf(db)

  editing.undo()
  expect(contentOf(db)).toEqual(before)
  editing.redo()
  expect(contentOf(db)).toEqual(after)
  expect(new Set(context.announced.map(({ kind }) => kind))).toEqual(
    new Set(['clips', 'reference', 'edit', 'run']),
  )
})

test('removing a signer leaves the clips, and undo gives them their signer back', () => {
  const { db, editing } = setup()
  const before = contentOf(db)
  editing.run('Remove signer', {}, tx => tx.remove('signer', 1))
  expect(db.prepare(`SELECT count(*) FROM clip WHERE signer_id IS NULL`).pluck().get()).toBe(3)
  editing.undo()
  expect(contentOf(db)).toEqual(before)
})

test('binary columns survive the log', () => {
  const { db, editing, place } = setup()
  const before = contentOf(db)
  editing.run('Relink', {}, tx =>
    tx.update('media', place.mediaId, { path: '/b.mp4', frame_index: new Uint8Array([0, 255, 7]) }),
  )
  const after = contentOf(db)
  editing.undo()
  expect(contentOf(db)).toEqual(before)
  editing.redo()
  expect(contentOf(db)).toEqual(after)
})

test('only the tables and columns of users are editable', () => {
  const { editing } = setup()
  const attempt = (work: (tx: EditTransaction) => unknown) => () => editing.run('Try', {}, work)
  expect(attempt(tx => tx.update('run', 1, { parameters: '{}' }))).toThrow('may only change name, task')
  expect(attempt(tx => tx.remove('run', 1))).toThrow('may only change name, task')
  expect(attempt(tx => tx.insert('feature' as 'clip', { key: 'a' }))).toThrow('not changed by edits')
  expect(attempt(tx => tx.update('clip', 1, { 'state = 1 --': '' }))).toThrow('no column')
  expect(attempt(tx => tx.update('clip', 99, { state: 'seen' }))).toThrow('no longer there')
})

function undoAll(editing: Editing): number {
  let count = 0
  for (; editing.state().undo; count++) editing.undo()
  return count
}

test('any edits, all undone, leave the tables as they were; all done again, as they had become', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 40 }), steps => {
      const { db, editing } = setup()
      const start = contentOf(db)
      for (const step of steps) take(db, editing, step)
      // What was undone before is a branch of its own; take it first.
      while (editing.state().redo) editing.redo()
      const end = contentOf(db)

      const count = undoAll(editing)
      expect(contentOf(db)).toEqual(start)
      for (let n = 0; n < count; n++) editing.redo()
      expect(contentOf(db)).toEqual(end)
    }),
    { numRuns: 150 },
  )
})

test('ten thousand edits stay fast to make, to undo and to do again', () => {
  const { db, clips, editing } = setup()
  const start = contentOf(db)
  const began = process.cpuUsage()
  for (let n = 0; n < 10_000; n++)
    editing.run('Note', { clipId: clips[n % 3] as ClipId }, tx =>
      tx.update('clip', clips[n % 3] as ClipId, { note: `note ${n}` }),
    )
  const count = undoAll(editing)
  expect(count).toBe(10_000)
  expect(contentOf(db)).toEqual(start)
  while (editing.state().redo) editing.redo()
  // Processor time: what else the machine does says nothing about the log.
  const { user, system } = process.cpuUsage(began)
  expect((user + system) / 1000).toBeLessThan(10_000)
})

test('a full disk is told as such and loses nothing', () => {
  const db = memoryDatabase()
  const context = testContext(db)
  const clipId = addClip(db, addRecording(db), { name: 'a' })
  const editing = createEditing(context)
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true }) as number}`)
  expect(() =>
    editing.run('Long note', { clipId }, tx => tx.update('clip', clipId, { note: 'x'.repeat(1_000_000) })),
  ).toThrow(expect.objectContaining({ code: 'disk-full' }))
  expect(db.prepare(`SELECT note FROM clip`).pluck().get()).toBe('')
  setState(editing, clipId, 'seen')
  expect(stateOf(db, clipId)).toBe('seen')
})
