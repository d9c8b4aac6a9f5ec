import type { Annotation, UndoState } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { HistorySubject } from '#shared/contract/history.ts'
import type { AnnotationId, ClipId, EditId, ReferenceId, TierId } from '#shared/contract/ids.ts'
import type { createAnnotationService } from '../annotation/annotation.service.ts'
import { findAnnotation, findTier } from '../annotation/annotation.queries.ts'
import { place } from '../annotation/placement.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTable } from '../edit/edit.service.ts'
import { isConflict } from '../edit/replay.ts'
import { createRowStore, type Row } from '../edit/row-store.ts'
import type { createReferenceService } from '../reference/reference.service.ts'
import { momentsOf, rowAround, subjectRow } from './row-history.ts'

export interface ValueEditors {
  editing: Editing
  annotations: Pick<ReturnType<typeof createAnnotationService>, 'update'>
  references: Pick<ReturnType<typeof createReferenceService>, 'save'>
}

/** Of these tables, what a user may have back; the rest says where the row belongs. */
const OWN_COLUMNS: Record<string, readonly string[]> = {
  tier: ['name', 'participant', 'annotator', 'language', 'default_locale'],
  clip: ['name', 'start_ms', 'end_ms', 'first_frame', 'last_frame', 'split', 'state', 'note', 'gloss'],
}

export function createValueRestoration(
  context: CorpusContext,
  { editing, annotations, references }: ValueEditors,
) {
  const { db } = context
  const rows = createRowStore(db)

  /** @throws AppError 'not-found' where the row was not there at that moment, or what it belonged to is gone */
  function restore(input: { subject: HistorySubject; editId: EditId; side: 'before' | 'after' }): UndoState {
    const { table, id } = subjectRow(db, input.subject)
    const then = rowAround(momentsOf(db, rows, input.subject), input.editId, input.side)
    if (!then) throw new AppError('not-found', 'It was not there at that moment. Choose another one.')
    if (table === 'annotation') restoreAnnotation(id as AnnotationId, then)
    else if (table === 'reference') restoreReference(id as ReferenceId, then)
    else restoreColumns(table as EditTable, id, then)
    return editing.state()
  }

  function restoreAnnotation(id: AnnotationId, then: Row): void {
    const now = findAnnotation(db, id)
    if (!now) return bringBack(then)
    const changes = changedFacts(now, then)
    const tier = findTier(db, now.tierId)
    if (tier?.stereotype.startsWith('symbolic'))
      annotations.update({ annotationId: id, value: changes.value })
    else annotations.update({ annotationId: id, ...changes })
  }

  /** Under a new id: others may hang on its place by now, so that it has to ask for one like any new annotation. */
  function bringBack(then: Row): void {
    const tier = findTier(db, then['tier_id'] as TierId)
    if (!tier)
      throw new AppError('not-found', 'Its tier has been removed too. Restore the tier to that date instead.')
    const span = { startMs: Number(then['start_ms']), endMs: Number(then['end_ms']) }
    const value = String(then['value'])
    editing.run(`Bring back annotation ${value.slice(0, 40)}`.trim(), {}, tx =>
      place(db, tx, tier, { ...span, value }),
    )
  }

  function restoreReference(id: ReferenceId, then: Row): void {
    const clipId = then['clip_id'] as ClipId
    const text = { clipId, text: String(then['text']), language: String(then['language']) }
    references.save(rows.find('reference', id) ? { ...text, referenceId: id } : text)
  }

  function restoreColumns(table: EditTable, id: number, then: Row): void {
    const wanted = (OWN_COLUMNS[table] ?? []).map(name => [name, then[name] ?? null] as const)
    try {
      editing.run(`Restore ${table} ${String(then['name'])}`, clipOf(table, id), tx =>
        tx.update(table, id, Object.fromEntries(wanted)),
      )
    } catch (error) {
      if (!isConflict(error)) throw error
      throw new AppError('conflict', `Its name “${String(then['name'])}” is taken by another one now.`, {
        cause: error,
      })
    }
  }

  return { restore }
}

function changedFacts(now: Annotation, then: Row) {
  const [startMs, endMs] = [Number(then['start_ms']), Number(then['end_ms'])]
  const isMoved = now.startMs !== startMs || now.endMs !== endMs
  return { value: String(then['value']), ...(isMoved && { startMs, endMs }) }
}

function clipOf(table: string, id: number): { clipId?: ClipId } {
  return table === 'clip' ? { clipId: id as ClipId } : {}
}
