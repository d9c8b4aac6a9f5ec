import type { LinkedAnnotation, Tier, TierColumns } from '#shared/contract/annotation.ts'
import type { AnnotationId, RecordingId, TierId, VocabularyEntryId } from '#shared/contract/ids.ts'
import { clipOfSentence, recordingOfSentenceTier } from '#shared/domain/sentence-view.ts'
import type { CorpusContext } from '../context.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Editing } from '../edit/edit.service.ts'
import { valueOnTier } from '../vocabulary/tier-value.ts'
import { tierColumns } from './annotation.columns.ts'
import {
  type AnnotationRecord,
  findAnnotation,
  findTier,
  listAnnotations,
  type TierRecord,
} from './annotation.queries.ts'
import { checkSpan, existingAnnotation, labelOf } from './annotation.rules.ts'
import { createBatch } from './batch.ts'
import { createRemoval } from './removal.ts'
import { moveToTier, place, setSpan } from './placement.ts'
import { createSentenceEdits, listSentences } from './sentence-view.ts'
import { createSplitMerge } from './split-merge.ts'
import { createTierTypeService } from './tier-type.service.ts'
import { createTierService, existingTier } from './tier.service.ts'

export interface NewAnnotation {
  tierId: TierId
  startMs: number
  endMs: number
  value: string
  entryId?: VocabularyEntryId | undefined
}

export interface AnnotationUpdate {
  annotationId: AnnotationId
  startMs?: number
  endMs?: number
  value?: string
  entryId?: VocabularyEntryId | null | undefined
  tierId?: TierId
}

export type AnnotationService = ReturnType<typeof createAnnotationService>

export function createAnnotationService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context
  const sentences = createSentenceEdits(context, { editing })

  function list(input: { recordingId: RecordingId; fromMs?: number; toMs?: number }): LinkedAnnotation[] {
    const { recordingId, fromMs = Number.MIN_SAFE_INTEGER, toMs = Number.MAX_SAFE_INTEGER } = input
    return [...listSentences(db, input), ...listAnnotations(db, { recordingId, fromMs, toMs })]
  }

  function columns(tierIds: readonly TierId[]): TierColumns[] {
    return tierIds
      .filter(id => recordingOfSentenceTier(id) !== null || findTier(db, id))
      .map(id => tierColumns(db, id))
  }

  /** On a symbolic tier, or as the first of a subdivision, the span is the one that the parent gives. */
  function create(input: NewAnnotation): LinkedAnnotation {
    const recordingId = recordingOfSentenceTier(input.tierId)
    if (recordingId !== null) return sentences.create(recordingId, input)
    checkSpan(input)
    const tier = existingTier(db, input.tierId)
    const filled = { ...input, ...valueOnTier(db, tier, input) }
    const id = editing.run(`Create ${labelOf(filled, tier)}`, {}, tx => place(db, tx, tier, filled))
    return existingAnnotation(db, id)
  }

  function update(change: AnnotationUpdate): LinkedAnnotation {
    const { annotationId, startMs, endMs, tierId } = change
    const clipId = clipOfSentence(annotationId)
    if (clipId !== null) return sentences.update(clipId, change)
    const annotation = existingAnnotation(db, annotationId)
    const span = { startMs: startMs ?? annotation.startMs, endMs: endMs ?? annotation.endMs }
    const isMoved = span.startMs !== annotation.startMs || span.endMs !== annotation.endMs
    if (isMoved) checkSpan(span)
    const tier = existingTier(db, annotation.tierId)
    const target = tierId === undefined ? tier : existingTier(db, tierId)
    const value = newValue(db, target, annotation, change)
    const moved = target.id === tier.id ? undefined : target
    editing.run(
      updateLabel(labelOf(annotation, tier), { isMoved, target: moved, value: value?.value }),
      {},
      tx => {
        if (moved) moveToTier(db, tx, annotation, tier, target, span)
        else if (isMoved) setSpan(db, tx, annotation, tier, span)
        if (value) tx.update('annotation', annotationId, { value: value.value, entry_id: value.entryId })
      },
    )
    return existingAnnotation(db, annotationId)
  }

  const some = (annotationIds: readonly AnnotationId[]) =>
    annotationIds.flatMap(id => findAnnotation(db, id) ?? [])
  const removal = createRemoval(context, { editing, removeClips: sentences.remove })

  return {
    ...createTierService(context, { editing }),
    ...createTierTypeService(context, { editing }),
    ...createSplitMerge(context, { editing }),
    list,
    some,
    columns,
    create,
    update,
    ...removal,
    ...createBatch(editing, { create, update, remove: removal.remove }),
  }
}

/** A text or an entry that was given, or what another tier's vocabulary makes of the old one. */
function newValue(
  db: ReadDb,
  target: TierRecord,
  annotation: AnnotationRecord,
  { value, entryId }: AnnotationUpdate,
) {
  const isGiven = value !== undefined || entryId !== undefined
  if (!isGiven && target.id === annotation.tierId) return undefined
  return valueOnTier(db, target, { value: value ?? annotation.value, entryId })
}

function updateLabel(
  subject: string,
  changes: { isMoved: boolean; target: Pick<Tier, 'name'> | undefined; value: string | undefined },
): string {
  if (changes.target) return `Move ${subject} to ${changes.target.name}`
  if (changes.isMoved) return `Move ${subject}`
  const value = changes.value?.trim().slice(0, 40) ?? ''
  return value === '' ? `Clear ${subject}` : `Change ${subject} to ${value}`
}
