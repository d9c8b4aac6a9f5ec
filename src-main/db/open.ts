import Database from 'better-sqlite3'
import { AppError } from '#shared/contract/errors.ts'
import { migrate } from './migrate.ts'
import type { WriteDb } from './types.ts'

/** "SWRT": lets `file` and the program tell a corpus from any other SQLite file. */
export const APPLICATION_ID = 0x53575254

/** Opens a corpus database for writing, without migrating it. */
export function openDatabase(file: string, options: { create: boolean }): WriteDb {
  const db = openFile(file, options.create)
  try {
    const id = db.pragma('application_id', { simple: true }) as number
    const isEmpty = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0
    if (id !== APPLICATION_ID && !isEmpty)
      throw new AppError('corrupt-file', `${file} is a database, but not of a Signwright corpus.`, {
        details: { file },
      })
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma('journal_mode = WAL')
    // FULL costs one fsync an edit and keeps every committed edit through a power cut; NORMAL may lose the last ones.
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('busy_timeout = 5000')
    return db
  } catch (error) {
    db.close()
    throw asCorrupt(error, file)
  }
}

function openFile(file: string, create: boolean): WriteDb {
  try {
    return new Database(file, { fileMustExist: !create }) as unknown as WriteDb
  } catch (error) {
    throw asCorrupt(error, file)
  }
}

function asCorrupt(error: unknown, file: string): unknown {
  const code = (error as { code?: string }).code ?? ''
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new AppError(
      'corrupt-file',
      `${file} is damaged or not a corpus. Restore one of the copies in its folder "backups".`,
      { cause: error, details: { file } },
    )
  if (code === 'SQLITE_CANTOPEN')
    return new AppError(
      'not-found',
      `${file} cannot be opened. Check that it exists and that you may write to it.`,
      {
        cause: error,
        details: { file },
      },
    )
  return error
}

/** A migrated database in memory: for tests and for reading old backups. */
export function memoryDatabase(version?: number): WriteDb {
  const db = openDatabase(':memory:', { create: true })
  migrate(db, version)
  return db
}
