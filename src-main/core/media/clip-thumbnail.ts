import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodePicture } from '../../engine/frames/picture.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import type { ClipFrames, MediaRecord } from './media.queries.ts'
import { fileNameOf, openStored, probeOf } from './stored-media.ts'

const WIDTH = 320
/** Past the hands coming up, before they go down. */
const AT_SHARE = 0.4

function frameOf({ firstFrame, lastFrame }: ClipFrames): number {
  return firstFrame + Math.floor(Math.max(0, lastFrame - firstFrame) * AT_SHARE)
}

/** Content and frame name the picture, so that it outlives moves, splits and restored backups. */
export function thumbnailPath(dir: string, media: MediaRecord, clip: ClipFrames): string {
  return join(dir, 'thumbnails', `${fileNameOf(media.contentHash)}-${frameOf(clip)}.jpg`)
}

export async function makeClipThumbnail(dir: string, media: MediaRecord, clip: ClipFrames): Promise<void> {
  const { displayWidth, displayHeight } = probeOf(media)
  const width = even(Math.min(WIDTH, displayWidth))
  const size = { width, height: even((width * displayHeight) / displayWidth) }
  const codec = ['-c:v', 'mjpeg', '-q:v', '4']
  const jpeg = await encodePicture(await openStored(media), frameOf(clip), {
    size,
    codec,
    pixelFormat: 'yuvj420p',
  })
  await writeAtomically(thumbnailPath(dir, media, clip), temporary => writeFile(temporary, jpeg))
}

function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2))
}
