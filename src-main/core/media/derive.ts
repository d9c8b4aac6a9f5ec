import { writeFile } from 'node:fs/promises'
import { type FrameIndex, frameCount } from '#shared/domain/frame-index.ts'
import { buildIndex } from '#main/engine/frames/build-index.ts'
import { spanFilters } from '#main/engine/frames/decode-command.ts'
import type { FfmpegTools } from '#main/engine/frames/ffmpeg.ts'
import { encodePicture } from '#main/engine/frames/picture.ts'
import { pictures } from '#main/engine/frames/pictures.ts'
import { decodedSize, type FrameSource, openSource } from '#main/engine/frames/source.ts'
import { corrupt, readStreams } from '#main/engine/frames/streams.ts'
import { ffmpegArguments, outputError, runFfmpeg } from '#main/engine/frames/tool.ts'
import { writeAtomically } from '#main/formats/atomic-file.ts'
import type { DeriveOptions } from './curves.ts'
import { factsOf } from './probe.ts'

export interface Proxy {
  /** Frame n of the proxy is frame n of the file, at the same media time. */
  frames: number
  index: FrameIndex
}

const THUMBNAIL_WIDTH = 320
/** Past the hands coming up, before they go down. */
const THUMBNAIL_AT = 0.4
/** Visually the original at all-intra sizes; annotation needs handshapes, not archives. */
const PROXY_QUALITY = 21
const FINE_TICKS_PER_SECOND = 90_000

/** A small JPEG of the frame at 40 % of the file, upright and with square pixels. */
export async function makeThumbnail(
  source: FrameSource,
  path: string,
  options: DeriveOptions = {},
): Promise<void> {
  const { displayWidth, displayHeight } = await factsOf(source)
  const width = even(Math.min(THUMBNAIL_WIDTH, displayWidth))
  const size = { width, height: even((width * displayHeight) / displayWidth) }
  const frame = Math.floor((frameCount(source.index) - 1) * THUMBNAIL_AT)
  const codec = ['-c:v', 'mjpeg', '-q:v', '4']
  const jpeg = await encodePicture(source, frame, {
    size,
    codec,
    pixelFormat: 'yuvj420p',
    signal: options.signal,
  })
  await writeAtomically(path, temporary => writeFile(temporary, jpeg))
}

/** The N-th shown frame, from 0, as a PNG: every pixel as decoded, turned upright, not stretched. */
export async function exactFrame(
  source: FrameSource | string,
  frame: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  const opened = typeof source === 'string' ? await openSource(source, { signal }) : source
  return encodePicture(opened, frame, { codec: ['-c:v', 'png'], pixelFormat: 'rgb24', signal })
}

/**
 * A copy that Chromium plays: H.264, every frame a key frame (each step is one decode), all frames and only those,
 * at the media times of the original's index.
 */
export async function makeProxy(
  source: FrameSource,
  path: string,
  options: DeriveOptions = {},
): Promise<Proxy> {
  const total = frameCount(source.index)
  let index: FrameIndex | null = null
  await writeAtomically(path, async temporary => {
    const all = { first: 0, last: total - 1 }
    const result = await runFfmpeg(
      tools => ['-loglevel', 'error', '-nostats', ...proxyArguments(source, temporary, tools)],
      {
        signal: options.signal,
        onOutput: progressReader(done => options.onProgress?.(Math.min(done, total), total)),
        input: source.kind === 'frames' ? pictures(source, all) : undefined,
      },
    )
    if (result.exitCode !== 0) throw outputError(path, result)
    index = await checkedIndex(source, temporary, options.signal)
  })
  if (!index) throw new Error('A proxy was written without an index')
  return { frames: total, index }
}

function proxyArguments(
  source: FrameSource,
  target: string,
  { passthrough, cropping }: FfmpegTools,
): string[] {
  const { index, video } = source
  const { num, den } = index.timeBase
  const { width, height } = decodedSize(video)
  // Whole pairs of pixels for 4:2:0; a scale by one pixel is less visible than a black line.
  const isOdd = width % 2 === 1 || height % 2 === 1
  const filters = [
    ...spanFilters(source, { first: 0, last: index.pts.length - 1 }),
    `setpts=PTS-(${index.zero})`,
    ...(isOdd ? [`scale=${even(width)}:${even(height)}`] : []),
    'format=yuv420p',
  ]
  const isFolder = source.kind === 'frames'
  return ffmpegArguments(ffmpeg =>
    ffmpeg
      .input(isFolder ? 'pipe:0' : `file:${source.path}`)
      .inputOptions(
        isFolder
          ? ['-f image2pipe', `-framerate ${den}/${num}`, `-c:v ${video.codec}`]
          : ['-copyts', ...cropping],
      )
      .outputOptions(['-map', isFolder ? '0:v:0' : `0:${video.stream}`, '-filter:v', filters.join(',')])
      .outputOptions(['-c:v libx264', '-preset veryfast', `-crf ${PROXY_QUALITY}`, '-g 1', '-bf 0'])
      // Else the encoder rounds stamps to its idea of the frame rate.
      .outputOptions([`-enc_time_base ${num}/${den}`, `-video_track_timescale ${fineTimescale(den)}`])
      .outputOptions([...passthrough, ...audioOptions(source), '-sn', '-dn', '-map_metadata -1'])
      .outputOptions(['-movflags +faststart', '-progress pipe:1', '-f mp4'])
      .output(target),
  )
}

function audioOptions({ index, video }: FrameSource): string[] {
  if (!video.audio) return ['-an']
  const shift = ((index.zero * index.timeBase.num) / index.timeBase.den).toFixed(6)
  const filter = `-filter:a asetpts=PTS-${shift}/TB,aresample=async=1`
  return [`-map 0:${video.audio.stream}`, '-c:a aac', '-b:a 128k', filter]
}

/** A proxy that lost or gained a frame must never be shown. */
async function checkedIndex(source: FrameSource, proxy: string, signal?: AbortSignal): Promise<FrameIndex> {
  const { index } = await buildIndex(proxy, await readStreams(proxy, signal), signal)
  const expected = frameCount(source.index)
  if (frameCount(index) === expected) return index
  throw corrupt(
    source.path,
    `has ${expected} frames of which ${frameCount(index)} could be copied for playing. Re-encode the file.`,
  )
}

/** Reads `frame=123` of ffmpeg's -progress. */
function progressReader(onFrame: (done: number) => void): (chunk: Buffer) => void {
  return chunk => {
    const frame = /frame=(\d+)\s(?![\s\S]*frame=)/.exec(chunk.toString('latin1'))?.[1]
    if (frame !== undefined) onFrame(Number(frame))
  }
}

/** A multiple of the original's, so that stamps stay exact, and fine, as Chromium seeks to whole ticks. */
function fineTimescale(den: number): number {
  return den * Math.ceil(FINE_TICKS_PER_SECOND / den)
}

function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2))
}
