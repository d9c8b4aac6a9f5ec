import Database from 'better-sqlite3'
import type { Backup } from '#shared/contract/corpus.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { listBackups, type BackupReason } from './backup-list.ts'
import { cleanBackups, takeBackup } from './backup.ts'
import { fingerprintOf, hasWork } from './corpus.queries.ts'

const HOUR_MS = 3_600_000

export interface BackupSchedule {
  /** A copy that a user asks for; never rotated away. */
  take: () => Promise<Backup>
  /** Waits for a copy in progress. */
  stop: () => Promise<void>
}

/** Backs the corpus up in the background: now, where work was done since the last copy, and every hour in which it is. */
export function startBackups(context: CorpusContext, dir: string): BackupSchedule {
  const { db, log } = context
  let copiedAt = writesOf(db)
  let last: Promise<unknown> = Promise.resolve()
  cleanBackups(dir)

  /** One after the other: SQLite copies into a file of its own, the disk is shared. */
  function queue<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }

  async function copy(reason: BackupReason): Promise<Backup> {
    const writes = writesOf(db)
    const backup = await takeBackup(db, dir, reason, context.now())
    copiedAt = writes
    return backup
  }

  function copyQuietly(reason: 'opened' | 'hourly', isNeeded: () => boolean): void {
    const work = async () => {
      if (!isNeeded()) return
      const backup = await copy(hasDaily(dir, context.now()) ? reason : 'daily')
      log.info({ file: backup.file }, 'corpus backed up')
    }
    queue(work).catch((error: unknown) => log.error({ err: error, dir }, 'backup failed'))
  }

  copyQuietly('opened', () => hasWork(db) && !isInNewestBackup(db, dir))
  const timer = setInterval(() => copyQuietly('hourly', () => writesOf(db) !== copiedAt), HOUR_MS)
  timer.unref()

  async function stop(): Promise<void> {
    clearInterval(timer)
    await last
  }

  return { take: () => queue(() => copy('manual')), stop }
}

function writesOf(db: ReadDb): number {
  return db.prepare('SELECT total_changes()').pluck().get() as number
}

function hasDaily(dir: string, now: number): boolean {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  return listBackups(dir).some(({ reason, takenAt }) => reason === 'daily' && day(takenAt) === day(now))
}

function isInNewestBackup(db: ReadDb, dir: string): boolean {
  const [newest] = listBackups(dir)
  if (!newest) return false
  try {
    const copy = new Database(newest.file, { readonly: true, fileMustExist: true })
    try {
      return fingerprintOf(copy) === fingerprintOf(db)
    } finally {
      copy.close()
    }
  } catch {
    // Damaged, or of another format: it holds nothing to rely on.
    return false
  }
}
