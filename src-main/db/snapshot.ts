import Database from 'better-sqlite3'
import type { ReadDb } from './types.ts'

export interface Snapshot extends Disposable {
  db: ReadDb
}

/**
 * The database as it is at this moment, for reading that takes its time: what others write meanwhile is not in it, and
 * nobody waits. A database in memory has no second connection: it is read as it is.
 */
export function openSnapshot(db: ReadDb): Snapshot {
  if (db.memory) return { db, [Symbol.dispose]: () => {} }
  const second = new Database(db.name, { readonly: true, fileMustExist: true })
  second.pragma('busy_timeout = 5000')
  second.exec('BEGIN')
  // A transaction begins with its first read.
  second.prepare('SELECT count(*) FROM sqlite_master').get()
  return { db: second, [Symbol.dispose]: () => void second.close() }
}
