import type BetterSqlite3 from 'better-sqlite3'

/** A connection that may read. A query that only asks for this cannot write by accident. */
export type ReadDb = BetterSqlite3.Database
/** The one connection that writes. */
export type WriteDb = ReadDb & { readonly __writable: true }

export interface Migration {
  id: number
  name: string
  up: (db: WriteDb) => void
}
