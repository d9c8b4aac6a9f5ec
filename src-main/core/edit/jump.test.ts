import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EditId } from '#shared/contract/ids.ts'
import { addClip, addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { anyStep, take } from '../testing/random-edits.ts'
import { createEditing } from './edit.service.ts'

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const clipId = addClip(context.db, place, { name: 'a', references: ['eins', 'zwei'] })
  const editing = createEditing(context)
  const note = (text: string) =>
    editing.run(text, { clipId }, tx => tx.update('clip', clipId, { note: text }))
  const newest = () => editing.state().undo?.id as EditId
  return { context, db: context.db, editing, clipId, note, newest }
}

test('a jump leads to the state in which that edit was the newest, backwards and forwards', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 1, maxLength: 25 }),
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }),
      async (steps, targets) => {
        const { db, editing } = setup()
        const states = new Map<EditId | null, unknown>([[null, contentOf(db)]])
        for (const step of steps) {
          if (step.kind === 'undo' || step.kind === 'redo') continue
          take(db, editing, step)
          const newest = editing.state().undo?.id
          if (newest !== undefined) states.set(newest, contentOf(db))
        }
        for (const target of targets) {
          const editId = [...states.keys()][target % states.size] as EditId | null
          const { undo } = await editing.jumpTo(editId)
          expect(undo?.id ?? null).toBe(editId)
          expect(contentOf(db)).toEqual(states.get(editId))
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('a jump that is stopped changes nothing', async () => {
  const { db, editing, note } = setup()
  for (let n = 0; n < 500; n++) note(`note ${n}`)
  const [before, state] = [contentOf(db), editing.state()]
  const abort = new AbortController()
  const jumping = editing.jumpTo(null, abort.signal)
  abort.abort()
  await expect(jumping).rejects.toThrow('aborted')
  expect([contentOf(db), editing.state()]).toEqual([before, state])
})

test('an edit made while the jump is prepared is not jumped over', async () => {
  const { db, editing, note } = setup()
  for (let n = 0; n < 3; n++) note(`note ${n}`)
  const jumping = editing.jumpTo(null)
  note('meanwhile')
  await expect(jumping).rejects.toMatchObject({ code: 'conflict' })
  expect(db.prepare('SELECT note FROM clip').pluck().get()).toBe('meanwhile')
})

test('a step on the way that was overtaken by other means stops the whole jump, by name', async () => {
  const { db, editing, clipId, note, newest } = setup()
  note('first')
  const first = newest()
  editing.run('State', { clipId }, tx => tx.update('clip', clipId, { state: 'seen' }))
  note('third')
  db.prepare(`UPDATE clip SET state = 'flagged'`).run()
  const before = contentOf(db)
  await expect(editing.jumpTo(first)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('“State” is on the way'),
  })
  expect([contentOf(db), newest() > first]).toEqual([before, true])
})

test('an edit that a newer one has overtaken is out of reach', async () => {
  const { editing, note, newest } = setup()
  note('first')
  const first = newest()
  editing.undo()
  note('second')
  await expect(editing.jumpTo(first)).rejects.toMatchObject({ code: 'not-found' })
})
