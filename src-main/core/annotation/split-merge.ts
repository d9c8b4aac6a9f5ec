import type { LinkedAnnotation } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId } from '#shared/contract/ids.ts'
import { clipOfSentence } from '#shared/domain/sentence-view.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import {
  type AnnotationRecord,
  findNext,
  listChildren,
  listChildTiers,
  type TierRecord,
} from './annotation.queries.ts'
import { existingAnnotation, nameOf } from './annotation.rules.ts'
import { spread, write } from './placement.ts'
import { valueOnTier } from '../vocabulary/tier-value.ts'
import { place } from './placement.ts'
import { existingTier } from './tier.service.ts'

interface SplitInput {
  annotationId: AnnotationId
  atMs: number
  /** Of the first part and of the second; both keep the text without. */
  values?: readonly [string, string] | undefined
}

/** Splitting, joining and repeating single annotations; each is one edit. */
export function createSplitMerge({ db }: CorpusContext, { editing }: { editing: Editing }) {
  function split({ annotationId, atMs, values }: SplitInput): LinkedAnnotation[] {
    const { annotation, tier } = own(db, annotationId)
    const texts = values?.map(value => valueOnTier(db, tier, { value }))
    const second = editing.run(`Split ${nameOf(annotation)}`, {}, tx => {
      const id = splitAt(db, tx, { annotation, tier }, atMs)
      texts?.forEach((text, at) => setText(tx, at === 0 ? annotationId : id, text))
      return id
    })
    return [existingAnnotation(db, annotationId), existingAnnotation(db, second)]
  }

  function mergeNext(input: { annotationId: AnnotationId; separator: string }): LinkedAnnotation {
    const { annotation, tier } = own(db, input.annotationId)
    const next = findNext(db, annotation)
    if (!next || next.parentId !== annotation.parentId)
      throw new AppError(
        'invalid-input',
        `${nameOf(annotation)} is the last ${tier.parentId === null ? `on “${tier.name}”` : 'below its parent'}: there is no next one to merge with.`,
      )
    const value = [annotation.value, next.value].filter(text => text !== '').join(input.separator)
    const merged = valueOnTier(db, tier, { value })
    editing.run(`Merge ${nameOf(annotation)} and ${nameOf(next)}`, {}, tx => {
      for (const child of listChildTiers(db, tier.id))
        joinChildren(db, tx, child, { annotation, next, separator: input.separator })
      tx.remove('annotation', next.id)
      setText(tx, annotation.id, merged)
      if (tier.stereotype === 'symbolic-subdivision') spreadFamily(db, tx, annotation, tier)
      else
        write(db, tx, annotation, {
          startMs: annotation.startMs,
          endMs: Math.max(annotation.endMs, next.endMs),
        })
    })
    return existingAnnotation(db, annotation.id)
  }

  function duplicate({
    annotationId,
    atMs,
  }: {
    annotationId: AnnotationId
    atMs?: number
  }): LinkedAnnotation {
    const { annotation, tier } = own(db, annotationId)
    const { value, entryId } = annotation
    const isSymbolic = tier.stereotype.startsWith('symbolic')
    const startMs = atMs ?? (isSymbolic ? annotation.startMs : annotation.endMs)
    const span = { startMs, endMs: startMs + annotation.endMs - annotation.startMs }
    const id = editing.run(`Duplicate ${nameOf(annotation)}`, {}, tx =>
      place(db, tx, tier, { ...span, value, entryId }),
    )
    return existingAnnotation(db, id)
  }

  return { split, mergeNext, duplicate }
}

interface OnTier {
  annotation: AnnotationRecord
  tier: TierRecord
}

/** Not a sentence, and its tier. */
function own(db: ReadDb, annotationId: AnnotationId): { annotation: AnnotationRecord; tier: TierRecord } {
  if (clipOfSentence(annotationId) !== null)
    throw new AppError(
      'invalid-input',
      'A sentence is a clip with its reviews and outputs: it is not split, merged or repeated. Move its boundaries, or cut another clip.',
    )
  const annotation = existingAnnotation(db, annotationId)
  return { annotation, tier: existingTier(db, annotation.tierId) }
}

