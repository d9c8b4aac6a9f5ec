import type { Annotation, Tier, TierColumns } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { findAnnotation, findTier, listAnnotations, type AnnotationRecord } from './annotation.queries.ts'
import { tierColumns } from './annotation.columns.ts'
import { checkSpan, existingAnnotation, nameOf } from './annotation.rules.ts'
import { closeGap, moveToTier, place, setSpan } from './placement.ts'
import { createTierService, existingTier } from './tier.service.ts'

interface AnnotationUpdate {
  annotationId: AnnotationId
  startMs?: number
  endMs?: number
  value?: string
  tierId?: TierId
}

export type AnnotationService = ReturnType<typeof createAnnotationService>

export function createAnnotationService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function list(input: { recordingId: RecordingId; fromMs?: number; toMs?: number }): Annotation[] {
    const { recordingId, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = input
    return listAnnotations(db, { recordingId, fromMs, toMs })
  }

  function columns(tierIds: readonly TierId[]): TierColumns[] {
    return tierIds.filter(id => findTier(db, id)).map(id => tierColumns(db, id))
  }

  /** On a symbolic tier, or as the first of a subdivision, the span is the one that the parent gives. */
  function create(input: { tierId: TierId; startMs: number; endMs: number; value: string }): Annotation {
    checkSpan(input)
    const tier = existingTier(db, input.tierId)
    const id = editing.run(`Create ${labelOf(input, tier)}`, {}, tx => place(db, tx, tier, input))
    return shown(existingAnnotation(db, id))
  }

  function update({ annotationId, startMs, endMs, value, tierId }: AnnotationUpdate): Annotation {
    const annotation = existingAnnotation(db, annotationId)
    const span = { startMs: startMs ?? annotation.startMs, endMs: endMs ?? annotation.endMs }
    checkSpan(span)
    const isMoved = span.startMs !== annotation.startMs || span.endMs !== annotation.endMs
    const tier = existingTier(db, annotation.tierId)
    const target = tierId === undefined ? tier : existingTier(db, tierId)
    const subject = labelOf(annotation, tier)
    editing.run(
      updateLabel(subject, { isMoved, target: target.id === tier.id ? undefined : target, value }),
      {},
      tx => {
        if (target.id !== tier.id) moveToTier(db, tx, annotation, tier, target, span)
        else if (isMoved) setSpan(db, tx, annotation, tier, span)
        if (value !== undefined) tx.update('annotation', annotationId, { value })
      },
    )
    return shown(existingAnnotation(db, annotationId))
  }

  function remove(annotationIds: readonly AnnotationId[]): void {
    const [first] = annotationIds
    if (first === undefined) throw new AppError('invalid-input', 'Select an annotation first.')
    const annotation = existingAnnotation(db, first)
    const tier = existingTier(db, annotation.tierId)
    const what =
      annotationIds.length === 1 ? labelOf(annotation, tier) : `${annotationIds.length} annotations`
    editing.run(`Remove ${what}`, {}, tx => {
      for (const id of annotationIds) {
        // One that hung on another of the list has gone with it.
        const target = findAnnotation(db, id)
        if (!target) continue
        tx.remove('annotation', id)
        closeGap(db, tx, target, existingTier(db, target.tierId))
      }
    })
  }

  return { ...createTierService(context, { editing }), list, columns, create, update, remove }
}

function shown({ id, tierId, startMs, endMs, value }: AnnotationRecord): Annotation {
  return { id, tierId, startMs, endMs, value }
}

function labelOf(annotation: { value: string }, tier: Tier): string {
  return annotation.value.trim() === ''
    ? `annotation on ${tier.name}`
    : `annotation ${nameOf(annotation).slice(1, -1)}`
}

function updateLabel(
  subject: string,
  changes: { isMoved: boolean; target: Tier | undefined; value: string | undefined },
): string {
  if (changes.target) return `Move ${subject} to ${changes.target.name}`
  if (changes.isMoved) return `Move ${subject}`
  const value = changes.value?.trim().slice(0, 40) ?? ''
  return value === '' ? `Clear ${subject}` : `Change ${subject} to ${value}`
}
