import { frameCount, timeOf } from '#shared/domain/frame-index.ts'
import { readFrames } from '#main/engine/frames/read-frames.ts'
import { decodedSize, type FrameSource } from '#main/engine/frames/source.ts'
import { ffmpegArguments, outputError, runFfmpeg } from '#main/engine/frames/tool.ts'

export interface DeriveOptions {
  signal?: AbortSignal
  /** Frames done of all. */
  onProgress?: (done: number, total: number) => void
}

export interface MotionCurve {
  /** Mean absolute difference to the frame before, 0–1 of the file's greatest; the first frame has 0. */
  perFrame: Float32Array
  /** The greatest difference, in grey levels 0–255: what the curve was divided by. */
  greatest: number
}

export interface AudioPeaks {
  /** Greatest amplitude, 0–1, in each even step from media time 0 to the end of the video. */
  peaks: Float32Array
  peaksPerSecond: number
}

/** Small enough to forget noise, big enough for a hand. */
const GREY_WIDTH = 96
const BATCH_FRAMES = 16
const PEAKS_PER_SECOND = 100
const SAMPLES_PER_SECOND = 16_000

/** How much moves, frame by frame: where silent video has its waveform. Takes as long as decoding the file. */
export async function motionCurve(
  source: FrameSource,
  { signal, onProgress }: DeriveOptions = {},
): Promise<MotionCurve> {
  const total = frameCount(source.index)
  const energy = new Float32Array(total)
  let previous: Uint8Array | null = null
  for await (const batch of readFrames(source, {
    batchSize: BATCH_FRAMES,
    format: 'gray',
    size: greySize(source),
    signal,
  })) {
    const frameBytes = batch.width * batch.height
    for (let at = 0; at < batch.count; at++) {
      const frame = batch.pixels.subarray(at * frameBytes, (at + 1) * frameBytes)
      if (previous) energy[batch.firstFrame + at] = meanDifference(previous, frame)
      previous = frame
    }
    onProgress?.(batch.firstFrame + batch.count, total)
  }
  const greatest = energy.reduce((most, value) => Math.max(most, value), 0)
  return { perFrame: greatest > 0 ? energy.map(value => value / greatest) : energy, greatest }
}

/** The greatest value of each of `count` even stretches: what a narrow view of a long curve shows. */
export function downsamplePeaks(curve: Float32Array, count: number): Float32Array {
  if (curve.length <= count) return curve
  const peaks = new Float32Array(count)
  for (const [at, value] of curve.entries()) {
    const bucket = Math.floor((at * count) / curve.length)
    peaks[bucket] = Math.max(peaks[bucket] ?? 0, value)
  }
  return peaks
}

/** The waveform; null where there is no sound. */
export async function audioPeaks(
  source: FrameSource,
  { signal }: DeriveOptions = {},
): Promise<AudioPeaks | null> {
  const { audio } = source.video
  if (source.kind === 'frames' || !audio) return null
  const endMs = timeOf(source.index, frameCount(source.index))
  const peaks = new Float32Array(Math.ceil((endMs * PEAKS_PER_SECOND) / 1000))
  const collector = peakCollector(peaks, SAMPLES_PER_SECOND / PEAKS_PER_SECOND)
  const { zero, timeBase } = source.index
  const shift = ((zero * timeBase.num) / timeBase.den).toFixed(6)
  const args = ffmpegArguments(ffmpeg =>
    ffmpeg
      .input(`file:${source.path}`)
      .inputOptions(['-copyts'])
      .outputOptions(['-map', `0:${audio.stream}`, '-vn', '-sn', '-dn'])
      // Silence where the sound starts late or has gaps, so that steps stay on the video's clock.
      .outputOptions([
        '-filter:a',
        `asetpts=PTS-${shift}/TB,aresample=${SAMPLES_PER_SECOND}:async=1:first_pts=0`,
      ])
      .outputOptions(['-ac', '1', '-f', 's16le'])
      .output('pipe:1'),
  )
  const result = await runFfmpeg(() => ['-loglevel', 'error', '-nostats', ...args], {
    signal,
    onOutput: collector,
  })
  if (result.exitCode !== 0 && peaks.every(peak => peak === 0)) throw outputError(source.path, result)
  return { peaks, peaksPerSecond: PEAKS_PER_SECOND }
}

function greySize(source: FrameSource): { width: number; height: number } {
  const { width, height } = decodedSize(source.video)
  return { width: GREY_WIDTH, height: Math.max(2, Math.round((GREY_WIDTH * height) / width)) }
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < b.length; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0))
  return sum / b.length
}

/** Takes 16-bit little-endian samples, cut anywhere. */
function peakCollector(peaks: Float32Array, samplesPerPeak: number): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let sample = 0
  return chunk => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const whole = bytes.length - (bytes.length % 2)
    for (let at = 0; at < whole; at += 2, sample++) {
      const peak = Math.floor(sample / samplesPerPeak)
      const level = Math.abs(bytes.readInt16LE(at)) / 32_768
      if (peak < peaks.length && level > (peaks[peak] ?? 0)) peaks[peak] = level
    }
    rest = bytes.subarray(whole)
  }
}