function setText(
  tx: EditTransaction,
  id: AnnotationId,
  { value, entryId }: ReturnType<typeof valueOnTier>,
): void {
  tx.update('annotation', id, { value, entry_id: entryId })
}

/** The second half is a new annotation with the same text; what hangs on the whole goes to the half it lies in. */
function splitAt(db: ReadDb, tx: EditTransaction, { annotation, tier }: OnTier, atMs: number): AnnotationId {
  const { startMs, endMs, value, parentId } = annotation
  if (tier.stereotype === 'symbolic-association')
    throw new AppError(
      'invalid-input',
      `An annotation of “${tier.name}” belongs to one parent. Split the parent.`,
    )
  const isSubdivided = tier.stereotype === 'symbolic-subdivision'
  if (!isSubdivided && (atMs <= startMs || atMs >= endMs))
    throw new AppError(
      'invalid-input',
      `${nameOf(annotation)} is split at a time inside it. Move the play head there.`,
    )
  const middle = isSubdivided ? Math.floor((startMs + endMs) / 2) : atMs
  const columns = { tier_id: tier.id, parent_id: parentId, value, entry_id: annotation.entryId }
  const id = tx.insert('annotation', { ...columns, start_ms: middle, end_ms: endMs }) as AnnotationId
  for (const child of listChildTiers(db, tier.id))
    divideChildren(db, tx, child, { annotation, id, atMs: middle })
  if (isSubdivided) {
    spreadFamily(db, tx, annotation, tier)
    return id
  }
  write(db, tx, annotation, { startMs, endMs: middle })
  const second = existingAnnotation(db, id)
  write(db, tx, second, second)
  return id
}

/** Aligned ones that the cut goes through are cut as well; symbolic ones stay with the first half. */
function divideChildren(
  db: ReadDb,
  tx: EditTransaction,
  tier: TierRecord,
  { annotation, id, atMs }: { annotation: AnnotationRecord; id: AnnotationId; atMs: number },
): void {
  if (tier.stereotype.startsWith('symbolic')) return
  for (const child of listChildren(db, annotation.id, tier.id)) {
    if (child.endMs <= atMs) continue
    const isCut = child.startMs < atMs
    const later = isCut ? splitAt(db, tx, { annotation: child, tier }, atMs) : child.id
    tx.update('annotation', later, { parent_id: id })
  }
}

function joinChildren(
  db: ReadDb,
  tx: EditTransaction,
  tier: TierRecord,
  {
    annotation,
    next,
    separator,
  }: { annotation: AnnotationRecord; next: AnnotationRecord; separator: string },
): void {
  const before = listChildren(db, annotation.id, tier.id)
  const after = listChildren(db, next.id, tier.id)
  const [first, second] = [before.at(-1), after[0]]
  if (tier.stereotype === 'symbolic-association' && first && second) {
    const value = [first.value, second.value].filter(text => text !== '').join(separator)
    const merged = valueOnTier(db, tier, { value })
    for (const child of listChildTiers(db, tier.id))
      joinChildren(db, tx, child, { annotation: first, next: second, separator })
    tx.remove('annotation', second.id)
    setText(tx, first.id, merged)
    return
  }
  for (const child of after) tx.update('annotation', child.id, { parent_id: annotation.id })
  if (tier.stereotype === 'time-subdivision' && first && second)
    write(db, tx, first, { startMs: first.startMs, endMs: second.startMs })
}

function spreadFamily(db: ReadDb, tx: EditTransaction, member: AnnotationRecord, tier: TierRecord): void {
  if (member.parentId === null) return
  const family = listChildren(db, member.parentId, tier.id).map(({ id }) => id)
  spread(db, tx, existingAnnotation(db, member.parentId), tier, family)
}
