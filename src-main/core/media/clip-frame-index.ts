import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import { unpackFrameIndex } from './frame-index-blob.ts'
import { findClipFrames } from './media.queries.ts'
import { mediaRecord } from './presence.ts'

/** The frames of the file that a clip lies in. */
export function clipFrameIndex(db: ReadDb, clipId: ClipId): FrameIndex {
  const clip = findClipFrames(db, clipId)
  if (!clip) throw new AppError('not-found', `There is no clip ${clipId}. It may have been removed.`)
  return unpackFrameIndex(mediaRecord(db, clip.mediaId).frameIndex)
}
