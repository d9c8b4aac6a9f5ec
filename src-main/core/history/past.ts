import type { ReadDb } from '../../db/types.ts'
import { fromJson, reversed, type Change } from '../edit/changes.ts'
import type { Row, RowStore } from '../edit/row-store.ts'
import { actsAfter, allActs, changesOfEdit, type Act } from './history.queries.ts'

type Rows = Pick<RowStore, 'find'>

/** A row that was changed between two moments; null: it was not there. */
export interface RowPast {
  table: string
  id: number
  before: Row | null
  after: Row | null
}

/** What an act did to the rows, in order. */
export function changesOf(act: Pick<Act, 'kind' | 'changes'>): Change[] {
  const changes = fromJson(act.changes)
  return act.kind === 'undo' ? changes.reverse().map(reversed) : changes
}

/**
 * Rows as they were at moments of the past: the log is walked from now backwards, and every image in it put back. A row
 * that no edit touched since is as it is now and does not appear.
 */
export class Past {
  readonly #rows: Rows
  readonly #states = new Map<string, { table: string; id: number; state: Row | null }>()

  constructor(rows: Rows) {
    this.#rows = rows
  }

  /** Takes one more step back. */
  undo({ table, id, before, after }: Change): void {
    const known = this.#entry(table, id)
    if (before === null) known.state = null
    else if (after === null) known.state = { ...before }
    // A row that was taken away by other means since cannot be put together from changed columns alone.
    else if (known.state) Object.assign(known.state, before)
  }

  /** What the row was at the moment walked back to. */
  find(table: string, id: number): Row | null {
    const known = this.#states.get(keyOf(table, id))
    return known ? known.state : (this.#rows.find(table, id) ?? null)
  }

  /** Every row that was touched on the way. */
  *touched(): Generator<{ table: string; id: number; state: Row | null }> {
    yield* this.#states.values()
  }

  /** Where the walk goes on from here without changing this. */
  copy(): Past {
    const copied = new Past(this.#rows)
    for (const [key, { table, id, state }] of this.#states)
      copied.#states.set(key, { table, id, state: state && { ...state } })
    return copied
  }

  #entry(table: string, id: number): { state: Row | null } {
    const key = keyOf(table, id)
    const known = this.#states.get(key)
    if (known) return known
    const now = this.#rows.find(table, id)
    const made = { table, id, state: now ? { ...now } : null }
    this.#states.set(key, made)
    return made
  }
}

function keyOf(table: string, id: number): string {
  return `${table} ${id}`
}

/** The corpus at two moments, and how much happened between them. */
export function pastsAt(
  db: ReadDb,
  rows: Rows,
  { fromAt, toAt = Number.MAX_SAFE_INTEGER }: { fromAt: number; toAt?: number | undefined },
): { from: Past; to: Past; acts: number } {
  const past = new Past(rows)
  let to: Past | null = null
  let acts = 0
  for (const act of actsAfter(db, fromAt)) {
    if (to === null && act.at <= toAt) to = past.copy()
    if (to !== null) acts += 1
    for (const change of changesOf(act).reverse()) past.undo(change)
  }
  return { from: past, to: to ?? past.copy(), acts }
}

export function pastAt(db: ReadDb, rows: Rows, at: number): Past {
  return pastsAt(db, rows, { fromAt: at }).from
}

/** The corpus before its last `count` acts. */
export function pastBeforeLast(db: ReadDb, rows: Rows, count: number): Past {
  const past = new Past(rows)
  for (const act of allActs(db).slice(0, count))
    for (const change of changesOf({ ...act, changes: changesOfEdit(db, act.editId) }).reverse())
      past.undo(change)
  return past
}

/** The rows that differ between the two moments. */
export function differences(from: Past, to: Past): RowPast[] {
  const found: RowPast[] = []
  for (const { table, id, state: before } of from.touched()) {
    const after = to.find(table, id)
    if (!isSame(before, after)) found.push({ table, id, before, after })
  }
  return found
}

/** What a sequence of changes, made from now on, comes to. */
export function netOf(rows: Rows, changes: Iterable<Change>): RowPast[] {
  const met = new Map<string, RowPast>()
  for (const { table, id, before, after } of changes) {
    const key = keyOf(table, id)
    const row = met.get(key) ?? startOf(rows, table, id)
    met.set(key, row)
    if (after === null) row.after = null
    else if (before === null) row.after = { ...after }
    else if (row.after) Object.assign(row.after, after)
  }
  return [...met.values()].filter(row => !isSame(row.before, row.after))
}

/** What changes came to that have just been made. */
export function doneBy(rows: Rows, changes: readonly Change[]): RowPast[] {
  const past = new Past(rows)
  for (const change of [...changes].reverse()) past.undo(change)
  return differences(past, new Past(rows))
}

function startOf(rows: Rows, table: string, id: number): RowPast {
  const now = rows.find(table, id) ?? null
  return { table, id, before: now, after: now && { ...now } }
}

function isSame(a: Row | null, b: Row | null): boolean {
  if (a === null || b === null) return a === b
  return Object.keys({ ...a, ...b }).every(name => {
    const [left, right] = [a[name] ?? null, b[name] ?? null]
    if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0
    return left === right
  })
}
