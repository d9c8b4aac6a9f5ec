import { type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import type { FfmpegTools } from './ffmpeg.ts'
import { JPEG_TO_RGB, REPAIR_FILTER } from './filters.ts'
import type { FrameSource } from './source.ts'
import { ffmpegArguments } from './tool.ts'

export interface DecodeCommand {
  span: FrameSpan
  /** Start reading at a key frame shortly before the span; else at the file's beginning. */
  isSeeking: boolean
  /** Applied to the frames of the span only. */
  filters: string[]
  /** Codec and container of what ffmpeg writes. */
  output: string[]
  /** Default: its standard output. */
  target?: string
}

/**
 * After a seek, periodic intra refresh needs up to a whole cycle (x264: 250 frames) until pictures are exact (2 s gave wrong
 * pixels in 6 of 90 frames). Where a seek lands late all the same, the stamps tell and we read from the start.
 */
const SEEK_MARGIN_S = 12
/** Reading this much is quicker than being clever. */
const WORTH_SEEKING_S = 30

export function isWorthSeeking(source: FrameSource, first: number): boolean {
  return source.kind === 'video' && !source.index.isRepaired && shownAfter(source, first) > WORTH_SEEKING_S
}

function shownAfter({ index }: FrameSource, frame: number): number {
  return (timeOf(index, frame) - timeOf(index, 0)) / 1000
}

/**
 * An ffmpeg command that writes exactly the frames of a span, in order, none made up or left out, turned upright,
 * and tells each one's stamp on its error stream (showinfo), so that the reader can check them against the index.
 */
export function decodeArguments(source: FrameSource, command: DecodeCommand, tools: FfmpegTools): string[] {
  const filters = [...spanFilters(source, command.span), ...command.filters, tools.showinfo]
  return ['-loglevel', 'level+info', '-nostats'].concat(
    ffmpegArguments(ffmpeg =>
      ffmpeg
        .input(source.kind === 'video' ? `file:${source.path}` : 'pipe:0')
        .inputOptions(inputOptions(source, command, tools))
        .outputOptions([
          '-map',
          `0:${source.kind === 'video' ? source.video.stream : 'v:0'}`,
          '-an',
          '-sn',
          '-dn',
        ])
        .outputOptions(['-filter:v', filters.join(','), ...tools.passthrough, ...command.output])
        .output(command.target ?? 'pipe:1'),
    ),
  )
}

function inputOptions(
  source: FrameSource,
  { span, isSeeking }: DecodeCommand,
  { cropping }: FfmpegTools,
): string[] {
  if (source.kind === 'frames') {
    const { num, den } = source.video.timeBase
    return ['-f', 'image2pipe', '-framerate', `${den}/${num}`, '-c:v', source.video.codec]
  }
  if (!isSeeking) return ['-copyts', ...cropping]
  const { pts, timeBase } = source.index
  const seconds = ((pts[span.first] ?? 0) * timeBase.num) / timeBase.den - SEEK_MARGIN_S
  return ['-copyts', ...cropping, '-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds.toFixed(6)]
}

export interface PixelForm {
  pixelFormat: string
  size?: { width: number; height: number } | undefined
}

/** Brings frames to a size (area average) and pixel format. */
export function pixelFilters(source: FrameSource, { size, pixelFormat }: PixelForm): string[] {
  if (size) return [`scale=${size.width}:${size.height}:flags=area`, `format=${pixelFormat}`]
  const isJpeg = source.kind === 'frames' && source.video.codec === 'mjpeg'
  return isJpeg && pixelFormat === 'rgb24' ? JPEG_TO_RGB : [`format=${pixelFormat}`]
}

/** Cuts the span out by its stamps; those of a repaired file are made first. A folder is fed the files of the span only. */
export function spanFilters({ kind, index }: FrameSource, { first, last }: FrameSpan): string[] {
  if (kind === 'frames') return []
  const start = index.pts[first] ?? 0
  const end = index.pts[last + 1] ?? index.end + 1
  return [
    ...(index.isRepaired ? [REPAIR_FILTER] : []),
    `trim=start_pts=${start}:end_pts=${Math.max(end, start + 1)}`,
  ]
}
