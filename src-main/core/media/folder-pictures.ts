import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { MediaId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { listFrames } from '../../engine/frames/source.ts'
import { findMedia, type MediaRecord } from './media.queries.ts'
import { changedMessage, missingMessage } from './presence.ts'
import { serveFile } from './serve.ts'

/** Names are kept for so many folders: a recording has no more views. */
const MOST_FOLDERS = 8

interface Listing {
  path: string
  mtimeMs: number
  files: Promise<string[]>
}

/** The pictures of frame folders, one by one, by the number of the frame. */
export function createFolderPictures(db: ReadDb) {
  const listings = new Map<number, Listing>()

  async function filesOf(media: MediaRecord): Promise<string[]> {
    const found = await stat(media.path).catch((cause: unknown) => {
      throw new AppError('media-missing', missingMessage(media.path), {
        details: { file: media.path },
        cause,
      })
    })
    const known = listings.get(media.id)
    if (known && known.path === media.path && known.mtimeMs === found.mtimeMs) return known.files
    const files = listFrames(media.path)
    listings.set(media.id, { path: media.path, mtimeMs: found.mtimeMs, files })
    const [oldest] = listings.keys()
    if (listings.size > MOST_FOLDERS && oldest !== undefined) listings.delete(oldest)
    return files
  }

  /** @throws AppError 'conflict' where the folder has another number of pictures than when it was imported */
  async function picture(request: Request, id: number): Promise<Response> {
    const media = findMedia(db, MediaId.parse(id))
    if (media?.role !== 'frames') throw new AppError('not-found', `There is no folder of frames ${id}.`)
    const files = await filesOf(media)
    if (files.length !== media.frames)
      throw new AppError('conflict', changedMessage(media.path), { details: { file: media.path } })
    const frame = Number(new URL(request.url).searchParams.get('n') ?? Number.NaN)
    const file = files[frame]
    if (file === undefined)
      throw new AppError('not-found', `${media.path} has frames 0 to ${files.length - 1}.`)
    return serveFile(request, join(media.path, file))
  }

  return { picture }
}
