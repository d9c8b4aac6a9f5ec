import { expect, test } from 'vitest'
import { Reference, ReferenceVersion } from '#shared/contract/clip.ts'
import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { createReferenceService } from './reference.service.ts'

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const clipId = addClip(context.db, place, { name: 'a', references: ['eins'] })
  const bare = addClip(context.db, place, { name: 'b' })
  const editing = createEditing(context)
  const state = (id: ClipId = clipId) =>
    context.db.prepare('SELECT state FROM clip WHERE id = ?').pluck().get(id)
  const references = createReferenceService(context, { editing })
  return { context, db: context.db, clipId, bare, editing, references, state, referenceId: 1 as ReferenceId }
}

test('a changed text is a new version, in one edit with the state of its clip', () => {
  const { context, clipId, referenceId, references, editing, state } = setup()
  const saved = references.save({ clipId, referenceId, text: 'zwei' })
  expect(saved).toEqual(Reference.parse(saved))
  expect(saved).toMatchObject({
    text: 'zwei',
    version: 2,
    source: 'edit',
    changedBy: 'Ada',
    language: 'de',
    ordinal: 0,
  })
  expect([state(), editing.history().map(({ label }) => label)]).toEqual([
    'corrected',
    ['Change reference of a'],
  ])
  const history = references.history(referenceId)
  expect(history).toEqual(history.map(version => ReferenceVersion.parse(version)))
  expect(history.map(({ version, text, source }) => [version, text, source])).toEqual([
    [2, 'zwei', 'edit'],
    [1, 'eins', 'import'],
  ])
  expect(context.announced).toEqual([
    { kind: 'reference', clipId },
    { kind: 'clip', clipId },
    { kind: 'edit', clipId: null },
  ])
})

test('the same text makes no version, and only another language no more than that', () => {
  const { clipId, referenceId, references, editing, state } = setup()
  references.save({ clipId, referenceId, text: 'eins' })
  expect([editing.state().undo, state()]).toEqual([null, 'new'])
  const saved = references.save({ clipId, referenceId, text: 'eins', language: 'en' })
  expect([saved.language, saved.version, state()]).toEqual(['en', 1, 'new'])
})

test('a further reference comes after the others, in their language', () => {
  const { clipId, bare, references } = setup()
  expect(references.save({ clipId, text: 'noch einer' })).toMatchObject({
    ordinal: 1,
    version: 1,
    language: 'de',
  })
  expect(references.save({ clipId: bare, text: 'erster' })).toMatchObject({
    ordinal: 0,
    version: 1,
    language: 'de',
  })
  expect(references.save({ clipId: bare, text: 'second', language: 'en' })).toMatchObject({
    ordinal: 1,
    language: 'en',
  })
})

test('a judged clip keeps its state', () => {
  const { db, clipId, referenceId, references, state } = setup()
  db.prepare(`UPDATE clip SET state = 'flagged'`).run()
  references.save({ clipId, referenceId, text: 'zwei' })
  expect(state()).toBe('flagged')
})

test('undo takes the version back, and a removed reference returns with its history', () => {
  const { db, clipId, referenceId, references, editing } = setup()
  const start = contentOf(db)
  references.save({ clipId, referenceId, text: 'zwei' })
  editing.undo()
  expect(contentOf(db)).toEqual(start)
  references.save({ clipId, referenceId, text: 'drei' })
  const before = contentOf(db)
  references.remove(referenceId)
  expect(() => references.history(referenceId)).toThrow(expect.objectContaining({ code: 'not-found' }))
  editing.undo()
  expect(contentOf(db)).toEqual(before)
})

test('refuses what is not there, or not of this clip', () => {
  const { bare, clipId, referenceId, references } = setup()
  expect(() => references.save({ clipId: bare, referenceId, text: 'x' })).toThrow('does not belong to b')
  expect(() => references.save({ clipId, referenceId: 9 as ReferenceId, text: 'x' })).toThrow(
    'has been removed',
  )
  expect(() => references.save({ clipId: 9 as ClipId, text: 'x' })).toThrow('no longer in the corpus')
})
