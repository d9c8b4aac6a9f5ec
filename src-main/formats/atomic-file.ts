import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'

/**
 * Lets `write` fill a temporary file beside `path`, then moves it there in one step: readers see the old file
 * or the whole new one, and a crash leaves at most a hidden `.part` file. Full disks are told as such.
 */
export async function writeAtomically(
  path: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path)
  // The extension stays last: ffmpeg picks the container by it.
  const suffix = extname(path)
  const name = `.${basename(path, suffix)}.${process.pid}-${randomBytes(4).toString('hex')}.part${suffix}`
  const temporary = join(folder, name)
  try {
    await mkdir(folder, { recursive: true })
    await write(temporary)
    await flush(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw asDiskError(error, path)
  }
}

/** Takes away what an earlier process that was killed left of this file; no other process may be writing it now. */
export async function removeUnfinished(path: string): Promise<void> {
  const suffix = extname(path)
  const folder = dirname(path)
  const start = `.${basename(path, suffix)}.`
  for (const name of await readdir(folder))
    if (name.startsWith(start) && name.endsWith(`.part${suffix}`))
      await rm(join(folder, name), { force: true })
}

/** Turns "no space" and "may not write" of the operating system into errors a user can act on; others stay as they are. */
export function asDiskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new AppError('locked', `${path} may not be written. Check the rights of its folder.`, {
      cause: error,
      details: { file: path },
    })
  if (code === 'ENOENT' && isAbout(error, path))
    return new AppError(
      'not-found',
      `${path} cannot be written: its folder is not there, or nothing may be put into it.`,
      {
        cause: error,
        details: { file: path },
      },
    )
  if (code === 'EISDIR')
    return new AppError('invalid-input', `${path} is a folder. Give the name of a file.`, {
      cause: error,
      details: { file: path },
    })
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new AppError(
      'invalid-input',
      `${path} cannot be made: a part of its path is a file, not a folder.`,
      {
        cause: error,
        details: { file: path },
      },
    )
  return error
}

/** Not about a program that is missing, or a file that was to be read. */
function isAbout(error: unknown, path: string): boolean {
  const { path: place, syscall } = error as NodeJS.ErrnoException
  return (
    place !== undefined &&
    (syscall === 'open' || syscall === 'mkdir') &&
    (place.startsWith(dirname(path)) || path.startsWith(place))
  )
}

export function diskFull(path: string, cause?: unknown): AppError {
  return new AppError(
    'disk-full',
    `The disk is full: ${path} could not be written. Free some space and try again.`,
    {
      details: { file: path },
      cause,
    },
  )
}

/** Without this a power cut after the rename may leave an empty file under the final name. */
async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  await file.sync()
}
