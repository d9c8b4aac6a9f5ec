import { AppError } from '#shared/contract/errors.ts'
import { EditId } from '#shared/contract/ids.ts'
import type { EditEntry } from '#shared/contract/annotation.ts'
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
const before = { undo: entry, redo: null, savedAt: 1 }
const after = { undo: null, redo: { ...entry, isUndone: true }, savedAt: 2 }

test('names what it undid and what it did again', async () => {
  const api = clientOf({
    edit: {
      state: core.edit.state.handler(() => before),
      undo: core.edit.undo.handler(() => after),
      redo: core.edit.redo.handler(() => before),
    },
  })
  const { result: edits } = inApp(api, useEdits)
  await edits.refresh(true)

  expect([await edits.undo(), edits.canUndo, edits.canRedo]).toEqual(['Split of 3 clips', false, true])
  expect([await edits.redo(), edits.canUndo, edits.canRedo]).toEqual(['Split of 3 clips', true, false])
})

test('asks nothing of the core while there is nothing to undo', async () => {
  const { result: edits } = inApp(clientOf({}), useEdits)
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
