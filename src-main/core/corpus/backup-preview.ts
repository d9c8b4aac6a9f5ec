import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { BackupPreview } from '#shared/contract/corpus.ts'
import { LATEST, schemaVersion } from '../../db/migrate.ts'
import type { ReadDb } from '../../db/types.ts'
import { isSound } from './backup.ts'
import { changesSince, countRows, newestEdits } from './backup-preview.queries.ts'
import { corpusPaths } from './folder.ts'
import { corpusOfBackup } from './restore.ts'

const NOTHING = { clips: 0, recordings: 0, references: 0, annotations: 0, lastEdits: [], since: null }

/** Looks into a backup and beside it into the present corpus, whoever has that open, and changes neither. */
export function previewBackup(file: string): BackupPreview {
  const present = corpusPaths(corpusOfBackup(file)).database
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true })
    try {
      return looked(db as unknown as ReadDb, db, present)
    } finally {
      db.close()
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    return { isSound: false, ...NOTHING }
  }
}

function looked(db: ReadDb, handle: Database.Database, present: string): BackupPreview {
  if (!isSound(db)) return { isSound: false, ...NOTHING }
  return {
    isSound: true,
    ...countRows(db),
    lastEdits: newestEdits(db),
    since: schemaVersion(db) === LATEST && existsSync(present) ? sinceThen(handle, present) : null,
  }
}

/** A present corpus that is damaged cannot be compared; that is when its backups are needed most. */
function sinceThen(db: Database.Database, present: string): BackupPreview['since'] {
  try {
    db.prepare('ATTACH ? AS present').run(present)
    return changesSince(db as unknown as ReadDb)
  } catch (error) {
    if (isDamage(error) || isOtherFormat(error)) return null
    throw error
  }
}

function isDamage(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code)
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_CANTOPEN'
}

function isOtherFormat(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'SQLITE_ERROR'
}
