import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, VocabularyEntryId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import {
  findAnnotation,
  findOverlapping,
  listChildren,
  listChildTiers,
  type AnnotationRecord,
  type TierRecord,
} from './annotation.queries.ts'
import {
  checkFree,
  divide,
  followers,
  isInside,
  nameOf,
  neighbours,
  parentFor,
  type Span,
} from './annotation.rules.ts'

/** Adds an annotation where its tier's stereotype lets it be. */
export function place(
  db: ReadDb,
  tx: EditTransaction,
  tier: TierRecord,
  wanted: Span & { value: string; entryId?: VocabularyEntryId | null | undefined },
): AnnotationId {
  const parent = parentFor(db, tier, wanted)
  const add = ({ startMs, endMs }: Span): AnnotationId => {
    const row = { tier_id: tier.id, parent_id: parent?.id ?? null, start_ms: startMs, end_ms: endMs }
    const text = { value: wanted.value, entry_id: wanted.entryId ?? null }
    return tx.insert('annotation', { ...row, ...text }) as AnnotationId
  }
  if (!parent || tier.stereotype === 'included-in') {
    checkFree(db, tier, wanted)
    return add(wanted)
  }
  const siblings = listChildren(db, parent.id, tier.id)
  if (tier.stereotype === 'symbolic-association') {
    if (siblings[0])
      throw new AppError(
        'conflict',
        `${nameOf(parent)} already has an annotation on “${tier.name}”: ${nameOf(siblings[0])}.`,
      )
    return add(parent)
  }
  if (siblings.length === 0) return add(parent)
  if (tier.stereotype === 'time-subdivision') {
    makeRoom(db, tx, tier, wanted)
    return add(wanted)
  }
  const id = add({ startMs: parent.endMs - 1, endMs: parent.endMs })
  spread(db, tx, parent, tier, [...siblings.map(sibling => sibling.id), id])
  return id
}

/** A tier without gaps: a new annotation takes the beginning or the end of one that is there. */
function makeRoom(db: ReadDb, tx: EditTransaction, tier: TierRecord, span: Span): void {
  const divided = findOverlapping(db, tier.id, span)
  const isAtStart = divided?.startMs === span.startMs
  const isAtEnd = divided?.endMs === span.endMs
  if (!divided || !isInside(span, divided) || isAtStart === isAtEnd)
    throw new AppError(
      'invalid-input',
      `The tier “${tier.name}” has no gaps: a new annotation has to take the beginning or the end of one that is there.`,
    )
  const rest = isAtStart
    ? { startMs: span.endMs, endMs: divided.endMs }
    : { startMs: divided.startMs, endMs: span.startMs }
  write(db, tx, divided, rest)
}

/** Members of a symbolic subdivision share the time of their parent evenly, in this order. */
export function spread(
  db: ReadDb,
  tx: EditTransaction,
  parent: Span,
  tier: TierRecord,
  ids: readonly AnnotationId[],
): void {
  divide(parent, ids.length).forEach((span, n) => {
    const annotation = findAnnotation(db, ids[n] as AnnotationId)
    if (span.endMs <= span.startMs)
      throw new AppError('invalid-input', `There is no room for another annotation on “${tier.name}” here.`)
    if (annotation) write(db, tx, annotation, span)
  })
}

/** Gives an annotation a new span; neighbours of a subdivision and everything that hangs on it follow. */
export function setSpan(
  db: ReadDb,
  tx: EditTransaction,
  annotation: AnnotationRecord,
  tier: TierRecord,
  span: Span,
): void {
  if (tier.stereotype.startsWith('symbolic'))
    throw new AppError(
      'invalid-input',
      `Annotations on “${tier.name}” have the time of their parent. Move the parent.`,
    )
  if (tier.stereotype === 'time-subdivision') moveEdges(db, tx, annotation, span)
  else checkFree(db, tier, span, annotation.id)
  const parent = tier.stereotype === 'included-in' ? parentFor(db, tier, span) : null
  write(db, tx, annotation, span)
  if (parent) tx.update('annotation', annotation.id, { parent_id: parent.id })
}

function moveEdges(db: ReadDb, tx: EditTransaction, annotation: AnnotationRecord, span: Span): void {
  const { before, after } = neighbours(db, annotation)
  const movesStart = span.startMs !== annotation.startMs
  const movesEnd = span.endMs !== annotation.endMs
  if ((movesStart && !before) || (movesEnd && !after))
    throw new AppError(
      'invalid-input',
      'The outer edges of a subdivision are those of its parent. Move the parent.',
    )
  if (
    (movesStart && before && span.startMs <= before.startMs) ||
    (movesEnd && after && span.endMs >= after.endMs)
  )
    throw new AppError('conflict', 'This would leave no room for the annotation beside it. Move it less far.')
  if (movesStart && before) write(db, tx, before, { startMs: before.startMs, endMs: span.startMs })
  if (movesEnd && after) write(db, tx, after, { startMs: span.endMs, endMs: after.endMs })
}

/** Writes a span without asking the tier; everything that hangs on the annotation follows. */
export function write(db: ReadDb, tx: EditTransaction, annotation: AnnotationRecord, span: Span): void {
  for (const change of [{ annotation, ...span }, ...followers(db, annotation, span)])
    tx.update('annotation', change.annotation.id, { start_ms: change.startMs, end_ms: change.endMs })
}

/** Only between tiers that stand for themselves; what hangs on an annotation cannot come along. */
export function moveToTier(
  db: ReadDb,
  tx: EditTransaction,
  annotation: AnnotationRecord,
  from: TierRecord,
  to: TierRecord,
  span: Span,
): void {
  if (to.recordingId !== from.recordingId)
    throw new AppError('invalid-input', `The tier “${to.name}” belongs to another recording.`)
  if (from.stereotype !== 'none' || to.stereotype !== 'none')
    throw new AppError('invalid-input', 'Annotations move only between tiers that have no parent tier.')
  const hasChildren = listChildTiers(db, from.id).some(
    child => listChildren(db, annotation.id, child.id).length > 0,
  )
  if (hasChildren)
    throw new AppError(
      'conflict',
      `Other annotations hang on ${nameOf(annotation)}. Remove them first, or copy it.`,
    )
  checkFree(db, to, span)
  tx.update('annotation', annotation.id, { tier_id: to.id, start_ms: span.startMs, end_ms: span.endMs })
}

/** After a removal: the rest of a subdivision takes the time over. */
export function closeGap(db: ReadDb, tx: EditTransaction, removed: AnnotationRecord, tier: TierRecord): void {
  const parent = removed.parentId === null ? undefined : findAnnotation(db, removed.parentId)
  if (!parent) return
  const siblings = listChildren(db, parent.id, tier.id)
  if (siblings.length === 0) return
  if (tier.stereotype === 'symbolic-subdivision')
    spread(
      db,
      tx,
      parent,
      tier,
      siblings.map(({ id }) => id),
    )
  if (tier.stereotype !== 'time-subdivision') return
  const before = siblings.findLast(sibling => sibling.endMs <= removed.startMs)
  const after = siblings.find(sibling => sibling.startMs >= removed.endMs)
  if (before) write(db, tx, before, { startMs: before.startMs, endMs: removed.endMs })
  else if (after) write(db, tx, after, { startMs: removed.startMs, endMs: after.endMs })
}
