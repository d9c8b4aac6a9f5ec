import { holds, type Change } from './changes.ts'
import type { Row, RowStore } from './row-store.ts'

class ConflictError extends Error {}

/** What the program renews by itself about a file: where it is, and what was computed from it. No reason not to undo. */
const RENEWED: Record<string, readonly string[]> = {
  media: ['path', 'bytes', 'mtime_ms', 'motion', 'audio_peaks'],
}

/** Carries out a logged change, if the row still is what the log says it was. */
export function apply(rows: RowStore, { table, id, before, after }: Change): void {
  const row = rows.find(table, id)
  const isAsLogged = before === null ? row === undefined : holds(row, withoutRenewed(table, before))
  if (!isAsLogged) throw new ConflictError(`${table} ${id} is not what the log says.`)
  if (after === null) rows.remove(table, id)
  else if (before === null) rows.insert(table, after)
  else rows.update(table, id, after)
}

export function isConflict(error: unknown): boolean {
  if (error instanceof ConflictError) return true
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_CONSTRAINT')
}

function withoutRenewed(table: string, image: Row): Row {
  const renewed = RENEWED[table] ?? []
  return Object.fromEntries(Object.entries(image).filter(([name]) => !renewed.includes(name)))
}
