import type { Stereotype } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TierId, TierTypeId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import {
  type AnnotationRecord,
  findTier,
  listChildTiers,
  listOfTier,
  type TierRecord,
} from './annotation.queries.ts'
import { isInside } from './annotation.rules.ts'
import { linkValues } from './tier-values.ts'

interface NewRules {
  typeId: TierTypeId
  parentId: TierId | null
}

/**
 * Gives a tier another type or parent. Its annotations keep their times, so that they must fit the new rules as they
 * are; only the one-to-one tier takes the times of its parents.
 *
 * @throws AppError 'conflict' where they do not fit
 */
export function refit(db: ReadDb, tx: EditTransaction, tier: TierRecord, wanted: NewRules): void {
  tx.update('tier', tier.id, { type_id: wanted.typeId, parent_id: wanted.parentId })
  const changed = findTier(db, tier.id)
  if (!changed) return
  const { stereotype } = changed
  if (stereotype.startsWith('symbolic') && !tier.stereotype.startsWith('symbolic'))
    checkTiersBelow(db, changed)
  if (stereotype !== tier.stereotype || wanted.parentId !== tier.parentId)
    rehang(db, tx, changed, listOfTier(db, tier.id))
  if (changed.vocabularyId !== tier.vocabularyId) linkValues(db, tx, changed)
}

function checkTiersBelow(db: ReadDb, tier: TierRecord): void {
  const aligned = listChildTiers(db, tier.id).find(child => !child.stereotype.startsWith('symbolic'))
  if (aligned)
    throw new AppError(
      'conflict',
      `“${aligned.name}” below “${tier.name}” has times of its own, which tiers below a symbolic one cannot have. Change that tier first.`,
    )
}

function rehang(
  db: ReadDb,
  tx: EditTransaction,
  tier: TierRecord,
  annotations: readonly AnnotationRecord[],
): void {
  if (tier.parentId === null) {
    for (const { id } of annotations) tx.update('annotation', id, { parent_id: null })
    return
  }
  const homes = homesOf(listOfTier(db, tier.parentId), annotations)
  const families = Map.groupBy(annotations, annotation => homes.get(annotation) ?? null)
  const misfits = [...families].flatMap(([home, family]) =>
    home && isFamilyLegal(tier.stereotype, home, family) ? [] : family,
  )
  if (misfits.length > 0) throw misfitError(tier, misfits, annotations.length)
  for (const [annotation, home] of homes) {
    tx.update('annotation', annotation.id, { parent_id: home.id })
    if (tier.stereotype === 'symbolic-association')
      tx.update('annotation', annotation.id, { start_ms: home.startMs, end_ms: home.endMs })
  }
}

/** The parent annotation around each; both lists are in the order of time. */
function homesOf(
  parents: readonly AnnotationRecord[],
  annotations: readonly AnnotationRecord[],
): Map<AnnotationRecord, AnnotationRecord> {
  const homes = new Map<AnnotationRecord, AnnotationRecord>()
  let at = 0
  for (const annotation of annotations) {
    while (at < parents.length && (parents[at] as AnnotationRecord).endMs <= annotation.startMs) at += 1
    const parent = parents[at]
    if (parent && isInside(annotation, parent)) homes.set(annotation, parent)
  }
  return homes
}

function isFamilyLegal(
  stereotype: Stereotype,
  home: AnnotationRecord,
  family: readonly AnnotationRecord[],
): boolean {
  if (stereotype === 'included-in') return true
  if (stereotype === 'symbolic-association') return family.length === 1
  const first = family[0]
  const last = family.at(-1)
  return (
    first?.startMs === home.startMs &&
    last?.endMs === home.endMs &&
    family.every((one, n) => n === 0 || one.startMs === family[n - 1]?.endMs)
  )
}

const DEMANDS: Record<Stereotype, string> = {
  none: '',
  'included-in': 'lie inside an annotation of the parent tier',
  'time-subdivision': 'fill annotations of the parent tier without gaps',
  'symbolic-subdivision': 'fill annotations of the parent tier without gaps',
  'symbolic-association': 'lie one to one inside annotations of the parent tier',
}

function misfitError(tier: TierRecord, misfits: readonly AnnotationRecord[], all: number): AppError {
  return new AppError(
    'conflict',
    `${misfits.length} of the ${all} annotations on “${tier.name}” do not ${DEMANDS[tier.stereotype]}. Move or remove them first.`,
    { details: { tierId: tier.id, annotationIds: misfits.slice(0, 100).map(({ id }) => id) } },
  )
}
