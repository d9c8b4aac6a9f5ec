import { stat } from 'node:fs/promises'
import { type FrameIndex, frameCount, measureRate, shownDurationMs } from '#shared/domain/frame-index.ts'
import {
  type FrameSource,
  isSideways,
  openSource,
  type OpenSourceOptions,
} from '#main/engine/frames/source.ts'
import type { VideoStream } from '#main/engine/frames/streams.ts'

/** Everything the program knows about a medium without looking at its pictures. */
export interface MediaProbe {
  kind: 'video' | 'frames'
  frames: number
  /** First frame's start to last frame's end. */
  durationMs: number
  fps: number
  variableFrameRate: boolean
  /** Presentation time stamp of the first shown frame, as the file has it. */
  firstPtsMs: number
  width: number
  height: number
  /** As a viewer shows it: turned upright, pixels square. */
  displayWidth: number
  displayHeight: number
  /** Degrees as in the file: -90 means shown after a quarter turn clockwise. */
  rotation: number
  sampleAspectRatio: string
  videoCodec: string
  audioCodec: string | null
  hasAudio: boolean
  bytes: number
  mtimeMs: number
  container: string
  pixelFormat: string
  /** Whether the container knows its duration; live recordings do not. */
  hasLength: boolean
  /** A sentence for the user where the file is damaged but usable. */
  problem: string | null
  index: FrameIndex
}

/** Reads a video file or a folder of frames; unusable ones are told as `corrupt-file`, `invalid-input` or `media-missing`. */
export async function probeMedia(path: string, options: OpenSourceOptions = {}): Promise<MediaProbe> {
  return factsOf(await openSource(path, options))
}

export async function factsOf(source: FrameSource): Promise<MediaProbe> {
  const { video, index, problem } = source
  const { fps, isVariable } = measureRate(index, video.claimedRates)
  const facts = await stat(source.path)
  return {
    kind: source.kind,
    frames: frameCount(index),
    durationMs: shownDurationMs(index),
    fps,
    variableFrameRate: isVariable,
    firstPtsMs: firstPtsMs(index),
    width: video.width,
    height: video.height,
    ...displaySize(video),
    rotation: video.rotation,
    sampleAspectRatio: `${video.sampleAspectRatio.num}:${video.sampleAspectRatio.den}`,
    videoCodec: video.codec,
    audioCodec: video.audio?.codec ?? null,
    hasAudio: video.audio !== null,
    bytes: source.kind === 'frames' ? source.bytes : facts.size,
    mtimeMs: Math.round(facts.mtimeMs),
    container: video.container,
    pixelFormat: video.pixelFormat,
    hasLength: video.hasLength,
    problem,
    index,
  }
}

/** Microsecond precision: enough to tell 41.015625 ms from 41.667, without the noise of binary fractions. */
function firstPtsMs({ pts, timeBase }: FrameIndex): number {
  return Math.round(((pts[0] ?? 0) * timeBase.num * 1_000_000) / timeBase.den) / 1000
}

function displaySize({ width, height, rotation, sampleAspectRatio }: VideoStream) {
  const square = Math.round((width * sampleAspectRatio.num) / sampleAspectRatio.den)
  return isSideways(rotation)
    ? { displayWidth: height, displayHeight: square }
    : { displayWidth: square, displayHeight: height }
}
