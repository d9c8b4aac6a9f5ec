import { AppError } from '#shared/contract/errors.ts'
import { frameCount } from '#shared/domain/frame-index.ts'
import { decodeArguments, isWorthSeeking, pixelFilters } from './decode-command.ts'
import { pictures } from './pictures.ts'
import { undecodable, watchShownFrames } from './shown-frames.ts'
import { decodedSize, type FrameSource } from './source.ts'
import { runFfmpeg } from './tool.ts'

export interface PictureOptions {
  /** Default: as decoded. */
  size?: { width: number; height: number }
  /** ffmpeg's options for the still, for instance `-c:v png`. */
  codec: string[]
  pixelFormat: string
  signal?: AbortSignal
}

/** One frame, by its number, as an encoded picture: its stamp is checked, so that it is this frame and no other. */
export async function encodePicture(
  source: FrameSource,
  frame: number,
  options: PictureOptions,
): Promise<Buffer> {
  const total = frameCount(source.index)
  if (!Number.isInteger(frame) || frame < 0 || frame >= total)
    throw new AppError(
      'invalid-input',
      `There is no frame ${frame}: ${source.path} has frames 0 to ${total - 1}.`,
      {
        details: { file: source.path, frames: total },
      },
    )
  const isSeeking = isWorthSeeking(source, frame)
  const picture = await encode(source, frame, isSeeking, options)
  if (picture) return picture
  const again = isSeeking ? await encode(source, frame, false, options) : null
  if (again) return again
  throw undecodable(source, frame)
}

/** Null where another frame, or none, came out. */
async function encode(
  source: FrameSource,
  frame: number,
  isSeeking: boolean,
  options: PictureOptions,
): Promise<Buffer | null> {
  const span = { first: frame, last: frame }
  const size = options.size ?? decodedSize(source.video)
  const shown = watchShownFrames({ source, span, size, isStrict: false })
  const chunks: Buffer[] = []
  const output = ['-frames:v', '1', ...options.codec, '-f', 'image2pipe']
  const filters = pixelFilters(source, options)
  await runFfmpeg(tools => decodeArguments(source, { span, isSeeking, filters, output }, tools), {
    signal: options.signal,
    onMessage: shown.read,
    onOutput: chunk => chunks.push(chunk),
    input: source.kind === 'frames' ? pictures(source, span) : undefined,
  })
  const isThisFrame = shown.failure() === null && shown.count() >= 1 && chunks.length > 0
  return isThisFrame ? Buffer.concat(chunks) : null
}
