import type { HistoryEdit } from '#shared/contract/history.ts'
import type { EditId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

/** Something that happened to the corpus: an edit was made, undone or done again. */
export interface Act {
  editId: EditId
  kind: 'edit' | 'undo' | 'redo'
  at: number
  author: string
  label: string
  changes: string
}

const ACTS = `
  SELECT id AS after_id, 0 AS move, id AS edit_id, 'edit' AS kind, at, author FROM edit
  UNION ALL
  SELECT after_id, id, edit_id, iif(is_undo, 'undo', 'redo'), at, author FROM edit_move`

const ALL_ACTS = prepared<[], Omit<Act, 'label' | 'changes'>>(
  `SELECT edit_id AS editId, kind, at, author FROM (${ACTS}) ORDER BY after_id DESC, move DESC`,
)
const CHANGES = prepared<[EditId], string>(`SELECT changes FROM edit WHERE id = ?`)

/**
 * Newest first, down to the first that is not after `at`: a clock that was set back must not make a moment out of acts
 * that never stood together.
 */
export function* actsAfter(db: ReadDb, at: number): Generator<Pick<Act, 'kind' | 'at' | 'changes'>> {
  for (const act of allActs(db)) {
    if (act.at <= at) return
    yield { ...act, changes: changesOfEdit(db, act.editId) }
  }
}

/** Newest first, without what they changed. */
export function allActs(db: ReadDb): Omit<Act, 'label' | 'changes'>[] {
  return ALL_ACTS(db).all()
}

export function changesOfEdit(db: ReadDb, id: EditId): string {
  return (CHANGES(db).pluck().get(id) as string | undefined) ?? '[]'
}

const ACTS_ON = prepared<{ mark: string }, Act>(
  `SELECT act.edit_id AS editId, act.kind, act.at, act.author, edit.label, edit.changes
   FROM (${ACTS}) AS act JOIN edit ON edit.id = act.edit_id
   WHERE act.edit_id IN (SELECT id FROM edit WHERE instr(changes, :mark) > 0)
   ORDER BY act.after_id DESC, act.move DESC`,
)

/**
 * Newest first. A row is named in the log as `["table",id,`; inside a text the quotes would be escaped, so the search
 * finds no others. It reads the whole log: a tenth of a second for a hundred thousand edits.
 */
export function actsOn(db: ReadDb, table: string, id: number): Act[] {
  return ACTS_ON(db).all({ mark: `["${table}",${id},` })
}

const LAST_CHANGES = prepared<{ mark: string }, string>(
  `SELECT changes FROM edit WHERE instr(changes, :mark) > 0 ORDER BY id DESC LIMIT 1`,
)

/** The changes of the newest edit that touched the row. */
export function lastChangesOn(db: ReadDb, table: string, id: number): string | undefined {
  return LAST_CHANGES(db)
    .pluck()
    .get({ mark: `["${table}",${id},` }) as string | undefined
}

const EDITS = prepared<
  { text: string; skip: number; limit: number },
  Omit<HistoryEdit, 'isUndone'> & { isUndone: number }
>(
  `SELECT id, at, author, label, state, state IN ('undone', 'dropped') AS isUndone FROM edit
   WHERE :text = '' OR instr(lower(label), lower(:text)) > 0 OR instr(lower(author), lower(:text)) > 0
   ORDER BY id DESC LIMIT :limit OFFSET :skip`,
)
const COUNT_EDITS = prepared<{ text: string }, number>(
  `SELECT count(*) FROM edit
   WHERE :text = '' OR instr(lower(label), lower(:text)) > 0 OR instr(lower(author), lower(:text)) > 0`,
)

/** Newest first. */
export function pageOfEdits(
  db: ReadDb,
  page: { text: string; skip: number; limit: number },
): { total: number; edits: HistoryEdit[] } {
  const rows = EDITS(db).all(page)
  return {
    total: COUNT_EDITS(db).pluck().get({ text: page.text }) as number,
    edits: rows.map(row => ({ ...row, isUndone: Boolean(row.isUndone) })),
  }
}
