import type { TierRestoration } from '#shared/contract/history.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import {
  findAnnotation,
  findOverlapping,
  findTier,
  listOfTier,
  type TierRecord,
} from '../annotation/annotation.queries.ts'
import { followersOn, isInside, type Span } from '../annotation/annotation.rules.ts'
import { write } from '../annotation/placement.ts'
import type { CorpusContext } from '../context.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import type { Row, RowStore } from '../edit/row-store.ts'
import { listChanges, type FindRow } from './describe.ts'
import { doneBy, pastAt, type Past } from './past.ts'

interface Work {
  db: CorpusContext['db']
  rows: RowStore
  tx: EditTransaction
  past: Past
  tier: TierRecord
}

/**
 * Makes the annotations of one tier what they were at a date, and nothing else: tiers above stay as they are, so that an
 * annotation whose parent is gone is left out, and one whose parent has moved moves with it.
 *
 * @throws AppError 'invalid-input' where there was no such tier at that date
 */
export function restoreTier(
  { db, rows, tx }: Pick<Work, 'db' | 'rows' | 'tx'>,
  { tierId, at }: { tierId: TierId; at: number },
): TierRestoration {
  const past = pastAt(db, rows, at)
  const isTierBack = bringTierBack(rows, tx, past, tierId)
  const tier = findTier(db, tierId)
  if (!tier) throw new Error(`Tier ${tierId} did not come back.`)
  const work: Work = { db, rows, tx, past, tier }
  const then = annotationsThen(work)
  for (const { id } of listOfTier(db, tierId)) if (!then.has(id)) tx.remove('annotation', id)
  let withoutParent = 0
  for (const [id, row] of then) if (!putBack(work, id as AnnotationId, row)) withoutParent += 1
  return { tier: tier.name, isTierBack, ...told(rows, tx, tierId), withoutParent }
}

/** Returns whether it had to. */
function bringTierBack(rows: RowStore, tx: EditTransaction, past: Past, tierId: TierId): boolean {
  const then = past.find('tier', tierId)
  if (!then) throw new AppError('invalid-input', 'There was no such tier at this date. Choose a later one.')
  if (rows.find('tier', tierId)) return false
  const parentId = then['parent_id']
  if (typeof parentId === 'number' && !rows.find('tier', parentId))
    throw new AppError(
      'conflict',
      `The tier “${String(then['name'])}” hung on another one that has been removed too. Restore that one first.`,
    )
  tx.insert('tier', then)
  return true
}

function annotationsThen({ db, past, tier }: Work): Map<number, Row> {
  const then = new Map<number, Row>()
  for (const { id } of listOfTier(db, tier.id)) {
    const row = past.find('annotation', id)
    if (row?.['tier_id'] === tier.id) then.set(id, row)
  }
  for (const { table, id, state } of past.touched())
    if (table === 'annotation' && state?.['tier_id'] === tier.id) then.set(id, state)
  return then
}

/** Returns whether the annotation has a place today. */
function putBack(work: Work, id: AnnotationId, then: Row): boolean {
  const { db, rows, tx, tier } = work
  const home = homeOf(work, then)
  const now = findAnnotation(db, id)
  if (home === null) {
    if (now) tx.remove('annotation', id)
    return false
  }
  const entryId = typeof then['entry_id'] === 'number' && rows.find('vocabulary_entry', then['entry_id'])
  const facts = {
    tier_id: tier.id,
    parent_id: home.parentId,
    value: then['value'] ?? '',
    entry_id: entryId ? (then['entry_id'] ?? null) : null,
  }
  if (!now) {
    tx.insert('annotation', { ...then, ...facts, start_ms: home.span.startMs, end_ms: home.span.endMs })
    return true
  }
  write(db, tx, now, home.span)
  tx.update('annotation', id, facts)
  return true
}

interface Home {
  parentId: AnnotationId | null
  span: Span
}

/** Where the annotation goes today; null where what it hung on is gone. */
function homeOf({ db, past, tier }: Work, then: Row): Home | null {
  const span = spanOf(then)
  if (tier.parentId === null) return { parentId: null, span }
  const parentId = then['parent_id'] as AnnotationId | null
  const parent = parentId === null ? undefined : findAnnotation(db, parentId)
  if (parent) {
    const parentThen = past.find('annotation', parent.id)
    const from = parentThen ? spanOf(parentThen) : parent
    return fitted(tier, span, { from, to: parent, parentId: parent.id })
  }
  const around = findOverlapping(db, tier.parentId, span)
  return around && isInside(span, around) ? { parentId: around.id, span } : null
}

function fitted(
  tier: TierRecord,
  span: Span,
  { from, to, parentId }: { from: Span; to: Span; parentId: AnnotationId },
): Home | null {
  if (from.startMs === to.startMs && from.endMs === to.endMs) return { parentId, span }
  const scaled = scaledSpan(tier, span, from, to)
  return scaled.endMs > scaled.startMs ? { parentId, span: scaled } : null
}

/** Members of a subdivision keep their share of the parent; aligned ones are carried or cut with it. */
function scaledSpan(tier: TierRecord, span: Span, from: Span, to: Span): Span {
  if (tier.stereotype === 'included-in')
    return followersOn(tier, [{ ...span } as never], { from, span: to })[0] ?? span
  const share = (ms: number) =>
    to.startMs +
    Math.round(((ms - from.startMs) / (from.endMs - from.startMs || 1)) * (to.endMs - to.startMs))
  return { startMs: share(span.startMs), endMs: share(span.endMs) }
}

function spanOf(row: Row): Span {
  return { startMs: Number(row['start_ms']), endMs: Number(row['end_ms']) }
}

/** What the edit came to; annotations that went with others on tiers below are counted apart. */
function told(rows: RowStore, tx: EditTransaction, tierId: TierId) {
  const find: FindRow = (table, id) => rows.find(table, id) ?? null
  const done = doneBy(rows, tx.changes).filter(({ table }) => table === 'annotation')
  const below = done.filter(({ before, after }) => after === null && before?.['tier_id'] !== tierId)
  const here = done.filter(row => !below.includes(row))
  return { ...listChanges(here, find), alsoRemoved: below.length }
}
