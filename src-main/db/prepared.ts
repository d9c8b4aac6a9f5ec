import type { Statement } from 'better-sqlite3'
import type { ReadDb } from './types.ts'

/**
 * A statement that each connection prepares once: preparing costs twenty times what running does.
 *
 * @example const CLIP_BY_ID = prepared<[ClipId], ClipRecord>('SELECT … WHERE id = ?'); CLIP_BY_ID(db).get(id)
 */
export function prepared<Parameters extends unknown[] | object, Row = unknown>(sql: string) {
  type Bound = Parameters extends unknown[] ? Parameters : [Parameters]
  const statements = new WeakMap<ReadDb, Statement<Bound, Row>>()
  return (db: ReadDb): Statement<Bound, Row> => {
    const known = statements.get(db)
    if (known) return known
    const statement = db.prepare<Bound, Row>(sql)
    statements.set(db, statement)
    return statement
  }
}
