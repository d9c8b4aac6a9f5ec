import type { BulkOperation } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TierId } from '#shared/contract/ids.ts'
import {
  type AnnotationRecord,
  listOfTier,
  recordingDuration,
  type TierRecord,
} from '../annotation.queries.ts'
import { checkSpan, type Span } from '../annotation.rules.ts'
import { existingTier } from '../tier.service.ts'
import type { BulkWork } from './bulk.service.ts'
import { placeOn } from './copy.ts'

/** More than anybody wants; a slip of the hand in a form must not fill the disk. */
const MOST = 200_000

export function fillRegularly(
  work: BulkWork,
  operation: Extract<BulkOperation, { kind: 'regular' }>,
): string {
  const { startMs, endMs, intervalMs, value } = operation
  const tier = existingTier(work.db, operation.tierId)
  checkSpan({ startMs, endMs })
  if ((endMs - startMs) / intervalMs > MOST)
    throw new AppError(
      'invalid-input',
      `That would be more than ${MOST} annotations. Choose a longer interval.`,
    )
  for (let at = startMs; at < endMs; at += intervalMs)
    placeOn(work, tier, { startMs: at, endMs: Math.min(endMs, at + intervalMs), value })
  return `Create annotations of ${intervalMs} ms on ${tier.name}`
}

export function fillGaps(work: BulkWork, operation: Extract<BulkOperation, { kind: 'gaps' }>): string {
  const { tierIds, toTierId, minMs, value } = operation
  const { tiers, target } = tiersOf(work, tierIds, toTierId)
  const taken = tiers.flatMap(tier => listOfTier(work.db, tier.id))
  for (const gap of gapsBetween(taken, recordingDuration(work.db, target.recordingId)))
    if (gap.endMs - gap.startMs >= minMs) placeOn(work, target, { ...gap, value })
  return `Create annotations on ${target.name} from the gaps of ${namesOf(tiers)}`
}

export function fillOverlaps(
  work: BulkWork,
  operation: Extract<BulkOperation, { kind: 'overlaps' }>,
): string {
  const { tierIds, toTierId, minMs, value } = operation
  const { tiers, target } = tiersOf(work, tierIds, toTierId)
  for (const { texts, ...span } of overlapsOf(tiers.map(tier => listOfTier(work.db, tier.id)))) {
    if (span.endMs - span.startMs < minMs) continue
    const joined = texts.filter(text => text !== '').join(' ')
    placeOn(work, target, { ...span, value: value === 'join' ? joined : '' })
  }
  return `Create annotations on ${target.name} from overlaps of ${namesOf(tiers)}`
}

function tiersOf({ db }: BulkWork, tierIds: readonly TierId[], toTierId: TierId) {
  const target = existingTier(db, toTierId)
  const tiers = tierIds.map(id => existingTier(db, id))
  const other = tiers.find(tier => tier.recordingId !== target.recordingId)
  if (other) throw new AppError('invalid-input', `The tier “${other.name}” belongs to another recording.`)
  return { tiers, target }
}

function namesOf(tiers: readonly TierRecord[]): string {
  return tiers.map(({ name }) => name).join(', ')
}

/** The time from 0 to `durationMs` that none of the spans takes. */
export function gapsBetween(spans: readonly Span[], durationMs: number): Span[] {
  const gaps: Span[] = []
  let freeMs = 0
  for (const { startMs, endMs } of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    if (startMs > freeMs) gaps.push({ startMs: freeMs, endMs: Math.min(startMs, durationMs) })
    freeMs = Math.max(freeMs, endMs)
  }
  if (freeMs < durationMs) gaps.push({ startMs: freeMs, endMs: durationMs })
  return gaps.filter(gap => gap.endMs > gap.startMs)
}

interface Overlap extends Span {
  texts: string[]
}

/** The time that annotations of all lists share; each list is in the order of time. */
export function overlapsOf(lists: readonly (readonly AnnotationRecord[])[]): Overlap[] {
  const [first = [], ...others] = lists
  let shared: Overlap[] = first.map(({ startMs, endMs, value }) => ({ startMs, endMs, texts: [value] }))
  for (const list of others) shared = sharedWith(shared, list)
  return shared
}

function sharedWith(spans: readonly Overlap[], list: readonly AnnotationRecord[]): Overlap[] {
  const shared: Overlap[] = []
  let from = 0
  for (const span of spans) {
    while (from < list.length && (list[from] as AnnotationRecord).endMs <= span.startMs) from += 1
    for (let at = from; at < list.length && (list[at] as AnnotationRecord).startMs < span.endMs; at++) {
      const other = list[at] as AnnotationRecord
      const startMs = Math.max(span.startMs, other.startMs)
      const endMs = Math.min(span.endMs, other.endMs)
      if (endMs > startMs) shared.push({ startMs, endMs, texts: [...span.texts, other.value] })
    }
  }
  return shared
}
