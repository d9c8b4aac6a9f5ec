import { join } from 'node:path'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { sha256OfFile } from '../../../formats/sha256.ts'
import type { CorpusContext } from '../../context.ts'
import { findMedia } from '../../media/media.queries.ts'
import { inParallel } from '../../media/parallel.ts'
import { insertMedia, insertRecording } from '../import.queries.ts'
import { type ReadMedia, readMedia } from '../read-media.ts'
import type { Release, ReleasedVideo } from './read-release.ts'
import { findUncutClip, moveClipToFile } from './release.queries.ts'

/** Files are probed beside each other: ffprobe waits for the disk most of the time. */
const AT_ONCE = 4

interface LinkTask {
  signal: AbortSignal
  onLinked: () => void
}

/**
 * Gives every clip whose video is in the release that file, in a recording of its own. Clips that have theirs already
 * are passed over, so that an import that was stopped goes on.
 *
 * @returns why a clip stays without its file
 */
export async function linkVideos(
  { db }: CorpusContext,
  { dir, videos }: Release,
  { signal, onLinked }: LinkTask,
): Promise<ImportIssue[]> {
  const issues: ImportIssue[] = []
  const read = async ([name, video]: readonly [string, ReleasedVideo]) => ({
    name,
    path: video.path,
    media: findUncutClip(db, name) && (await readVideo(db, { dir, video }, signal)),
  })
  for await (const { name, path, media } of inParallel([...videos], AT_ONCE, read)) {
    signal.throwIfAborted()
    const problem = media ? link(db, name, media) : null
    if (problem !== null)
      issues.push({
        severity: 'warning',
        file: path,
        line: null,
        message: `${name} stays without video: ${problem}`,
      })
    onLinked()
  }
  return issues
}

async function readVideo(
  db: CorpusContext['db'],
  { dir, video: { path, sha256 } }: { dir: string; video: ReleasedVideo },
  signal: AbortSignal,
): Promise<ReadMedia> {
  const file = join(dir, path)
  const found = await sha256OfFile(file, { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error
    return null
  })
  if (found?.sha256 !== sha256)
    return { state: 'broken', problem: `${path} is not the file that the release was made with.` }
  return readMedia(db, { kind: 'video', path: file }, signal)
}

/** A sentence where the file is not the clip's. */
function link(db: CorpusContext['db'], name: string, media: ReadMedia): string | null {
  if (media.state === 'broken') return media.problem
  const clip = findUncutClip(db, name)!
  const frames = media.state === 'known' ? media.media.frames : media.columns.frames
  if (frames !== clip.frames)
    return `its file has ${frames} frames, and the release says that there are ${clip.frames}.`
  db.transaction(() => {
    if (media.state === 'known') {
      const { id: mediaId, recordingId } = media.media
      return moveClipToFile(db, { id: clip.id, recordingId, mediaId })
    }
    const recordingId = insertRecording(db, name)
    const licence = findMedia(db, clip.mediaId)!.licence
    const mediaId = insertMedia(db, { ...media.columns, recordingId, licence })
    moveClipToFile(db, { id: clip.id, recordingId, mediaId })
  })()
  return null
}
