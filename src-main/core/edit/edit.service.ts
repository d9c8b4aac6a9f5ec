import type { EditEntry, UndoState } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, EditId } from '#shared/contract/ids.ts'
import { asStorageError } from '../../db/failures.ts'
import { announce, type CorpusContext } from '../context.ts'
import { fromJson, reversed, toJson, type Change } from './changes.ts'
import {
  addEdit,
  addMove,
  dropUndone,
  lastEditAt,
  listEdits,
  nextRedo,
  nextUndo,
  redoEntry,
  setEditState,
  undoEntry,
  type EditRecord,
} from './edit.queries.ts'
import { jump } from './jump.ts'
import { apply, isConflict } from './replay.ts'
import { createRowStore, type RowStore } from './row-store.ts'
import { stored } from './stored.ts'
import { createTransaction, kindsOf, touchedBy, type EditTransaction } from './transaction.ts'

export type { EditTable, EditTransaction } from './transaction.ts'

type Label = string | (() => string)

type Work<T> = (tx: EditTransaction) => T

interface Replay {
  edit: EditRecord
  changes: readonly Change[]
  done: 'undone' | 'applied'
  failed: 'settled' | 'dropped'
  verb: string
}

interface EditOptions {
  clipId?: ClipId | null
}

/** An edit by itself, or a part of the one around it. */
function joining(runAlone: <T>(label: Label, options: EditOptions, work: Work<T>) => T) {
  let whole: EditTransaction | null = null

  /**
   * Runs `work` as one edit. An edit that changes nothing leaves no trace.
   *
   * @param label what the undo menu shows; a function is asked once the work is done
   * @returns what `work` returns
   */
  function run<T>(label: Label, options: EditOptions, work: Work<T>): T {
    return whole ? work(whole) : runAlone(label, options, work)
  }

  /** The edits that `work` makes by `run` are stored, undone and named as one. */
  function together<T>(label: Label, work: () => T): T {
    return run(label, {}, tx => {
      if (whole) return work()
      whole = tx
      try {
        return work()
      } finally {
        whole = null
      }
    })
  }

  return { run, together }
}

export interface EditingDeps {
  /** What every edit entails; it becomes part of the edit. */
  alsoDo?: Work<void>
}

export type Editing = ReturnType<typeof createEditing>

/**
 * The only way in which user data changes: one transaction an edit, logged with what each row was and became,
 * so that every edit can be undone, also after a restart.
 */
export function createEditing(context: CorpusContext, { alsoDo = () => {} }: EditingDeps = {}) {
  const { db } = context
  const rows = createRowStore(db)
  let savedAt = lastEditAt(db)

  function runAlone<T>(label: Label, options: EditOptions, work: Work<T>): T {
    const changes: Change[] = []
    const clipId = options.clipId ?? null
    const result = stored(context, () => {
      const tx = createTransaction(rows, changes)
      const answer = work(tx)
      if (changes.length === 0) return answer
      alsoDo(tx)
      record(context, typeof label === 'string' ? label : label(), clipId, changes)
      return answer
    })
    if (changes.length > 0) finish(changes, clipId)
    return result
  }

  function undo(): UndoState {
    const edit = nextUndo(db)
    if (edit) {
      const changes = fromJson(edit.changes).reverse().map(reversed)
      replay(context, rows, { edit, changes, done: 'undone', failed: 'settled', verb: 'undone' })
      finish(changes, edit.clipId as ClipId | null)
    }
    return state()
  }

  function redo(): UndoState {
    const edit = nextRedo(db)
    if (edit) {
      const changes = fromJson(edit.changes)
      replay(context, rows, { edit, changes, done: 'applied', failed: 'dropped', verb: 'done again' })
      finish(changes, edit.clipId as ClipId | null)
    }
    return state()
  }

  /** @throws AppError 'conflict' where a step on the way cannot be replayed: everything is then as it was */
  async function jumpTo(editId: EditId | null, signal?: AbortSignal): Promise<UndoState> {
    const changes = await jump(context, rows, { editId, signal })
    if (changes.length > 0) finish(changes, null)
    return state()
  }

  function finish(changes: readonly Change[], clipId: ClipId | null): void {
    savedAt = context.now()
    for (const kind of kindsOf(changes, clipId))
      announce(context, kind, clipId, kind === 'annotation' ? touchedBy(changes, rows) : {})
    announce(context, 'edit')
  }

  const state = (): UndoState => ({ undo: undoEntry(db), redo: redoEntry(db), savedAt })
  const preview = <T>(work: Work<T>) => takenBack(context, rows, work)
  /** Newest first; `before` is the oldest entry of the page above. */
  const history = ({ before, limit }: { before?: EditId; limit?: number } = {}): EditEntry[] =>
    listEdits(db, { before: before ?? Number.MAX_SAFE_INTEGER, limit: limit ?? 100 })

  return { ...joining(runAlone), preview, undo, redo, jumpTo, state, history }
}

/** An edit that cannot be replayed is put aside: what follows it in the stack must stay within reach. */
function replay(context: CorpusContext, rows: RowStore, step: Replay): void {
  const { db } = context
  const { edit, changes, done, failed } = step
  try {
    stored(context, () => {
      for (const change of changes) apply(rows, change)
      setEditState(db, edit.id, done)
      addMove(db, edit.id, { at: context.now(), author: context.author(), isUndo: done === 'undone' })
    })
  } catch (error) {
    if (!isConflict(error)) throw error
    setEditState(db, edit.id, failed)
    announce(context, 'edit')
    throw replayConflict(step, error)
  }
}

/** A new edit puts what was undone before it out of reach of redo. */
function record(
  context: CorpusContext,
  label: string,
  clipId: ClipId | null,
  changes: readonly Change[],
): void {
  const { db } = context
  dropUndone(db)
  addEdit(db, { at: context.now(), author: context.author(), label, clipId, changes: toJson(changes) })
}

class TakenBack<T> extends Error {
  answer: T | undefined
}

/** What `work` answers when it is carried out and taken back: an exact preview, of which nothing is kept. */
function takenBack<T>({ db, dir }: CorpusContext, rows: RowStore, work: Work<T>): T {
  const taken = new TakenBack<T>()
  try {
    db.transaction(() => {
      taken.answer = work(createTransaction(rows, []))
      throw taken
    }).immediate()
  } catch (error) {
    if (error !== taken) throw asStorageError(error, dir)
  }
  return taken.answer as T
}

function replayConflict({ edit, verb }: Replay, cause: unknown): AppError {
  return new AppError(
    'conflict',
    `“${edit.label}” cannot be ${verb}: what it changed has been changed by other means since. It stays as it is; try again for the edit next to it.`,
    { cause, details: { editId: edit.id, label: edit.label } },
  )
}
