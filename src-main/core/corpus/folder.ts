import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { asStorageError } from '../../db/failures.ts'
import { listBackups } from './backup-list.ts'

export const CORPUS_SUFFIX = '.signwright'

/** What a corpus folder holds. */
export interface CorpusPaths {
  dir: string
  database: string
  lock: string
  features: string
  proxies: string
  thumbnails: string
  backups: string
}

export function corpusPaths(dir: string): CorpusPaths {
  return {
    dir,
    database: join(dir, 'corpus.sqlite'),
    lock: join(dir, 'corpus.lock'),
    features: join(dir, 'features'),
    proxies: join(dir, 'proxies'),
    thumbnails: join(dir, 'thumbnails'),
    backups: join(dir, 'backups'),
  }
}

export function isCorpusFolder(dir: string): boolean {
  return existsSync(corpusPaths(dir).database)
}

/** Where a new corpus of this name goes: `dir` itself where it is named like a corpus, else a folder inside it. */
export function newCorpusDir(dir: string, name: string): string {
  const place = resolve(dir)
  if (place.endsWith(CORPUS_SUFFIX)) return place
  // What Windows does not allow in file names, so that a corpus can move there.
  const safe = name
    .normalize('NFC')
    .replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, '-')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  return join(place, `${safe || 'Corpus'}${CORPUS_SUFFIX}`)
}

/** Returns the folders that were not there before; of a failure none of them is left. */
export function makeCorpusFolders(paths: CorpusPaths): string[] {
  const made: string[] = []
  try {
    for (const dir of [paths.dir, paths.features, paths.proxies, paths.thumbnails, paths.backups])
      made.push(...makeFolder(dir))
    return made
  } catch (error) {
    removeEmpty(made)
    throw asStorageError(error, paths.dir)
  }
}

/**
 * Unlike mkdir with `recursive`, which reports a read-only disk as a missing folder.
 *
 * @returns the folders that were not there before, the outermost first
 */
export function makeFolder(dir: string): string[] {
  if (existsSync(dir)) return []
  const above = dirname(dir) === dir ? [] : makeFolder(dirname(dir))
  try {
    mkdirSync(dir)
  } catch (error) {
    removeEmpty(above)
    throw error
  }
  return [...above, dir]
}

/** Takes folders away again; one that somebody has put something into stays. */
export function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders.toReversed())
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
}

/**
 * The corpus that a user means by a folder: itself, the one of that name, or the only one in it.
 *
 * @throws AppError 'not-found' saying what is there instead
 */
export function findCorpusDir(dir: string): string {
  const place = resolve(dir)
  const candidates = [place, `${place}${CORPUS_SUFFIX}`, ...corporaIn(place)].filter(isCorpusFolder)
  const [found, second] = candidates
  if (found === undefined) return noCorpus(place)
  if (found === place || second === undefined) return found
  const names = candidates.map(candidate => basename(candidate)).join(', ')
  throw new AppError('not-found', `${place} holds several corpora: ${names}. Choose one of them.`, {
    details: { dir: place },
  })
}

function corporaIn(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter(name => name.endsWith(CORPUS_SUFFIX))
      .sort()
      .map(name => join(dir, name))
  } catch {
    return []
  }
}

function noCorpus(dir: string): string {
  // Its database is gone, its copies are not: opening it will name them.
  if (listBackups(corpusPaths(dir).backups).length > 0) return dir
  const options = { details: { dir } }
  if (!existsSync(dir))
    throw new AppError(
      'not-found',
      `There is no folder ${dir}. Check the path, and that its drive is connected.`,
      options,
    )
  if (!statSync(dir).isDirectory())
    throw new AppError(
      'not-found',
      `${dir} is a file. A corpus is a folder that ends in ${CORPUS_SUFFIX}.`,
      options,
    )
  throw new AppError(
    'not-found',
    `${dir} is no corpus: it holds no corpus.sqlite. Choose a folder that ends in ${CORPUS_SUFFIX}, or create a corpus.`,
    options,
  )
}

/** Makes renames in a folder survive a power cut, where the system can. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(dir, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
