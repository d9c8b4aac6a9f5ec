import { stat } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { MediaId } from '#shared/contract/ids.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import { contentHash } from './content-hash.ts'
import { findMedia, type MediaRecord, setMediaPlace } from './media.queries.ts'

/** `absent`: there never was a file, only what predictions or features tell of it. */
export type Presence = 'there' | 'missing' | 'changed' | 'absent'

/**
 * Whether the file is the one that was imported: by size and time, else by content.
 * A file that was only touched or copied back is remembered with its new time.
 */
export async function presenceOf(db: WriteDb, media: MediaRecord): Promise<Presence> {
  if (media.isAbsent === 1) return 'absent'
  const found = await stat(media.path).catch(() => null)
  if (!found) return 'missing'
  const mtimeMs = Math.round(found.mtimeMs)
  const isSameSize = found.isDirectory() || found.size === media.bytes
  if (mtimeMs === media.mtimeMs && isSameSize) return 'there'
  if (!isSameSize || (await contentHash(media.path)) !== media.contentHash) return 'changed'
  setMediaPlace(db, { id: media.id, path: media.path, bytes: media.bytes, mtimeMs })
  return 'there'
}

export const ABSENT_MESSAGE =
  'This clip has no video: it came with predictions or features alone. Its texts can be read, rated and scored.'

export function changedMessage(path: string): string {
  return `${path} has changed since it was imported. Import its folder again to take the new file, or put the old one back.`
}

export function missingMessage(path: string): string {
  return `${path} is not there. Connect its drive, or say where the file is now.`
}

export function mediaRecord(db: ReadDb, id: MediaId): MediaRecord {
  const media = findMedia(db, id)
  if (!media) throw new AppError('not-found', `There is no video ${id}. It may have been removed.`)
  return media
}

/** @throws AppError 'media-missing' or 'conflict' where the frames that were imported cannot be read */
export async function verifiedMedia(db: WriteDb, id: MediaId): Promise<MediaRecord> {
  const media = mediaRecord(db, id)
  const presence = await presenceOf(db, media)
  const details = { file: media.path }
  if (presence === 'absent') throw new AppError('media-missing', ABSENT_MESSAGE, { details })
  if (presence === 'missing') throw new AppError('media-missing', missingMessage(media.path), { details })
  if (presence === 'changed') throw new AppError('conflict', changedMessage(media.path), { details })
  return media
}
