import { syntheticFrames } from '../bundle/check-frames.ts'
import { cosine } from './cosine.ts'
import { type Device, openSpamo } from './spamo.ts'

export interface DeviceComparison {
  /** Cosine of the device's features to the CPU's. */
  spatial: number
  motion: number
  isSafe: boolean
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
  return { spatial, motion, isSafe: spatial >= MIN_COSINE && motion >= MIN_COSINE }
}

async function features(bundleDir: string, device: Device, threads: number) {
  const pipeline = await openSpamo(bundleDir, { device, threads })
  try {
    const frames = syntheticFrames(pipeline.manifest.motion.window)
    const one = { ...frames, count: 1, pixels: frames.pixels.slice(0, frames.width * frames.height * 3) }
    return { spatial: await pipeline.spatial(one), motion: await pipeline.motion(frames) }
  } finally {
    await pipeline.release()
  }
}
