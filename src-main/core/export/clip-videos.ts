import { statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { contentHash } from '../media/content-hash.ts'
import { cutClip } from '../media/cut-clip.ts'
import { findClipFrames, findMedia, isCutFile, type MediaRecord } from '../media/media.queries.ts'
import { changedMessage } from '../media/presence.ts'
import { openStored } from '../media/stored-media.ts'
import type { ReleaseVideos } from './release-videos.ts'

/** The clips whose files are where they were, cut out frame by frame. */
export function clipVideos(db: ReadDb, clipIds: ReadonlyMap<string, ClipId>): ReleaseVideos {
  const there = new Map<number, boolean>()
  const isThere = (media: MediaRecord) => {
    const known = there.get(media.id) ?? isUnchanged(media)
    there.set(media.id, known)
    return known
  }
  const names = [...clipIds].filter(([, id]) => {
    const clip = findClipFrames(db, id)
    const media = clip && findMedia(db, clip.mediaId)
    return media !== undefined && clip !== undefined && clip.lastFrame >= clip.firstFrame && isThere(media)
  })

  async function cut(name: string, place: string, signal?: AbortSignal): Promise<void> {
    const clip = findClipFrames(db, clipIds.get(name)!)
    const media = clip && findMedia(db, clip.mediaId)
    if (!clip || !media)
      throw new AppError('not-found', `There is no clip ${name}. It may have been removed.`)
    const { firstFrame, lastFrame } = clip
    const isWhole = firstFrame === 0 && lastFrame === media.frames - 1
    // Encoded once more, its pictures would be others.
    if (isWhole && isCutFile(db, clipIds.get(name)!)) return copyUnchanged(media, place, signal)
    await cutClip(await openStored(media, signal), { first: firstFrame, last: lastFrame }, place, signal)
  }

  return { clips: new Set(names.map(([name]) => name)), cut }
}

async function copyUnchanged({ path, contentHash: known }: MediaRecord, place: string, signal?: AbortSignal) {
  if ((await contentHash(path, signal)) !== known)
    throw new AppError('conflict', changedMessage(path), { details: { file: path } })
  await copyFile(path, place)
}

/** By size alone: frames are checked against the index while they are cut. */
function isUnchanged({ isAbsent, path, bytes }: MediaRecord): boolean {
  const found = isAbsent === 1 ? undefined : statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.isDirectory() || found.size === bytes)
}
