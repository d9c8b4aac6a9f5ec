import type { BulkOperation } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import type { AnnotationRecord, TierRecord } from '../annotation.queries.ts'
import { findOverlapping } from '../annotation.queries.ts'
import { checkFree, nameOf } from '../annotation.rules.ts'
import { setSpan, write } from '../placement.ts'
import { existingTier } from '../tier.service.ts'
import type { BulkWork } from './bulk.service.ts'
import { annotationsIn, scopeName } from './scope.ts'

/**
 * Moves annotations with everything that hangs on them. All or none: half of a shift is of no use to anybody.
 *
 * @throws AppError 'conflict' where they would overlap others, 'invalid-input' before the beginning
 */
export function shift(
  { db, tx }: BulkWork,
  { scope, byMs }: Extract<BulkOperation, { kind: 'shift' }>,
): string {
  const found = annotationsIn(db, scope)
  const chosen = new Set(found.map(({ id }) => id))
  // What hangs on another of them moves with that one.
  const heads = found.filter(({ parentId }) => parentId === null || !chosen.has(parentId))
  const early = heads.find(({ startMs }) => startMs + byMs < 0)
  if (early && byMs < 0)
    throw new AppError(
      'invalid-input',
      `${nameOf(early)} would begin before the recording does. Shift by less.`,
    )
  const tiers = new Map<TierId, TierRecord>()
  const tierOf = (id: TierId) => tiers.get(id) ?? tiers.set(id, existingTier(db, id)).get(id)!
  // In the direction of the shift, so that each finds the place free that the one before it has left.
  const ordered = byMs > 0 ? heads.toReversed() : heads
  for (const annotation of ordered) moveBy(annotation, tierOf(annotation.tierId))
  const seconds = `${byMs > 0 ? '+' : '−'}${(Math.abs(byMs) / 1000).toFixed(3)} s`
  return `Shift ${scope.kind === 'after' ? `all after ${(scope.fromMs / 1000).toFixed(2)} s of ` : ''}${scopeName(db, scope)} by ${seconds}`

  function moveBy(annotation: AnnotationRecord, tier: TierRecord): void {
    const span = { startMs: annotation.startMs + byMs, endMs: annotation.endMs + byMs }
    if (tier.parentId !== null && annotation.parentId !== null) return setSpan(db, tx, annotation, tier, span)
    // Annotations of a file may overlap already; a shift only must not make more of that.
    if (!overlapsAlready(annotation.id, tier.id, annotation)) checkFree(db, tier, span, annotation.id)
    write(db, tx, annotation, span)
  }

  function overlapsAlready(id: AnnotationId, tierId: TierId, span: AnnotationRecord): boolean {
    return findOverlapping(db, tierId, span, id) !== undefined
  }
}
