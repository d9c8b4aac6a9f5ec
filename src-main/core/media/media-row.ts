import { packFrameIndex } from './frame-index-blob.ts'
import type { MediaProbe } from './probe.ts'

/** The columns of `media` that come from the file itself. */
export interface MediaColumns {
  path: string
  role: 'video' | 'frames'
  bytes: number
  mtimeMs: number
  contentHash: string
  frames: number
  durationMs: number
  facts: string
  frameIndex: Uint8Array
  problem: string | null
  /** 1: described, never seen. */
  isAbsent?: 1
}

/** The row of a probed file. */
export function mediaColumns(path: string, probe: MediaProbe, contentHash: string): MediaColumns {
  const { index, bytes, mtimeMs, frames, durationMs, problem, ...facts } = probe
  return {
    path,
    role: probe.kind,
    bytes,
    mtimeMs,
    contentHash,
    frames,
    durationMs,
    facts: JSON.stringify(facts),
    frameIndex: packFrameIndex(index),
    problem,
  }
}
