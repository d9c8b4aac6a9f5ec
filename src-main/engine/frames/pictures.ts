import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { FrameSpan } from '#shared/domain/frame-index.ts'
import { damagedFrame, type FolderSource } from './source.ts'

const SIGNATURES: Record<string, readonly number[]> = { png: [0x89, 0x50, 0x4e, 0x47], mjpeg: [0xff, 0xd8] }

/** The files of a span, one after the other, as ffmpeg's image2pipe wants them. */
export async function* pictures(
  source: FolderSource,
  { first, last }: FrameSpan,
): AsyncGenerator<Uint8Array> {
  const signature = SIGNATURES[source.video.codec] ?? []
  for (const file of source.files.slice(first, last + 1)) {
    const bytes = await readFile(join(source.path, file)).catch((error: unknown) => {
      throw new AppError('media-missing', `Frame ${file} is no longer in ${source.path}.`, { cause: error })
    })
    if (signature.some((byte, at) => bytes[at] !== byte))
      throw damagedFrame(source.path, file, 'is not the picture its name says')
    yield bytes
  }
}
