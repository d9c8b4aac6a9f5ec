import { join } from 'node:path'
import type { FrameSpan } from '#shared/domain/frame-index.ts'
import { undecodable } from './shown-frames.ts'
import type { FolderSource } from './source.ts'
import { runFfmpeg } from './tool.ts'

/** Decoder threads work on this many pictures at once, so a message may be about a neighbour. */
const NEIGHBOURS = 32

/** Which picture of a folder it is that does not decode, near the one being shown when ffmpeg complained. */
export async function blamePicture(
  source: FolderSource,
  shown: number,
  span: FrameSpan,
  signal?: AbortSignal,
): Promise<Error> {
  for (
    let frame = Math.max(span.first, shown - 1);
    frame <= Math.min(span.last, shown + NEIGHBOURS);
    frame++
  ) {
    const file = `file:${join(source.path, source.files[frame] ?? '')}`
    const { exitCode, messages } = await runFfmpeg(() => ['-v', 'error', '-i', file, '-f', 'null', '-'], {
      signal,
    })
    if (exitCode !== 0 || messages.length > 0) return undecodable(source, frame)
  }
  return undecodable(source, shown)
}
