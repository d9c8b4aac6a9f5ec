import { syntheticFrames } from '../bundle/check-frames.ts'
import { cosine } from './cosine.ts'
import { type Device, openSpamo } from './spamo.ts'

export interface DeviceComparison {
  /** Cosine of the device's features to the CPU's. */
  spatial: number
  motion: number
  isSafe: boolean
  /** Of the device: one frame's spatial features and its share of a motion window, decoding not counted. */
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
  const spatial = cosine(theirs.spatial, ours.spatial)
  const motion = cosine(theirs.motion, ours.motion)
  const isSafe = spatial >= MIN_COSINE && motion >= MIN_COSINE
  return { spatial, motion, isSafe, framesPerSecond: theirs.framesPerSecond }
}

async function features(bundleDir: string, device: Device, threads: number) {
  const pipeline = await openSpamo(bundleDir, { device, threads })
  try {
    const frames = syntheticFrames(pipeline.manifest.motion.window)
    const one = { ...frames, count: 1, pixels: frames.pixels.slice(0, frames.width * frames.height * 3) }
    const { stride } = pipeline.manifest.motion
    const spatial = await timed(() => pipeline.spatial(one))
    const motion = await timed(() => pipeline.motion(frames))
    const framesPerSecond = 1000 / (spatial.ms + motion.ms / stride)
    return { spatial: spatial.result, motion: motion.result, framesPerSecond }
  } finally {
    await pipeline.release()
  }
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
