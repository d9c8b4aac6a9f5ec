import type { AppError } from '#shared/contract/errors.ts'
import { formatClock } from '#shared/domain/time.ts'
import { type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import { SHOWN_FRAME } from './filters.ts'
import { damagedFrame, type FrameSource } from './source.ts'
import { corrupt } from './streams.ts'

/** Follows ffmpeg's error stream during a decode and holds each frame's stamp and size against the index. */
export interface ShownFrames {
  read: (line: string) => void
  /** Frames told so far. */
  count: () => number
  failure: () => AppError | null
  /** The picture being shown when a decoder complained about one, which may be a later one. */
  suspect: () => number | null
  /** Settles with the first told frame (or the first failure). */
  firstFrame: Promise<void>
  /** The stream has ended: a first frame that was never told is settled too. */
  end: () => void
}

const LEVEL = /^(?:\[[^\]]*\] )*\[(info|warning|error|fatal|panic|verbose)\] /

export interface WatchOptions {
  source: FrameSource
  span: FrameSpan
  size: { width: number; height: number }
  /** Fails on frames that ffmpeg had to patch up, not only on those it could not decode at all. */
  isStrict: boolean
}

export function watchShownFrames({ source, span, size, isStrict }: WatchOptions): ShownFrames {
  let count = 0
  let failure: AppError | null = null
  let suspect: number | null = null
  const first = Promise.withResolvers<void>()
  const fail = (error: AppError) => {
    failure ??= error
    first.resolve()
  }

  function readFrame(stamp: string, width: number, height: number): void {
    const frame = span.first + count
    const expected = source.kind === 'frames' ? count : source.index.pts[frame]
    if (Number(stamp) !== expected) fail(undecodable(source, frame))
    if (width !== size.width || height !== size.height)
      fail(resized(source, frame, `${width}×${height}`, `${size.width}×${size.height}`))
    count += 1
    first.resolve()
  }

  function read(line: string): void {
    const frame = SHOWN_FRAME.exec(line)
    if (frame) return readFrame(frame[1] ?? '', Number(frame[2]), Number(frame[3]))
    if (!isStrict || failure) return
    const isPatched = line.includes('corrupt decoded frame')
    const isPictureError = source.kind === 'frames' && LEVEL.exec(line)?.[1] === 'error'
    if (isPictureError) suspect ??= span.first + count
    if (isPatched || isPictureError) fail(undecodable(source, span.first + count))
  }

  return {
    read,
    count: () => count,
    failure: () => failure,
    suspect: () => suspect,
    firstFrame: first.promise,
    end: () => first.resolve(),
  }
}

export function undecodable(source: FrameSource, frame: number): AppError {
  if (source.kind === 'frames')
    return damagedFrame(source.path, source.files[frame] ?? `${frame}`, 'does not decode')
  const time = frame < source.index.pts.length ? ` (at ${formatClock(timeOf(source.index, frame))})` : ''
  const error = corrupt(
    source.path,
    `is damaged: frame ${frame}${time} does not decode. Re-encode the file or leave this part out.`,
  )
  error.details['frame'] = frame
  return error
}

function resized(source: FrameSource, frame: number, found: string, expected: string): AppError {
  if (source.kind === 'frames')
    return damagedFrame(
      source.path,
      source.files[frame] ?? `${frame}`,
      `is ${found}, the first one ${expected}`,
    )
  return corrupt(
    source.path,
    `changes its picture size at frame ${frame} (${expected} to ${found}). Re-encode it at one size.`,
  )
}
