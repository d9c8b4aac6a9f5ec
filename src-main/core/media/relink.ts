import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { MediaId } from '#shared/contract/ids.ts'
import type { WriteDb } from '../../db/types.ts'
import { contentHash } from './content-hash.ts'
import {
  findMedia,
  findMediaIdByPath,
  listMediaPlaces,
  type MediaRecord,
  setMediaPlace,
} from './media.queries.ts'
import { inParallel } from './parallel.ts'

const CHECKS_AT_ONCE = 16

/** Media whose files are gone. */
export async function listMissing(db: WriteDb): Promise<MediaRecord[]> {
  const missing: MediaRecord[] = []
  const check = async (place: { id: MediaId; path: string }) => ({
    id: place.id,
    isThere: await isThere(place.path),
  })
  for await (const { id, isThere } of inParallel(listMediaPlaces(db), CHECKS_AT_ONCE, check)) {
    const media = isThere ? undefined : findMedia(db, id)
    if (media) missing.push(media)
  }
  return missing
}

/**
 * Says where a file is now. Only the same content is taken: clips, features and annotations count its frames.
 *
 * @throws AppError 'conflict' for another file, with what is different
 */
export async function relinkOne(db: WriteDb, media: MediaRecord, chosen: string): Promise<string> {
  const path = await fileIn(resolve(chosen), media)
  const found = await stat(path).catch((error: unknown) => {
    throw new AppError('not-found', `There is no ${path}.`, { cause: error, details: { file: path } })
  })
  if (found.isDirectory() !== (media.role === 'frames'))
    throw new AppError(
      'invalid-input',
      `${path} is ${found.isDirectory() ? 'a folder, not a video' : 'a file, not a folder of pictures'}.`,
    )
  const owner = findMediaIdByPath(db, path)
  if (owner !== undefined && owner !== media.id)
    throw new AppError('conflict', `${path} already belongs to another recording of this corpus.`, {
      details: { file: path },
    })
  if ((await contentHash(path)) !== media.contentHash) throw otherFile(path, media, found.size)
  setMediaPlace(db, { id: media.id, path, bytes: media.bytes, mtimeMs: Math.round(found.mtimeMs) })
  return path
}

/** The user may point at the folder into which the file was moved. */
async function fileIn(chosen: string, media: MediaRecord): Promise<string> {
  if (media.role === 'frames') return chosen
  const found = await stat(chosen).catch(() => null)
  return found?.isDirectory() ? join(chosen, basename(media.path)) : chosen
}

function otherFile(path: string, media: MediaRecord, bytes: number): AppError {
  const size =
    media.role !== 'frames' && bytes !== media.bytes ? ` (${bytes} bytes instead of ${media.bytes})` : ''
  return new AppError(
    'conflict',
    `${path} is not the file that was imported as ${basename(media.path)}: its content is another${size}. Choose the same file, or import this one as a recording of its own.`,
    { details: { file: path, imported: media.path } },
  )
}

/** Other missing media that lie where the found one says: in the same folder, or in the same place of a moved tree. */
export async function relinkSiblings(db: WriteDb, oldPath: string, newPath: string): Promise<number> {
  let relinked = 0
  for (const media of await listMissing(db))
    for (const path of siblingPaths(media.path, oldPath, newPath)) {
      if (!(await isThere(path))) continue
      const isTaken = await relinkOne(db, media, path).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AppError) return false
          throw error
        },
      )
      if (!isTaken) continue
      relinked++
      break
    }
  return relinked
}

/** `/old/train/a.mp4 → /new/train/a.mp4` moves `/old/dev/b.mp4` to `/new/dev/b.mp4`. */
function siblingPaths(path: string, oldPath: string, newPath: string): string[] {
  const from = oldPath.split(sep)
  const to = newPath.split(sep)
  let shared = 0
  while (shared < Math.min(from.length, to.length) - 1 && from.at(-1 - shared) === to.at(-1 - shared))
    shared++
  const oldRoot = from.slice(0, from.length - shared).join(sep)
  const newRoot = to.slice(0, to.length - shared).join(sep)
  const moved = path.startsWith(oldRoot + sep) ? [newRoot + path.slice(oldRoot.length)] : []
  return [...moved, join(dirname(newPath), basename(path))]
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
