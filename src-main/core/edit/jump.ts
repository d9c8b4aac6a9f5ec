import { setImmediate } from 'node:timers/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { EditId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { fromJson, reversed, type Change } from './changes.ts'
import { addMove, findEdit, listWayTo, setEditState, stateOfEdit } from './edit.queries.ts'
import { apply, isConflict } from './replay.ts'
import type { RowStore } from './row-store.ts'
import { stored } from './stored.ts'

interface Step {
  id: EditId
  label: string
  isUndo: boolean
  /** In the order and direction in which they are carried out. */
  changes: Change[]
}

/** Between two looks at whether the user has changed their mind: some five milliseconds of reading. */
const READ_AT_ONCE = 200

/**
 * The steps that lead to the moment when `editId` was the newest edit done; null: before the first one. Reading them is
 * most of the work of a jump, so that is where it can be stopped; carrying them out is then one short transaction.
 *
 * @throws AppError 'not-found' for an edit that is not within reach of undo or redo
 */
export async function readWay(db: ReadDb, editId: EditId | null, signal?: AbortSignal): Promise<Step[]> {
  if (editId !== null) checkInReach(db, editId)
  const steps: Step[] = []
  for (const { id, isUndo } of idsOfWay(db, editId)) {
    if (steps.length % READ_AT_ONCE === 0) await setImmediate()
    signal?.throwIfAborted()
    steps.push(readStep(db, id, isUndo))
  }
  return steps
}

/** Returns the changes that the jump made, in order; throws with everything as it was. */
export async function jump(
  context: CorpusContext,
  rows: RowStore,
  { editId, signal }: { editId: EditId | null; signal?: AbortSignal | undefined },
): Promise<Change[]> {
  const { db } = context
  const way = await readWay(db, editId, signal)
  if (way.length === 0) return []
  stored(context, () => {
    checkWay(db, editId, way)
    const move = { at: context.now(), author: context.author() }
    for (const step of way) {
      takeStep(rows, step)
      setEditState(db, step.id, step.isUndo ? 'undone' : 'applied')
      addMove(db, step.id, { ...move, isUndo: step.isUndo })
    }
  })
  return way.flatMap(({ changes }) => changes)
}

/** An edit made while the way was read would be jumped over unseen. */
function checkWay(db: ReadDb, editId: EditId | null, way: readonly Step[]): void {
  const now = idsOfWay(db, editId)
  const isSame = now.length === way.length && now.every(({ id }, at) => way[at]?.id === id)
  if (!isSame)
    throw new AppError(
      'conflict',
      'Something was changed while the jump was being prepared. Nothing was undone; jump again.',
    )
}

function takeStep(rows: RowStore, step: Step): void {
  try {
    for (const change of step.changes) apply(rows, change)
  } catch (error) {
    if (!isConflict(error)) throw error
    throw new AppError(
      'conflict',
      `“${step.label}” is on the way, and what it changed has been changed by other means since. Nothing was undone. Jump to the edit after it, then undo it by itself: it is put aside, and the way is free.`,
      { cause: error, details: { editId: step.id, label: step.label } },
    )
  }
}

function idsOfWay(db: ReadDb, editId: EditId | null): { id: EditId; isUndo: boolean }[] {
  const { undo, redo } = listWayTo(db, editId ?? (0 as EditId))
  return [...undo.map(id => ({ id, isUndo: true })), ...redo.map(id => ({ id, isUndo: false }))]
}

function readStep(db: ReadDb, id: EditId, isUndo: boolean): Step {
  const edit = findEdit(db, id)
  if (!edit) throw new Error(`Edit ${id} is gone from the log.`)
  const changes = fromJson(edit.changes)
  return { id, label: edit.label, isUndo, changes: isUndo ? changes.reverse().map(reversed) : changes }
}

function checkInReach(db: ReadDb, id: EditId): void {
  const state = stateOfEdit(db, id)
  if (state === 'applied' || state === 'undone') return
  throw new AppError(
    'not-found',
    'This edit is out of reach of undo: it was undone and then overtaken by a newer edit, or what it changed has been changed by other means since. Restore its values one by one, or a tier to its date.',
    { details: { editId: id } },
  )
}
