import { closeSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { asStorageError } from '../../db/failures.ts'
import { isAlive, startOfProcess } from './process-start.ts'

const Holder = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Tells the holder from a later process that got the same pid; null where the system does not say. */
  processStart: z.string().nullable(),
  since: z.int(),
})
type Holder = z.infer<typeof Holder>

export interface Lock {
  /** The holder before this one died without letting go. */
  wasAbandoned: boolean
  release: () => void
}

/** A lock file is written in one go; one that still makes no sense after this was left by a crash midway. */
const HALF_WRITTEN_MS = 2000

/**
 * Makes this process the only one that has the corpus (or `what` the file locks) open.
 *
 * @throws AppError 'locked' naming the process that has it
 */
export function acquireLock(file: string, now: () => number, what = 'This corpus is'): Lock {
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    processStart: startOfProcess(process.pid),
    since: now(),
  }
  const text = JSON.stringify(me)
  let wasAbandoned = false
  for (let attempt = 0; attempt < 20; attempt++) {
    if (create(file, text)) return { wasAbandoned, release: () => release(file, text) }
    const found = read(file)
    if (found === null) continue
    if (!isAbandoned(file, found)) throw lockedBy(file, found, what)
    wasAbandoned = true
    takeAway(file, found)
  }
  throw lockedBy(file, read(file) ?? '', what)
}

function create(file: string, text: string): boolean {
  let handle: number
  try {
    handle = openSync(file, 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw asStorageError(error, file)
  }
  try {
    writeSync(handle, text)
    return true
  } catch (error) {
    unlinkSync(file)
    throw asStorageError(error, file)
  } finally {
    closeSync(handle)
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw asStorageError(error, file)
  }
}

function parse(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function isAbandoned(file: string, text: string): boolean {
  const holder = parse(text)
  if (!holder) return ageOf(file) > HALF_WRITTEN_MS
  if (holder.host !== hostname()) return false
  if (!isAlive(holder.pid)) return true
  return holder.processStart !== null && startOfProcess(holder.pid) !== holder.processStart
}

function ageOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats ? Date.now() - stats.mtimeMs : 0
}

/** By renaming, so that of two processes only one takes it; what turns out to be a fresh lock goes back. */
function takeAway(file: string, abandoned: string): void {
  // Another process may have been quicker.
  if (read(file) !== abandoned) return
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw asStorageError(error, file)
  }
  if (read(aside) !== abandoned) create(file, read(aside) ?? '')
  unlinkSync(aside)
}

function release(file: string, text: string): void {
  if (read(file) === text) unlinkSync(file)
}

function lockedBy(file: string, text: string, what: string): AppError {
  const holder = parse(text)
  if (!holder)
    return new AppError(
      'locked',
      `${what} being opened by another program at this moment. Try again in a few seconds.`,
      { details: { file } },
    )
  const { pid, host, since } = holder
  const when = new Date(since).toLocaleString('sv-SE')
  const isHere = host === hostname()
  const remedy = isHere
    ? 'Close it there first.'
    : `Close it there first. If that computer is off or has crashed, delete the file ${file}.`
  const who =
    isHere && pid === process.pid ? 'this program' : `process ${pid} on ${isHere ? 'this computer' : host}`
  return new AppError('locked', `${what} already open in ${who} since ${when}. ${remedy}`, {
    details: { file, pid, host, since },
  })
}
