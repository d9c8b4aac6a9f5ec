import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import {
  findAnnotation,
  findOverlapping,
  findTier,
  listChildren,
  listChildTiers,
  type AnnotationRecord,
  type TierRecord,
} from './annotation.queries.ts'

export interface Span {
  startMs: number
  endMs: number
}

export function checkSpan({ startMs, endMs }: Span): void {
  if (startMs < 0)
    throw new AppError('invalid-input', 'An annotation cannot begin before the recording does.')
  if (endMs <= startMs) throw new AppError('invalid-input', 'An annotation has to end after it begins.')
}

/** ELAN's first rule: the annotations of a tier share no time. */
export function checkFree(
  db: ReadDb,
  tier: TierRecord,
  span: Span,
  except: AnnotationId | null = null,
): void {
  const other = findOverlapping(db, tier.id, span, except)
  if (!other) return
  const { startMs, endMs } = other
  throw new AppError(
    'conflict',
    `This would overlap ${nameOf(other)} (${clock(startMs)}–${clock(endMs)}) on the tier “${tier.name}”. Move or shorten one of them.`,
    { details: { annotationId: other.id, startMs, endMs } },
  )
}

/** The annotation of the parent tier that the span hangs on; for a symbolic tier, the one at its beginning. */
export function parentFor(db: ReadDb, tier: TierRecord, span: Span): AnnotationRecord | null {
  if (tier.parentId === null) return null
  const isSymbolic = tier.stereotype.startsWith('symbolic')
  const wanted = isSymbolic ? { startMs: span.startMs, endMs: span.startMs + 1 } : span
  const parent = findOverlapping(db, tier.parentId, wanted)
  if (parent && (isSymbolic || isInside(span, parent))) return parent
  const parentTier = findTier(db, tier.parentId)
  throw new AppError(
    'invalid-input',
    `An annotation on “${tier.name}” has to lie inside one on its parent tier “${parentTier?.name ?? ''}”. Create or widen that one first.`,
    { details: { parentTierId: tier.parentId } },
  )
}

export function isInside(span: Span, around: Span): boolean {
  return span.startMs >= around.startMs && span.endMs <= around.endMs
}

/** `count` spans of equal length, as far as whole milliseconds allow. */
export function divide({ startMs, endMs }: Span, count: number): Span[] {
  const edge = (n: number) => startMs + Math.round(((endMs - startMs) * n) / count)
  return Array.from({ length: count }, (_, n) => ({ startMs: edge(n), endMs: edge(n + 1) }))
}

export interface SpanChange extends Span {
  annotation: AnnotationRecord
}

/**
 * What moves along when an annotation gets a new span: everything that hangs on it, as its tiers' rules say. ELAN
 * carries and cuts in the same way, but drops what lies outside of a shorter parent; here nothing goes unasked.
 *
 * @throws AppError 'conflict' when something would be cut off
 */
export function followers(db: ReadDb, annotation: AnnotationRecord, span: Span): SpanChange[] {
  const changes: SpanChange[] = []
  for (const tier of listChildTiers(db, annotation.tierId)) {
    const children = listChildren(db, annotation.id, tier.id)
    followersOn(tier, children, { from: annotation, span }).forEach((childSpan, n) => {
      const child = children[n] as AnnotationRecord
      if (childSpan.endMs <= childSpan.startMs) throw cutOff(child, tier)
      if (childSpan.startMs === child.startMs && childSpan.endMs === child.endMs) return
      changes.push({ annotation: child, ...childSpan }, ...followers(db, child, childSpan))
    })
  }
  return changes
}

/** The new span of each child, in order; one that ends before it begins has no room left. */
export function followersOn(
  tier: TierRecord,
  children: readonly AnnotationRecord[],
  { from, span }: { from: Span; span: Span },
): Span[] {
  const byMs = span.startMs - from.startMs
  // A parent that moves as a whole carries what hangs on it; one that gets shorter cuts it.
  const isCarried = byMs !== 0 && span.endMs - from.endMs === byMs
  if (isCarried && !tier.stereotype.startsWith('symbolic'))
    return children.map(child => ({ startMs: child.startMs + byMs, endMs: child.endMs + byMs }))
  if (tier.stereotype === 'symbolic-association') return children.map(() => span)
  if (tier.stereotype === 'symbolic-subdivision') return divide(span, children.length)
  const clipped = children.map(child => ({
    startMs: Math.max(child.startMs, span.startMs),
    endMs: Math.min(child.endMs, span.endMs),
  }))
  const first = clipped[0]
  const last = clipped.at(-1)
  if (tier.stereotype !== 'time-subdivision' || !first || !last) return clipped
  first.startMs = span.startMs
  last.endMs = span.endMs
  return clipped
}

function cutOff(child: AnnotationRecord, tier: TierRecord): AppError {
  return new AppError(
    'conflict',
    `This would cut off ${nameOf(child)} on the tier “${tier.name}”. Move or remove it first.`,
    { details: { annotationId: child.id } },
  )
}

/** The neighbours that meet this annotation on a tier without gaps. */
export function neighbours(
  db: ReadDb,
  annotation: AnnotationRecord,
): { before: AnnotationRecord | undefined; after: AnnotationRecord | undefined } {
  if (annotation.parentId === null) return { before: undefined, after: undefined }
  const siblings = listChildren(db, annotation.parentId, annotation.tierId)
  const at = siblings.findIndex(sibling => sibling.id === annotation.id)
  return { before: siblings[at - 1], after: siblings[at + 1] }
}

export function existingAnnotation(db: ReadDb, id: AnnotationId): AnnotationRecord {
  const annotation = findAnnotation(db, id)
  if (!annotation)
    throw new AppError('not-found', 'This annotation has been removed.', { details: { annotationId: id } })
  return annotation
}

export function nameOf({ value }: { value: string }): string {
  return value.trim() === '' ? 'an annotation without text' : `“${value.trim().slice(0, 40)}”`
}

/** What an edit of the annotation is called after. */
export function labelOf(annotation: { value: string }, tier: Pick<TierRecord, 'name'>): string {
  return annotation.value.trim() === ''
    ? `annotation on ${tier.name}`
    : `annotation ${nameOf(annotation).slice(1, -1)}`
}

function clock(timeMs: number): string {
  const seconds = (timeMs / 1000) % 60
  return `${Math.floor(timeMs / 60_000)}:${seconds.toFixed(2).padStart(5, '0')}`
}
