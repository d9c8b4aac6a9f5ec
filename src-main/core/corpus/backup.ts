import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Backup } from '#shared/contract/corpus.ts'
import { asStorageError } from '../../db/failures.ts'
import type { ReadDb } from '../../db/types.ts'
import { backupName, listBackups, type BackupReason } from './backup-list.ts'
import { syncFolder } from './folder.ts'

/** How many of each kind are kept; what a user asked for is never removed. */
const KEPT: Record<BackupReason, number> = {
  opened: 12,
  hourly: 24,
  daily: 30,
  'before-migration': 10,
  'before-restore': 10,
  manual: Infinity,
}

/** Pages copied at a time: some four milliseconds, so that a copy in the background is not felt. */
const PAGES_A_STEP = 100

/** Copies the open database while it goes on being used. A copy that is cut short never looks like a backup. */
export async function takeBackup(
  db: ReadDb,
  dir: string,
  reason: BackupReason,
  takenAt: number,
): Promise<Backup> {
  const file = join(dir, backupName(takenAt, reason))
  const part = `${file}.part`
  try {
    mkdirSync(dir, { recursive: true })
    await db.backup(part, { progress: () => PAGES_A_STEP })
    makeStandAlone(part)
    renameSync(part, file)
    syncFolder(dir)
  } catch (error) {
    removePart(part)
    throw asStorageError(error, dir)
  }
  rotate(dir)
  return { file, takenAt, bytes: statSync(file).size, reason }
}

/** A copy in WAL mode would grow companions whenever somebody looks into it. */
function makeStandAlone(file: string): void {
  const copy = new Database(file)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

function removePart(part: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${suffix}`, { force: true })
}

/** Removes what a crash left behind. */
export function cleanBackups(dir: string): void {
  if (!existsSync(dir)) return
  for (const name of readdirSync(dir))
    if (/\.part(-\w+)?$/.test(name)) rmSync(join(dir, name), { force: true })
}

function rotate(dir: string): void {
  const seen = new Map<BackupReason, number>()
  for (const { file, reason } of listBackups(dir)) {
    const count = (seen.get(reason) ?? 0) + 1
    seen.set(reason, count)
    if (count > KEPT[reason]) rmSync(file, { force: true })
  }
}

/** The newest copy that is sound, or none. */
export function newestGoodBackup(dir: string): Backup | undefined {
  return listBackups(dir).find(backup => isSoundFile(backup.file))
}

export function isSoundFile(file: string): boolean {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true })
    try {
      return isSound(db)
    } finally {
      db.close()
    }
  } catch {
    return false
  }
}

/** SQLite's own check of every page and index order; about seven seconds a gigabyte. */
export function isSound(db: ReadDb): boolean {
  try {
    return db.pragma('quick_check(1)', { simple: true }) === 'ok'
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return false
    throw error
  }
}
