import { syntheticFrames } from '../bundle/check-frames.ts'
import { cosine } from './cosine.ts'
import { openBundle } from '../bundle/open-bundle.ts'
import { openSign2gpt, type Sign2gptPipeline } from './sign2gpt.ts'
import { type Device, type FrameBatch, openSpamo, type SpamoPipeline } from './spamo.ts'

export interface DeviceComparison {
  /** Smallest cosine of the device's features to the CPU's, over all kinds of features. */
  cosine: number
  isSafe: boolean
  /** Of the device: one frame's features and its share of what covers several, decoding not counted. */
  framesPerSecond: number
}

/** The goal for float32; a wrong attention kernel gave 0.87 to 0.9999. */
const MIN_COSINE = 0.99999

/**
 * One frame and one window of a bundle on a device and on the CPU: a device may compute large
 * products correctly and attention wrongly. Takes as long as that frame and window on the CPU.
 */
export async function compareWithCpu(
  bundleDir: string,
  device: Device,
  threads: number,
): Promise<DeviceComparison> {
  const theirs = await features(bundleDir, device, threads)
  const ours = await features(bundleDir, 'cpu', threads)
  const cosines = theirs.features.map((matrix, kind) => cosine(matrix, ours.features[kind] ?? matrix))
  const smallest = cosines.every(Number.isFinite) ? Math.min(...cosines) : Number.NaN
  return { cosine: smallest, isSafe: smallest >= MIN_COSINE, framesPerSecond: theirs.framesPerSecond }
}

interface Measured {
  /** Of each kind. */
  features: Float32Array[]
  framesPerSecond: number
}

async function features(bundleDir: string, device: Device, threads: number): Promise<Measured> {
  const { manifest } = openBundle(bundleDir)
  const options = { device, threads }
  return manifest.kind === 'spamo'
    ? ofSpamo(await openSpamo(bundleDir, options))
    : ofSign2gpt(await openSign2gpt(bundleDir, options))
}

async function ofSpamo(pipeline: SpamoPipeline): Promise<Measured> {
  try {
    const { window, stride } = pipeline.manifest.motion
    const frames = syntheticFrames(window)
    const spatial = await timed(() => pipeline.spatial(firstOf(frames)))
    const motion = await timed(() => pipeline.motion(frames))
    const framesPerSecond = 1000 / (spatial.ms + motion.ms / stride)
    return { features: [spatial.result, motion.result], framesPerSecond }
  } finally {
    await pipeline.release()
  }
}

async function ofSign2gpt(pipeline: Sign2gptPipeline): Promise<Measured> {
  try {
    const { result, ms } = await timed(() => pipeline.spatial(firstOf(syntheticFrames(1))))
    return { features: [result], framesPerSecond: (1000 * pipeline.manifest.spatial.stride) / ms }
  } finally {
    await pipeline.release()
  }
}

function firstOf(frames: FrameBatch): FrameBatch {
  return { ...frames, count: 1, pixels: frames.pixels.slice(0, frames.width * frames.height * 3) }
}

/** The first run loads the graph and warms up; where that was quick, later ones are what counts. */
const QUICK_MS = 3000
const RUNS = 3

async function timed<T>(run: () => Promise<T>): Promise<{ result: T; ms: number }> {
  await run()
  const times: number[] = []
  for (;;) {
    const start = performance.now()
    const result = await run()
    times.push(performance.now() - start)
    const ms = Math.min(...times)
    if (times.length >= RUNS || ms > QUICK_MS) return { result, ms }
  }
}
