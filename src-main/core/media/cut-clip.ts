import type { FrameSpan } from '#shared/domain/frame-index.ts'
import { decodeArguments, isWorthSeeking } from '#main/engine/frames/decode-command.ts'
import { pictures } from '#main/engine/frames/pictures.ts'
import { undecodable, watchShownFrames } from '#main/engine/frames/shown-frames.ts'
import { decodedSize, type FrameSource } from '#main/engine/frames/source.ts'
import { outputError, runFfmpeg } from '#main/engine/frames/tool.ts'

/** Visually the original: handshapes have to stay readable. */
const QUALITY = 18

/**
 * Writes exactly these frames as an MP4 of their own (H.264, no sound: voices identify people too), starting at 0 s and
 * without the metadata of the source. The same frames give the same bytes with the same ffmpeg.
 */
export async function cutClip(
  source: FrameSource,
  span: FrameSpan,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const isSeeking = isWorthSeeking(source, span.first)
  if (await cut(source, { span, isSeeking, path }, signal)) return
  if (isSeeking && (await cut(source, { span, isSeeking: false, path }, signal))) return
  throw undecodable(source, span.first)
}

interface Cut {
  span: FrameSpan
  isSeeking: boolean
  path: string
}

/** False where other frames came out than the index says. */
async function cut(
  source: FrameSource,
  { span, isSeeking, path }: Cut,
  signal?: AbortSignal,
): Promise<boolean> {
  const { width, height } = decodedSize(source.video)
  const { num, den } = source.index.timeBase
  // Whole pairs of pixels for 4:2:0; a scale by one pixel is less visible than a black line.
  const size = { width: even(width), height: even(height) }
  const isOdd = size.width !== width || size.height !== height
  const filters = [...(isOdd ? [`scale=${size.width}:${size.height}`] : []), 'format=yuv420p']
  const output = [
    `-c:v libx264 -preset veryfast -crf ${QUALITY} -bf 0 -threads 1 -enc_time_base ${num}/${den}`,
    '-bsf:v setts=pts=PTS-STARTPTS:dts=DTS-STARTDTS -fflags +bitexact -flags:v +bitexact',
    '-map_metadata -1 -map_chapters -1 -movflags +faststart -f mp4',
  ].flatMap(options => options.split(' '))
  const shown = watchShownFrames({ source, span, size, isStrict: false })
  const result = await runFfmpeg(
    tools => ['-y', ...decodeArguments(source, { span, isSeeking, filters, output, target: path }, tools)],
    {
      signal,
      onMessage: shown.read,
      input: source.kind === 'frames' ? pictures(source, span) : undefined,
    },
  )
  signal?.throwIfAborted()
  if (shown.failure() !== null) return false
  if (result.exitCode !== 0) throw outputError(path, result)
  return shown.count() === span.last - span.first + 1
}

function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2))
}
