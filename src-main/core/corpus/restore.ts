import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Backup } from '#shared/contract/corpus.ts'
import { AppError } from '#shared/contract/errors.ts'
import { asStorageError } from '../../db/failures.ts'
import { openDatabase } from '../../db/open.ts'
import { listBackups } from './backup-list.ts'
import { isSoundFile, takeBackup } from './backup.ts'
import { corpusPaths, findCorpusDir, syncFolder, type CorpusPaths } from './folder.ts'
import { acquireLock } from './lock.ts'

/** The corpus folder that a backup belongs to. */
export function corpusOfBackup(file: string): string {
  const place = dirname(resolve(file))
  const isBackup =
    basename(place) === 'backups' && listBackups(place).some(backup => backup.file === resolve(file))
  if (!isBackup)
    throw new AppError('not-found', `${file} is no backup of a corpus. Choose one from the corpus's list.`, {
      details: { file },
    })
  return dirname(place)
}

/** Newest first; also of a folder whose database is gone. */
export function backupsOf(dir: string): Backup[] {
  const own = corpusPaths(resolve(dir)).backups
  return listBackups(existsSync(own) ? own : corpusPaths(findCorpusDir(dir)).backups)
}

/**
 * Puts a backup in the place of a corpus that is closed. What was there is backed up first, or, where it is
 * damaged, kept beside it. Stopped at any moment, the folder holds either the old or the restored corpus.
 *
 * @returns the corpus folder
 */
export async function restoreBackup(file: string, now: () => number): Promise<string> {
  const paths = corpusPaths(corpusOfBackup(file))
  const lock = acquireLock(paths.lock, now)
  try {
    if (!isSoundFile(file))
      throw new AppError(
        'corrupt-file',
        `The backup ${basename(file)} is damaged itself. Choose another one.`,
        { details: { file } },
      )
    const copy = `${paths.database}.restoring`
    rmSync(copy, { force: true })
    copyToDisk(resolve(file), copy)
    await keepPresent(paths, now())
    renameSync(copy, paths.database)
    syncFolder(paths.dir)
    return paths.dir
  } catch (error) {
    throw asStorageError(error, paths.dir)
  } finally {
    lock.release()
  }
}

function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to)
  const handle = openSync(to, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Also takes care that no write-ahead log stays behind, which SQLite would apply to the restored file. */
async function keepPresent(paths: CorpusPaths, at: number): Promise<void> {
  if (!existsSync(paths.database)) return setAside(paths, at)
  try {
    const db = openDatabase(paths.database, { create: false })
    try {
      await takeBackup(db, paths.backups, 'before-restore', at)
      db.pragma('journal_mode = DELETE')
    } finally {
      db.close()
    }
  } catch (error) {
    const told = asStorageError(error, paths.database)
    if (!(told instanceof AppError) || told.code !== 'corrupt-file') throw told
    setAside(paths, at)
  }
}

function setAside(paths: CorpusPaths, at: number): void {
  const stamp = new Date(at).toISOString().replaceAll(/[:.]/g, '-')
  for (const suffix of ['-wal', '-shm', '']) {
    const file = `${paths.database}${suffix}`
    if (existsSync(file)) renameSync(file, join(paths.dir, `corpus.damaged-${stamp}.sqlite${suffix}`))
  }
}
