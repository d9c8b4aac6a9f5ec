import type { FeatureStream } from '#shared/contract/density.ts'
import { type FrameIndex, timeOf } from '#shared/domain/frame-index.ts'
import type { BundleManifest } from '../../engine/bundle/manifest.ts'

/** Frames of a clip within its file. */
export interface ClipFrames {
  firstFrame: number
  lastFrame: number
}

/** How the rows of a stream follow each other: row r is about frames r · stride to r · stride + window − 1. */
export interface RowSteps {
  window: number
  stride: number
}

/** Null for a model without this stream. */
export function rowSteps(manifest: BundleManifest, stream: FeatureStream): RowSteps | null {
  if (manifest.kind === 'spamo') {
    if (stream === 'spatial') return { window: 1, stride: 1 }
    return stream === 'motion' ? { window: manifest.motion.window, stride: manifest.motion.stride } : null
  }
  return stream === 'zstar' ? { window: 1, stride: manifest.spatial.stride } : null
}

/** How many rows an extraction of so many frames gives: whole windows, and one for a clip shorter than a window. */
export function rowsOf(frames: number, { window, stride }: RowSteps): number {
  return Math.max(1, Math.floor((frames - window) / stride) + 1)
}

/** The middle of each row on the time line of the index, in milliseconds. */
export function rowCentres(index: FrameIndex, clip: ClipFrames, steps: RowSteps): Float64Array {
  const frames = clip.lastFrame - clip.firstFrame + 1
  return Float64Array.from({ length: rowsOf(frames, steps) }, (_, row) => {
    const first = clip.firstFrame + row * steps.stride
    const end = Math.min(first + steps.window, clip.lastFrame + 1)
    return (timeOf(index, first) + timeOf(index, end)) / 2
  })
}
