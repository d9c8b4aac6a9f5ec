import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { TimeCell } from '#shared/contract/time-cell.ts'
import { type FrameIndex, type FrameSpan, onTimeLine, timeOf } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import { unpackFrameIndex } from './frame-index-blob.ts'
import { findClipFrames } from './media.queries.ts'
import { mediaRecord } from './presence.ts'

/** The frames of the file that a clip lies in, at their times on the recording's time line. */
export function clipFrameIndex(db: ReadDb, clipId: ClipId): FrameIndex {
  const clip = findClipFrames(db, clipId)
  if (!clip) throw new AppError('not-found', `There is no clip ${clipId}. It may have been removed.`)
  const { frameIndex, offsetMs } = mediaRecord(db, clip.mediaId)
  return onTimeLine(unpackFrameIndex(frameIndex), offsetMs)
}

/** Frames of a clip, counted from its first one, as a cell of its recording's time line. */
export function clipCell(
  index: FrameIndex,
  clip: { firstFrame: number },
  { first, last }: FrameSpan,
): TimeCell {
  const [firstFrame, lastFrame] = [clip.firstFrame + first, clip.firstFrame + last]
  return {
    startMs: Math.round(timeOf(index, firstFrame)),
    endMs: Math.round(timeOf(index, lastFrame + 1)),
    firstFrame,
    lastFrame,
  }
}
