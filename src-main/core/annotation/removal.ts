import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, ClipId, TierId } from '#shared/contract/ids.ts'
import { clipOfSentence } from '#shared/domain/sentence-view.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { countFamily, findAnnotation } from './annotation.queries.ts'
import { existingAnnotation, labelOf } from './annotation.rules.ts'
import { closeGap } from './placement.ts'
import { existingTier } from './tier.service.ts'

interface RemovalDeps {
  editing: Editing
  removeClips: (clipIds: readonly ClipId[]) => void
}

export function createRemoval({ db }: CorpusContext, { editing, removeClips }: RemovalDeps) {
  /** What hangs on them goes too. */
  function remove(annotationIds: readonly AnnotationId[]): void {
    const clipIds = annotationIds.map(clipOfSentence).filter((id): id is ClipId => id !== null)
    if (clipIds.length > 0) removeClips(clipIds)
    const own = annotationIds.filter(id => clipOfSentence(id) === null)
    if (own.length > 0 || clipIds.length === 0) removeOwn(own)
  }

  function removeOwn(annotationIds: readonly AnnotationId[]): void {
    const [first] = annotationIds
    if (first === undefined) throw new AppError('invalid-input', 'Select an annotation first.')
    const annotation = existingAnnotation(db, first)
    const count = new Set(annotationIds).size
    const more = countFamily(db, { annotationIds }).annotations - count
    const what =
      count === 1 ? labelOf(annotation, existingTier(db, annotation.tierId)) : `${count} annotations`
    const label = `Remove ${what}${more > 0 ? ` with ${more} below` : ''}`
    editing.run(label, {}, tx => annotationIds.forEach(id => removeOne(tx, id)))
  }

  function removeOne(tx: EditTransaction, id: AnnotationId): void {
    // One that hung on another of the list has gone with it.
    const target = findAnnotation(db, id)
    if (!target) return
    tx.remove('annotation', id)
    closeGap(db, tx, target, existingTier(db, target.tierId))
  }

  const countRemoval = (input: { annotationIds: AnnotationId[]; tierIds: TierId[] }) => countFamily(db, input)

  return { remove, countRemoval }
}
