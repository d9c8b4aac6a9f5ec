import type { BulkOperation } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { valueOnTier } from '../../vocabulary/tier-value.ts'
import {
  type AnnotationRecord,
  countFamily,
  findTierNamed,
  listOfTier,
  recordingName,
  type TierRecord,
} from '../annotation.queries.ts'
import { nameOf, type Span } from '../annotation.rules.ts'
import { closeGap, moveToTier, place } from '../placement.ts'
import { checkRecording, existingTier, insertTier } from '../tier.service.ts'
import type { BulkWork } from './bulk.service.ts'
import { annotationsIn } from './scope.ts'

/** Places a copy where the rules of the tier allow; returns whether they do. */
export function placeOn(
  { db, tx, leftOut }: BulkWork,
  tier: TierRecord,
  wanted: Span & { value: string },
): boolean {
  return leftOut.unless(() =>
    tx.attempt(() => place(db, tx, tier, { ...wanted, ...valueOnTier(db, tier, wanted) })),
  )
}

export function copyAnnotations(
  work: BulkWork,
  { annotationIds, tierId, isMove }: Extract<BulkOperation, { kind: 'copy' }>,
): string {
  const { db, tx, leftOut } = work
  const target = existingTier(db, tierId)
  const found = annotationsIn(db, { kind: 'annotations', annotationIds })
  const one = found.length === 1 && found[0] ? nameOf(found[0]) : `${found.length} annotations`
  for (const annotation of found) {
    const from = existingTier(db, annotation.tierId)
    if (from.id === target.id) leftOut.add(`Some are on “${target.name}” already.`)
    else if (!isMove) placeOn(work, target, annotation)
    else leftOut.unless(() => tx.attempt(() => moveOne(work, { annotation, from, target })))
  }
  return `${isMove ? 'Move' : 'Copy'} ${one} to ${target.name}`
}

/** Keeps its id where both tiers stand for themselves; otherwise it is placed anew and the old one goes. */
function moveOne(
  { db, tx }: BulkWork,
  { annotation, from, target }: { annotation: AnnotationRecord; from: TierRecord; target: TierRecord },
): void {
  const filled = valueOnTier(db, target, annotation)
  if (from.stereotype === 'none' && target.stereotype === 'none') {
    moveToTier(db, tx, annotation, from, target, annotation)
    tx.update('annotation', annotation.id, { value: filled.value, entry_id: filled.entryId })
    return
  }
  if (countFamily(db, { annotationIds: [annotation.id] }).annotations > 1)
    throw new AppError('conflict', `Others hang on ${nameOf(annotation)}. Copy it, or remove them first.`)
  place(db, tx, target, { ...annotation, ...filled })
  tx.remove('annotation', annotation.id)
  closeGap(db, tx, annotation, from)
}

/** One annotation on a tier for each of another. */
export function depend(
  work: BulkWork,
  { fromTierId, toTierId, value }: Extract<BulkOperation, { kind: 'depend' }>,
): string {
  const { db } = work
  const [from, to] = [existingTier(db, fromTierId), existingTier(db, toTierId)]
  for (const annotation of listOfTier(db, from.id)) {
    const { startMs, endMs } = annotation
    placeOn(work, to, { startMs, endMs, value: value === 'copy' ? annotation.value : '' })
  }
  return `Create annotations on ${to.name} from ${from.name}`
}

/** The tier with its type and people in other recordings; its parent there is the tier of the same name. */
export function copyTier(
  work: BulkWork,
  { tierId, recordingIds, withAnnotations }: Extract<BulkOperation, { kind: 'copy-tier' }>,
): string {
  const { db } = work
  const tier = existingTier(db, tierId)
  const parent = tier.parentId === null ? null : existingTier(db, tier.parentId)
  for (const recordingId of recordingIds) {
    checkRecording(db, recordingId)
    const copied = copyInto(work, { tier, parent, recordingId })
    if (copied === null || !withAnnotations) continue
    const target = existingTier(db, copied)
    for (const { startMs, endMs, value } of listOfTier(db, tier.id))
      placeOn(work, target, { startMs, endMs, value })
  }
  const count = recordingIds.length
  return `Copy tier ${tier.name} to ${count === 1 ? recordingName(db, recordingIds[0] as RecordingId) : `${count} recordings`}`
}

function copyInto(
  { db, tx, leftOut }: BulkWork,
  { tier, parent, recordingId }: { tier: TierRecord; parent: TierRecord | null; recordingId: RecordingId },
): TierId | null {
  const where = recordingName(db, recordingId)
  if (findTierNamed(db, recordingId, tier.name) !== undefined) {
    leftOut.add(`“${where}” has a tier “${tier.name}” already.`)
    return null
  }
  const parentId = parent ? findTierNamed(db, recordingId, parent.name) : null
  if (parentId === undefined) {
    leftOut.add(
      `“${where}” has no tier “${parent?.name ?? ''}”, on which “${tier.name}” hangs. Copy that one first.`,
    )
    return null
  }
  const { name, typeId, participant, annotator, language, defaultLocale } = tier
  return insertTier(db, tx, {
    recordingId,
    parentId,
    name,
    typeId,
    participant,
    annotator,
    language,
    defaultLocale,
  })
}
