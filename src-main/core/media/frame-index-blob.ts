import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { FrameIndex } from '#shared/domain/frame-index.ts'

const VERSION = 1
const HEADER_NUMBERS = 7

/** How a frame index is kept in the database: steps instead of stamps, which are nearly all equal and pack to almost nothing. */
export function packFrameIndex(index: FrameIndex): Uint8Array {
  const numbers = new Float64Array(HEADER_NUMBERS + index.pts.length)
  const { timeBase, zero, end, isRepaired } = index
  numbers.set([VERSION, timeBase.num, timeBase.den, zero, end, isRepaired ? 1 : 0, index.pts.length])
  let previous = 0
  for (const [frame, pts] of index.pts.entries()) {
    numbers[HEADER_NUMBERS + frame] = pts - previous
    previous = pts
  }
  return deflateRawSync(new Uint8Array(numbers.buffer))
}

export function unpackFrameIndex(blob: Uint8Array): FrameIndex {
  const bytes = Uint8Array.from(inflateRawSync(blob))
  const numbers = new Float64Array(bytes.buffer)
  const [version, num = 0, den = 0, zero = 0, end = 0, isRepaired, frames = 0] = numbers
  if (version !== VERSION || numbers.length !== HEADER_NUMBERS + frames)
    throw new Error(`A frame index of version ${version} cannot be read.`)
  const pts = numbers.slice(HEADER_NUMBERS)
  for (let frame = 1; frame < frames; frame++) pts[frame] = (pts[frame] ?? 0) + (pts[frame - 1] ?? 0)
  return { timeBase: { num, den }, zero, pts, end, isRepaired: isRepaired === 1 }
}
