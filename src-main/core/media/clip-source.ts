import { statSync } from 'node:fs'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { EngineSource } from '../../engine/process/messages.ts'
import { findClipFrames, findMedia } from './media.queries.ts'
import { ABSENT_MESSAGE, changedMessage, missingMessage } from './presence.ts'

/** Where the frames of a clip are, and what names their pixels. */
export interface ClipSource {
  frames: EngineSource
  contentHash: string
  firstFrame: number
  lastFrame: number
}

/** @throws AppError 'media-missing' where the file is gone, 'conflict' where another one lies in its place */
export function clipSource(db: ReadDb, clipId: ClipId): ClipSource {
  const clip = findClipFrames(db, clipId)
  const media = clip && findMedia(db, clip.mediaId)
  if (!clip || !media)
    throw new AppError('not-found', `There is no clip ${clipId}. It may have been removed.`)
  if (media.isAbsent === 1)
    throw new AppError('media-missing', ABSENT_MESSAGE, { details: { clip: clip.name } })
  const found = statSync(media.path, { throwIfNoEntry: false })
  const details = { file: media.path, clip: clip.name }
  if (!found) throw new AppError('media-missing', missingMessage(media.path), { details })
  if (!found.isDirectory() && found.size !== media.bytes)
    throw new AppError('conflict', changedMessage(media.path), { details })
  const { firstFrame, lastFrame } = clip
  return {
    frames:
      media.role === 'frames'
        ? { kind: 'frames', dir: media.path, firstFrame, lastFrame }
        : { kind: 'video', path: media.path, firstFrame, lastFrame },
    contentHash: media.contentHash,
    firstFrame,
    lastFrame,
  }
}
