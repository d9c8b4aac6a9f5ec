import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { AppError } from '#shared/contract/errors.ts'
import { frameCount, type FrameSpan } from '#shared/domain/frame-index.ts'
import { blamePicture } from './blame.ts'
import { decodeArguments, isWorthSeeking, pixelFilters } from './decode-command.ts'
import { findFfmpeg } from './ffmpeg.ts'
import { pictures } from './pictures.ts'
import { type ShownFrames, undecodable, watchShownFrames } from './shown-frames.ts'
import { decodedSize, type FrameSource } from './source.ts'
import { collectMessages, exitOf, feed, killOnAbort } from './tool.ts'

/** Consecutive frames, row-major; `pixels` owns its buffer, which may be transferred. */
export interface PixelBatch {
  pixels: Uint8Array<ArrayBuffer>
  count: number
  width: number
  height: number
  /** Number of the first frame in the batch, from 0 at the start of the file. */
  firstFrame: number
}

export interface ReadFramesOptions {
  /** Both ends included; default: all frames. */
  first?: number
  last?: number
  batchSize: number
  format: 'rgb24' | 'gray'
  /** Scaled to this size (area average); default: the file's own pixels. */
  size?: { width: number; height: number }
  /** Fail also on frames that ffmpeg patched up. */
  isStrict?: boolean
  signal?: AbortSignal
}

const BYTES_PER_PIXEL = { rgb24: 3, gray: 1 } as const

/**
 * Reads exactly the frames of a span, in order, and checks each one's stamp against the index. Pull-driven:
 * while nobody asks for the next batch, ffmpeg waits on its full pipe. Leaving the loop ends ffmpeg.
 */
export async function* readFrames(
  source: FrameSource,
  options: ReadFramesOptions,
): AsyncGenerator<PixelBatch> {
  const span = spanOf(source, options)
  const isSeeking = isWorthSeeking(source, span.first)
  try {
    yield* decode(source, span, isSeeking, options)
  } catch (error) {
    if (!(error instanceof SeekMissed)) throw error
    yield* decode(source, span, false, options)
  }
}

/** ffmpeg landed behind the frame that was wanted; nothing was handed out yet. */
class SeekMissed extends Error {}

function spanOf(source: FrameSource, { first = 0, last }: ReadFramesOptions): FrameSpan {
  const total = frameCount(source.index)
  const span = { first, last: last ?? total - 1 }
  const isInside =
    Number.isInteger(span.first) && Number.isInteger(span.last) && span.first >= 0 && span.last < total
  if (isInside && span.first <= span.last) return span
  throw new AppError(
    'invalid-input',
    `Frames ${span.first} to ${span.last} are not in ${source.path}, which has frames 0 to ${total - 1}.`,
    {
      details: { file: source.path, frames: total },
    },
  )
}

async function* decode(
  source: FrameSource,
  span: FrameSpan,
  isSeeking: boolean,
  options: ReadFramesOptions,
): AsyncGenerator<PixelBatch> {
  options.signal?.throwIfAborted()
  const tools = await findFfmpeg()
  const size = options.size ?? decodedSize(source.video)
  const command = {
    span,
    isSeeking,
    filters: pixelFilters(source, { size: options.size, pixelFormat: options.format }),
    output: ['-pix_fmt', options.format, '-f', 'rawvideo'],
  }
  const shown = watchShownFrames({ source, span, size, isStrict: options.isStrict ?? false })
  const args = ['-hide_banner', '-nostdin', ...decodeArguments(source, command, tools)]
  const child = spawn(tools.ffmpeg, args, { windowsHide: true })
  const release = killOnAbort(child, options.signal)
  const exited = exitOf(child).finally(() => shown.end())
  const messages = collectMessages(child, shown.read)
  const feeding = feed(child, source.kind === 'frames' ? pictures(source, span) : [])
  // Awaited below; an early return must not leave a rejection unheard.
  for (const promise of [exited, feeding]) promise.catch(() => child.kill('SIGKILL'))
  let mayRetry = isSeeking
  try {
    for await (const batch of cutFrames(child.stdout, { ...options, ...size, span })) {
      await shown.firstFrame
      throwIfWrong(shown, mayRetry)
      mayRetry = false
      yield batch
    }
    await feeding
    await exited
    options.signal?.throwIfAborted()
    throwIfWrong(shown, mayRetry)
    if (shown.count() <= span.last - span.first)
      throw endedEarly(source, span.first + shown.count(), mayRetry, messages)
  } catch (error) {
    options.signal?.throwIfAborted()
    const suspect = shown.suspect()
    throw source.kind === 'frames' && suspect !== null && error === shown.failure()
      ? await blamePicture(source, suspect, span, options.signal)
      : error
  } finally {
    release()
    child.kill('SIGKILL')
  }
}

function throwIfWrong(shown: ShownFrames, mayRetry: boolean): void {
  const failure = shown.failure()
  if (failure) throw mayRetry ? new SeekMissed() : failure
}

function endedEarly(source: FrameSource, frame: number, mayRetry: boolean, messages: string[]): Error {
  const error = undecodable(source, frame)
  error.details['ffmpeg'] = messages.filter(line => !line.includes('showinfo')).join('\n')
  return mayRetry ? new SeekMissed() : error
}

interface Cut {
  width: number
  height: number
  format: keyof typeof BYTES_PER_PIXEL
  batchSize: number
  span: FrameSpan
}

/** Cuts a byte stream into batches of whole frames, each in a buffer of its own. */
async function* cutFrames(
  stream: Readable,
  { width, height, format, batchSize, span }: Cut,
): AsyncGenerator<PixelBatch> {
  const frameBytes = width * height * BYTES_PER_PIXEL[format]
  let frame = span.first
  let wanted = Math.min(batchSize, span.last - frame + 1)
  let pixels = new Uint8Array(wanted * frameBytes)
  let filled = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length && wanted > 0;) {
      const taken = Math.min(chunk.length - at, pixels.length - filled)
      pixels.set(chunk.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < pixels.length) continue
      yield { pixels, count: wanted, width, height, firstFrame: frame }
      frame += wanted
      wanted = Math.min(batchSize, span.last - frame + 1)
      pixels = new Uint8Array(wanted * frameBytes)
      filled = 0
    }
  }
}
