import type { BulkChange, BulkOutcome } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { Change } from '../../edit/changes.ts'
import type { Row } from '../../edit/row-store.ts'
import { findAnnotation, findTier, recordingName } from '../annotation.queries.ts'

const SHOWN_CHANGES = 200

/** Counts what an operation leaves out, by the sentence that says why. */
export function createLeftOut() {
  const counts = new Map<string, number>()
  const add = (reason: string) => void counts.set(reason, (counts.get(reason) ?? 0) + 1)

  /** Does `work`, or notes why it could not be done. */
  function unless(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      add(error.message)
      return false
    }
  }

  const reasons = () =>
    [...counts].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count)
  return { add, unless, reasons }
}

export type LeftOut = ReturnType<typeof createLeftOut>

/** What the changes of an edit come to, row by row: a row that was made and removed again is nothing. */
export function outcomeOf(db: ReadDb, changes: readonly Change[]): Omit<BulkOutcome, 'label' | 'skipped'> {
  const rows = new Map<number, { before: Row | null; isNew: boolean; isGone: boolean }>()
  let tiersCreated = 0
  for (const { table, id, before, after } of changes) {
    if (table === 'tier' && before === null) tiersCreated += 1
    if (table !== 'annotation') continue
    const known = rows.get(id)
    const isNew = known ? known.isNew : before === null
    rows.set(id, { before: { ...before, ...known?.before }, isNew, isGone: after === null })
  }
  const real = [...rows].filter(([, { isNew, isGone }]) => !(isNew && isGone))
  const count = (test: (row: { isNew: boolean; isGone: boolean }) => boolean) =>
    real.filter(([, row]) => test(row)).length
  return {
    created: count(({ isNew }) => isNew),
    changed: count(({ isNew, isGone }) => !isNew && !isGone),
    removed: count(({ isGone }) => isGone),
    tiersCreated,
    // An operation works in the order that leaves no overlap; it is read in that of time.
    changes: real
      .slice(0, SHOWN_CHANGES)
      .map(([id, row]) => shownChange(db, id as AnnotationId, row))
      .toSorted((one, other) => one.startMs - other.startMs),
  }
}

function shownChange(
  db: ReadDb,
  id: AnnotationId,
  { before, isNew, isGone }: { before: Row | null; isNew: boolean; isGone: boolean },
): BulkChange {
  const now = findAnnotation(db, id)
  const tier = findTier(db, (now?.tierId ?? before?.['tier_id']) as TierId)
  const value = before && 'value' in before ? String(before['value']) : (now?.value ?? '')
  return {
    change: isNew ? 'create' : isGone ? 'remove' : 'change',
    recording: tier ? recordingName(db, tier.recordingId) : '',
    tier: tier?.name ?? '',
    startMs: now?.startMs ?? Number(before?.['start_ms']),
    endMs: now?.endMs ?? Number(before?.['end_ms']),
    from: now && !isNew ? placeBefore(before, now) : null,
    before: isNew ? null : value,
    after: now?.value ?? null,
  }
}

/** The row before holds the columns that changed. */
function placeBefore(before: Row | null, now: { startMs: number; endMs: number }): BulkChange['from'] {
  const [startMs, endMs] = [before?.['start_ms'] ?? now.startMs, before?.['end_ms'] ?? now.endMs].map(Number)
  if (startMs === undefined || endMs === undefined) return null
  return startMs === now.startMs && endMs === now.endMs ? null : { startMs, endMs }
}
