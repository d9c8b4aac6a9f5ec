import { existsSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Backup, CorpusChange, CorpusSummary } from '#shared/contract/corpus.ts'
import { AppError } from '#shared/contract/errors.ts'
import { asStorageError } from '../../db/failures.ts'
import { LATEST, migrate, schemaVersion } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import type { WriteDb } from '../../db/types.ts'
import type { CorpusContext, Log } from '../context.ts'
import type { Emitter } from '../emitter.ts'
import { startBackups } from './backup-schedule.ts'
import { listBackups } from './backup-list.ts'
import { isSound, newestGoodBackup, takeBackup } from './backup.ts'
import { findFact, setFact } from './corpus.queries.ts'
import {
  CORPUS_SUFFIX,
  corpusPaths,
  findCorpusDir,
  isCorpusFolder,
  makeCorpusFolders,
  newCorpusDir,
  removeEmpty,
  type CorpusPaths,
} from './folder.ts'
import { acquireLock, type Lock } from './lock.ts'
import { createSummary } from './summary.ts'

/** What a corpus needs from the program around it. */
export interface CorpusDeps {
  log: Log
  now: () => number
  author: () => string
  changes: Emitter<CorpusChange>
}

export interface OpenCorpus {
  context: CorpusContext
  paths: CorpusPaths
  name: () => string
  summary: () => Promise<CorpusSummary>
  /** Newest first. */
  backups: () => Backup[]
  backup: () => Promise<Backup>
  /** Waits for a backup in progress, then lets other programs in. */
  close: () => Promise<void>
}

/** Above this, the check of every page would be felt on opening; it is made after a crash, and once a week. */
const CHECKED_ALWAYS_BYTES = 64e6
const CHECK_AGAIN_MS = 7 * 24 * 3_600_000

/**
 * Makes an empty corpus and opens it.
 *
 * @throws AppError 'conflict' when there is one already
 */
export async function createCorpus(
  dir: string,
  { name }: { name: string },
  deps: CorpusDeps,
): Promise<OpenCorpus> {
  const paths = corpusPaths(newCorpusDir(dir, name))
  if (isCorpusFolder(paths.dir))
    throw new AppError(
      'conflict',
      `There already is a corpus at ${paths.dir}. Open it, or choose another name.`,
      {
        details: { dir: paths.dir },
      },
    )
  const isNewFolder = !existsSync(paths.dir)
  let made: string[] = []
  let lock: Lock | undefined
  let db: WriteDb | undefined
  try {
    made = makeCorpusFolders(paths)
    lock = acquireLock(paths.lock, deps.now)
    db = openDatabase(paths.database, { create: true })
    migrate(db)
    setFact(db, 'name', name)
    return asOpen(db, paths, lock, deps)
  } catch (error) {
    db?.close()
    // Without the lock, what is there may be the work of another program at this moment.
    if (lock) for (const suffix of ['', '-wal', '-shm']) rmSync(`${paths.database}${suffix}`, { force: true })
    if (lock && isNewFolder) rmSync(paths.dir, { recursive: true, force: true })
    lock?.release()
    removeEmpty(made)
    throw asStorageError(error, paths.dir)
  }
}

/**
 * Opens the corpus that `dir` is or holds, and brings it to this program's format.
 *
 * @throws AppError 'locked' while another process has it; 'corrupt-file' naming the newest sound backup
 */
export async function openCorpus(dir: string, deps: CorpusDeps): Promise<OpenCorpus> {
  const paths = corpusPaths(findCorpusDir(dir))
  const lock = takeLock(paths, deps)
  let db: WriteDb | undefined
  try {
    rmSync(`${paths.database}.restoring`, { force: true })
    db = openDatabase(paths.database, { create: false })
    checkIntegrity(db, paths, lock, deps)
    const version = schemaVersion(db)
    if (version > 0 && version < LATEST) await takeBackup(db, paths.backups, 'before-migration', deps.now())
    migrate(db)
    return asOpen(db, paths, lock, deps)
  } catch (error) {
    db?.close()
    const told = withBackup(asStorageError(error, paths.database), paths)
    lock.release()
    throw told
  }
}

function takeLock(paths: CorpusPaths, deps: CorpusDeps): Lock {
  try {
    makeCorpusFolders(paths)
    return acquireLock(paths.lock, deps.now)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-input') throw error
    throw new AppError(
      'invalid-input',
      `The corpus at ${paths.dir} cannot be opened, as nothing can be written there. Copy its folder to a disk that can be written, or change its permissions.`,
      { cause: error, details: { dir: paths.dir } },
    )
  }
}

function asOpen(
  db: WriteDb,
  paths: CorpusPaths,
  lock: Lock,
  { log, now, author, changes }: CorpusDeps,
): OpenCorpus {
  const context: CorpusContext = { dir: paths.dir, db, changes, log, now, author }
  const schedule = startBackups(context, paths.backups)
  const name = () => findFact(db, 'name') ?? basename(paths.dir, CORPUS_SUFFIX)
  let isOpen = true

  async function close(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await schedule.stop()
    try {
      optimize(db, log)
      db.close()
    } finally {
      lock.release()
    }
  }

  const summary = createSummary(context, name)
  return {
    context,
    paths,
    name,
    summary,
    backups: () => listBackups(paths.backups),
    backup: schedule.take,
    close,
  }
}

/** Good to have; on a full disk the corpus is closed without it. */
function optimize(db: WriteDb, log: Log): void {
  try {
    db.pragma('optimize')
  } catch (error) {
    log.warn({ err: error }, 'statistics of the database were not renewed')
  }
}

function checkIntegrity(db: WriteDb, paths: CorpusPaths, lock: Lock, { now }: CorpusDeps): void {
  const bytes = statSync(paths.database).size
  const checkedAt = schemaVersion(db) > 0 ? Number(findFact(db, 'checked-at') ?? 0) : 0
  if (!lock.wasAbandoned && bytes > CHECKED_ALWAYS_BYTES && now() - checkedAt < CHECK_AGAIN_MS) return
  // An emptied file opens like a new one; only a corpus that never was in use has no copies.
  const isEmptied = schemaVersion(db) === 0 && listBackups(paths.backups).length > 0
  if (isEmptied || !isSound(db)) throw new AppError('corrupt-file', `${paths.database} is damaged.`)
  if (bytes > CHECKED_ALWAYS_BYTES) setFact(db, 'checked-at', String(now()))
}

/** Damage is told together with the way out of it. */
function withBackup(error: unknown, paths: CorpusPaths): unknown {
  const isDamage = error instanceof AppError && (error.code === 'corrupt-file' || !isCorpusFolder(paths.dir))
  if (!isDamage) return error
  const backup = newestGoodBackup(paths.backups)
  const remedy = backup
    ? `Its newest sound backup is of ${new Date(backup.takenAt).toLocaleString('sv-SE')}: restore ${backup.file}. The damaged file will be kept beside it.`
    : 'It has no sound backup. Keep a copy of the folder and ask for help before you change anything in it.'
  return new AppError('corrupt-file', `The corpus at ${paths.dir} is damaged. ${remedy}`, {
    cause: error,
    details: { dir: paths.dir, backup: backup?.file ?? null, takenAt: backup?.takenAt ?? null },
  })
}
