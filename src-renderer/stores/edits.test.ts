import { AppError } from '#shared/contract/errors.ts'
import { EditId } from '#shared/contract/ids.ts'
import type { EditEntry, UndoState } from '#shared/contract/annotation.ts'
import { expect, test } from 'vitest'
import { clientOf, core, inApp } from '../testing/test-core.ts'
import { useEdits } from './edits.ts'
import { useNotices } from './notices.ts'

const entry: EditEntry = {
  id: EditId.parse(7),
  at: 1,
  author: 'Anna',
  label: 'Split of 3 clips',
  isUndone: false,
}
const before: UndoState = { undo: entry, redo: null, savedAt: 1 }
const after: UndoState = { undo: null, redo: { ...entry, isUndone: true }, savedAt: 2 }

test('names what it undid and what it did again, also where no news of the edit has come yet', async () => {
  let now = before
  const api = clientOf({
    edit: {
      state: core.edit.state.handler(() => now),
      undo: core.edit.undo.handler(() => (now = after)),
      redo: core.edit.redo.handler(() => (now = before)),
    },
  })
  const { result: edits } = inApp(api, useEdits)

  expect([await edits.undo(), edits.canUndo, edits.canRedo]).toEqual(['Split of 3 clips', false, true])
  expect([await edits.redo(), edits.canUndo, edits.canRedo]).toEqual(['Split of 3 clips', true, false])
})

test('does nothing while there is nothing to undo', async () => {
  const state = core.edit.state.handler(() => ({ undo: null, redo: null, savedAt: null }))
  const { result: edits } = inApp(clientOf({ edit: { state } }), useEdits)
  expect([await edits.undo(), await edits.redo()]).toEqual([null, null])
})

test('keeps its state and tells why where an undo fails', async () => {
  const undo = core.edit.undo.handler(() => {
    throw new AppError('conflict', 'The clip was removed.')
  })
  const { result } = inApp(
    clientOf({ edit: { state: core.edit.state.handler(() => before), undo } }),
    () => ({
      edits: useEdits(),
      notices: useNotices(),
    }),
  )
  await result.edits.refresh(true)

  expect(await result.edits.undo()).toBeNull()

  expect(result.edits.state).toEqual(before)
  expect(result.notices.shown.map(notice => notice.code)).toEqual(['conflict'])
})
