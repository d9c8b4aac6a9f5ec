import type { EditEntry } from '#shared/contract/annotation.ts'
import type { EditId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface EditRecord {
  id: EditId
  label: string
  clipId: number | null
  changes: string
}

interface EntryRow {
  id: EditId
  at: number
  author: string
  label: string
  isUndone: number
}

export type EditState = 'applied' | 'undone' | 'dropped' | 'settled'

const ADD = prepared<{ at: number; author: string; label: string; clipId: number | null; changes: string }>(
  `INSERT INTO edit (at, author, label, clip_id, changes) VALUES (:at, :author, :label, :clipId, :changes)`,
)

export function addEdit(
  db: WriteDb,
  edit: { at: number; author: string; label: string; clipId: number | null; changes: string },
): EditId {
  return Number(ADD(db).run(edit).lastInsertRowid) as EditId
}

const SET_STATE = prepared<[EditState, EditId]>(`UPDATE edit SET state = ? WHERE id = ?`)

export function setEditState(db: WriteDb, id: EditId, state: EditState): void {
  SET_STATE(db).run(state, id)
}

const DROP_UNDONE = prepared<[]>(`UPDATE edit SET state = 'dropped' WHERE state = 'undone'`)

export function dropUndone(db: WriteDb): void {
  DROP_UNDONE(db).run()
}

const NEXT_UNDO = prepared<[], EditRecord>(
  `SELECT id, label, clip_id AS clipId, changes FROM edit WHERE state = 'applied' ORDER BY id DESC LIMIT 1`,
)
const NEXT_REDO = prepared<[], EditRecord>(
  `SELECT id, label, clip_id AS clipId, changes FROM edit WHERE state = 'undone' ORDER BY id LIMIT 1`,
)

export function nextUndo(db: ReadDb): EditRecord | undefined {
  return NEXT_UNDO(db).get()
}

export function nextRedo(db: ReadDb): EditRecord | undefined {
  return NEXT_REDO(db).get()
}

const UNDO_ENTRY = prepared<[], EntryRow>(
  `SELECT id, at, author, label, 0 AS isUndone FROM edit WHERE state = 'applied' ORDER BY id DESC LIMIT 1`,
)
const REDO_ENTRY = prepared<[], EntryRow>(
  `SELECT id, at, author, label, 1 AS isUndone FROM edit WHERE state = 'undone' ORDER BY id LIMIT 1`,
)

export function undoEntry(db: ReadDb): EditEntry | null {
  return asEntry(UNDO_ENTRY(db).get())
}

export function redoEntry(db: ReadDb): EditEntry | null {
  return asEntry(REDO_ENTRY(db).get())
}

const HISTORY = prepared<{ before: number; limit: number }, EntryRow>(
  `SELECT id, at, author, label, state IN ('undone', 'dropped') AS isUndone
   FROM edit WHERE id < :before ORDER BY id DESC LIMIT :limit`,
)

/** Newest first. */
export function listEdits(db: ReadDb, page: { before: number; limit: number }): EditEntry[] {
  return HISTORY(db)
    .all(page)
    .map(row => ({ ...row, isUndone: row.isUndone === 1 }))
}

const ADD_MOVE = prepared<{ id: EditId; at: number; author: string; isUndo: number }>(
  `INSERT INTO edit_move (edit_id, after_id, at, author, is_undo)
   VALUES (:id, (SELECT max(id) FROM edit), :at, :author, :isUndo)`,
)

/** That an edit was undone, or done again; with the edits themselves, this is all that ever happened. */
export function addMove(
  db: WriteDb,
  id: EditId,
  move: { at: number; author: string; isUndo: boolean },
): void {
  ADD_MOVE(db).run({ id, ...move, isUndo: move.isUndo ? 1 : 0 })
}

const STATE_OF = prepared<[EditId], EditState>(`SELECT state FROM edit WHERE id = ?`)

export function stateOfEdit(db: ReadDb, id: EditId): EditState | undefined {
  return STATE_OF(db).pluck().get(id) as EditState | undefined
}

const TO_UNDO = prepared<[EditId], EditId>(
  `SELECT id FROM edit WHERE state = 'applied' AND id > ? ORDER BY id DESC`,
)
const TO_REDO = prepared<[EditId], EditId>(
  `SELECT id FROM edit WHERE state = 'undone' AND id <= ? ORDER BY id`,
)

/** The way along the undo stack after which this edit is the newest that is done. */
export function listWayTo(db: ReadDb, id: EditId): { undo: EditId[]; redo: EditId[] } {
  return {
    undo: TO_UNDO(db).pluck().all(id) as EditId[],
    redo: TO_REDO(db).pluck().all(id) as EditId[],
  }
}

const BY_ID = prepared<[EditId], EditRecord>(
  `SELECT id, label, clip_id AS clipId, changes FROM edit WHERE id = ?`,
)

export function findEdit(db: ReadDb, id: EditId): EditRecord | undefined {
  return BY_ID(db).get(id)
}

const LAST_AT = prepared<[], number | null>(`SELECT at FROM edit ORDER BY id DESC LIMIT 1`)

export function lastEditAt(db: ReadDb): number | null {
  return (LAST_AT(db).pluck().get() as number | undefined) ?? null
}

function asEntry(row: EntryRow | undefined): EditEntry | null {
  return row ? { ...row, isUndone: row.isUndone === 1 } : null
}
