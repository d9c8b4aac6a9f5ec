import type { UndoState } from '#shared/contract/annotation.ts'
import type {
  ChangeList,
  DateDiff,
  HistoryMoment,
  HistorySubject,
  TierRestoration,
} from '#shared/contract/history.ts'
import type { EditId, RecordingId, TierId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../context.ts'
import { fromJson, type Change } from '../edit/changes.ts'
import type { Editing } from '../edit/edit.service.ts'
import { readWay } from '../edit/jump.ts'
import { createRowStore, type Row, type RowStore } from '../edit/row-store.ts'
import { diffOf } from './date-diff.ts'
import { listChanges } from './describe.ts'
import { changesOfEdit, lastChangesOn, pageOfEdits } from './history.queries.ts'
import { netOf, type RowPast } from './past.ts'
import { restoreTier } from './restore-tier.ts'
import { createValueRestoration, type ValueEditors } from './restore-value.ts'
import { momentsOf, shownMoment } from './row-history.ts'

export interface HistoryDeps extends ValueEditors {
  editing: Editing
}

/** What the edit log says about the past: of one value, of a tier, of everything between two dates. */
export function createHistoryService(context: CorpusContext, deps: HistoryDeps) {
  const { db } = context
  const { editing } = deps
  const rows = createRowStore(db)
  const values = createValueRestoration(context, deps)

  function ofEdit(editId: EditId): ChangeList {
    const changes = fromJson(changesOfEdit(db, editId))
    const known = (table: string, id: number) => rows.find(table, id) ?? lastKnown(context, table, id)
    return listChanges(rowsOfEdit(changes, known), known)
  }

  async function previewJump(
    editId: EditId | null,
    signal?: AbortSignal,
  ): Promise<ChangeList & { undone: number; redone: number }> {
    const way = await readWay(db, editId, signal)
    const net = netOf(
      rows,
      way.flatMap(({ changes }) => changes),
    )
    const undone = way.filter(({ isUndo }) => isUndo).length
    return { undone, redone: way.length - undone, ...listChanges(net, findIn(rows, net)) }
  }

  function of(subject: HistorySubject): HistoryMoment[] {
    return momentsOf(db, rows, subject).map(shownMoment)
  }

  function previewRestoreTier(input: { tierId: TierId; at: number }): TierRestoration {
    return editing.preview(tx => restoreTier({ db, rows, tx }, input))
  }

  function restore(input: { tierId: TierId; at: number }): TierRestoration {
    let name = ''
    const day = new Date(input.at).toLocaleString('sv-SE').slice(0, 16)
    return editing.run(
      () => `Restore tier ${name} to ${day}`,
      {},
      tx => {
        const outcome = restoreTier({ db, rows, tx }, input)
        name = outcome.tier
        return outcome
      },
    )
  }

  return {
    edits: (page: { skip: number; limit: number; text: string }) => pageOfEdits(db, page),
    ofEdit,
    previewJump,
    jumpTo: (editId: EditId | null, signal?: AbortSignal): Promise<UndoState> =>
      editing.jumpTo(editId, signal),
    of,
    restoreValue: values.restore,
    diff: (input: {
      recordingId?: RecordingId | undefined
      fromAt: number
      toAt?: number | undefined
    }): DateDiff => diffOf(db, rows, input),
    previewRestoreTier,
    restoreTier: restore,
  }
}

/** Rows as an edit found and left them; columns that it did not touch are those of today. */
function rowsOfEdit(changes: readonly Change[], known: (table: string, id: number) => Row | null): RowPast[] {
  const first = new Map<string, Change>()
  for (const change of changes) {
    const key = `${change.table} ${change.id}`
    if (!first.has(key)) first.set(key, change)
  }
  const find = (table: string, id: number): Row | undefined => {
    const change = first.get(`${table} ${id}`)
    if (!change?.before) return undefined
    return { ...known(table, id), ...change.before }
  }
  return netOf({ find }, changes)
}

/** A row that is gone, as the log last held it. */
function lastKnown({ db }: CorpusContext, table: string, id: number): Row | null {
  const changes = lastChangesOn(db, table, id)
  if (changes === undefined) return null
  const last = fromJson(changes).findLast(change => change.table === table && change.id === id)
  return last ? (last.before ?? last.after) : null
}

/** Rows that come or go with a jump are looked up among its changes. */
function findIn(rows: RowStore, net: readonly RowPast[]) {
  const met = new Map(net.map(row => [`${row.table} ${row.id}`, row.after ?? row.before]))
  return (table: string, id: number): Row | null => met.get(`${table} ${id}`) ?? rows.find(table, id) ?? null
}
