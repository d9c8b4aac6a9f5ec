import type { ClipId, MediaId } from '#shared/contract/ids.ts'
import type { FrameTimes, MediaFacts } from '#shared/contract/media.ts'
import { frameTimesUs } from '#shared/domain/frame-index.ts'
import { announce, type CorpusContext } from '../context.ts'
import { clipSource, type ClipSource } from './clip-source.ts'
import { createDerivedMedia } from './derived-media.ts'
import { unpackFrameIndex } from './frame-index-blob.ts'
import { createMediaFiles } from './media-files.ts'
import { findClipFrames } from './media.queries.ts'
import { mediaRecord, presenceOf, verifiedMedia } from './presence.ts'
import { listMissing, relinkOne, relinkSiblings } from './relink.ts'
import { mediaFacts } from './stored-media.ts'

export interface RelinkInput {
  mediaId: MediaId
  /** Where the file is now, or the folder into which it was moved. */
  path: string
  alsoSiblings: boolean
}

/** The video files and frame folders of a corpus: facts, playing, curves, and finding them again after a move. */
export function createMediaService(context: CorpusContext) {
  const { db, dir } = context
  const files = createMediaFiles(context)
  const derived = createDerivedMedia(context)

  async function get(id: MediaId): Promise<MediaFacts> {
    const media = mediaRecord(db, id)
    return mediaFacts(dir, media, await presenceOf(db, media))
  }

  async function missing(): Promise<MediaFacts[]> {
    return (await listMissing(db)).map(media => mediaFacts(dir, media, 'missing'))
  }

  function frameTimes(id: MediaId): FrameTimes {
    // A proxy has every frame at the media time of the original: nothing is added for either.
    const index = unpackFrameIndex(mediaRecord(db, id).frameIndex)
    return { frameTimesUs: frameTimesUs(index), playerOffsetUs: 0 }
  }

  async function relink(input: RelinkInput): Promise<{ relinked: number; stillMissing: number }> {
    const media = mediaRecord(db, input.mediaId)
    const path = await relinkOne(db, media, input.path)
    const siblings = input.alsoSiblings ? await relinkSiblings(db, media.path, path) : 0
    files.forgetFailures()
    announce(context, 'media')
    announce(context, 'clips')
    return { relinked: 1 + siblings, stillMissing: (await listMissing(db)).length }
  }

  /** Before frames are read for good: a file of the same size with another time is checked by content. */
  async function verifyClip(clipId: ClipId): Promise<void> {
    const clip = findClipFrames(db, clipId)
    if (clip) await verifiedMedia(db, clip.mediaId)
  }

  return {
    get,
    missing,
    frameTimes,
    curves: derived.curves,
    /** Makes the copy that a video element plays, where one is needed. */
    ensurePlayable: derived.ensurePlayable,
    isPlayable: derived.isPlayable,
    relink,
    fetch: files.fetch,
    sourceOf: (clipId: ClipId): ClipSource => clipSource(db, clipId),
    verifyClip,
    /** Before the database is closed. */
    close: derived.close,
  }
}

export type MediaService = ReturnType<typeof createMediaService>
