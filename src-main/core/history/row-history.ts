import type { HistoryMoment, HistorySubject } from '#shared/contract/history.ts'
import type { AnnotationId, EditId } from '#shared/contract/ids.ts'
import { clipOfSentence } from '#shared/domain/sentence-view.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Row, RowStore } from '../edit/row-store.ts'
import { firstReferenceOf } from './first-reference.queries.ts'
import { changeOf, fieldChanges, fieldsOf } from './describe.ts'
import { actsOn, type Act } from './history.queries.ts'
import { changesOf, Past } from './past.ts'

export interface Moment {
  act: Act
  before: Row | null
  after: Row | null
}

/** A sentence of the sentence view is the first reference of its clip. */
export function subjectRow(db: ReadDb, { kind, id }: HistorySubject): { table: string; id: number } {
  const clipId = kind === 'annotation' ? clipOfSentence(id as AnnotationId) : null
  if (clipId === null) return { table: kind, id }
  return { table: 'reference', id: firstReferenceOf(db, clipId) ?? 0 }
}

/** What happened to one row, newest first, with the whole row before and after. */
export function momentsOf(db: ReadDb, rows: RowStore, subject: HistorySubject): Moment[] {
  const { table, id } = subjectRow(db, subject)
  const past = new Past(rows)
  const moments: Moment[] = []
  for (const act of actsOn(db, table, id)) {
    const after = copyOf(past.find(table, id))
    for (const change of changesOf(act).reverse())
      if (change.table === table && change.id === id) past.undo(change)
    moments.push({ act, before: copyOf(past.find(table, id)), after })
  }
  return moments
}

export function shownMoment({ act, before, after }: Moment): HistoryMoment {
  return {
    editId: act.editId,
    at: act.at,
    author: act.author,
    label: act.label,
    act: act.kind,
    change: changeOf({ before, after }),
    fields: fieldChanges(before, after),
    state: after && fieldsOf(after),
  }
}

/** The row before or after an edit; undefined where the edit did not touch it. */
export function rowAround(
  moments: readonly Moment[],
  editId: EditId,
  side: 'before' | 'after',
): Row | null | undefined {
  return moments.find(({ act }) => act.editId === editId && act.kind === 'edit')?.[side]
}

function copyOf(row: Row | null): Row | null {
  return row && { ...row }
}
