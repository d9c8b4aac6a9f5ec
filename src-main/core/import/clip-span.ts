import { frameCount, type FrameIndex, framesBetween, timeOf } from '#shared/domain/frame-index.ts'
import { formatClock } from '#shared/domain/time.ts'
import type { ClipSpan } from './import.queries.ts'

/** Tables are cut by hand to hundredths of a second: this far past the end is the end. */
const END_TOLERANCE_MS = 250

/**
 * The frames of a clip: those that start inside its times, or all.
 *
 * @returns a sentence where the file has no frame there
 */
export function spanOf(
  index: FrameIndex,
  times: { startMs: number | null; endMs: number | null },
  mediaProblem: string | null,
): ClipSpan | string {
  const frames = frameCount(index)
  const fileStartMs = Math.max(0, Math.round(timeOf(index, 0)))
  const fileEndMs = Math.round(timeOf(index, frames))
  if (times.startMs === null && times.endMs === null)
    return {
      startMs: fileStartMs,
      endMs: fileEndMs,
      firstFrame: 0,
      lastFrame: frames - 1,
      problem: mediaProblem,
    }
  const startMs = times.startMs ?? fileStartMs
  const endMs = Math.min(times.endMs ?? fileEndMs, fileEndMs)
  const span = startMs < endMs ? framesBetween(index, startMs, endMs) : null
  if (!span)
    return `The video has no frames from ${formatClock(startMs)} to ${formatClock(times.endMs ?? endMs)}: it ends at ${formatClock(fileEndMs)}.`
  const isCut = times.endMs !== null && times.endMs > fileEndMs + END_TOLERANCE_MS
  return {
    startMs,
    endMs,
    firstFrame: span.first,
    lastFrame: span.last,
    problem: isCut
      ? `The table ends this clip at ${formatClock(times.endMs ?? 0)}, but the video ends at ${formatClock(fileEndMs)}.`
      : null,
  }
}
