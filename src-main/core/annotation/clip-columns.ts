import { AppError } from '#shared/contract/errors.ts'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import { spanOf } from '../import/clip-span.ts'
import type { Span } from './annotation.rules.ts'
import { hasClipNamed } from './sentence-view.queries.ts'

/**
 * The columns of a clip that covers a span of its recording's time line.
 *
 * @throws AppError 'invalid-input' where the video has no frame there
 */
export function clipSpan(
  { index, problem }: { index: FrameIndex; problem: string | null },
  offsetMs: number,
  { startMs, endMs }: Span,
) {
  const span = spanOf(index, { startMs: startMs + offsetMs, endMs: endMs + offsetMs }, problem)
  if (typeof span === 'string') throw new AppError('invalid-input', span)
  return {
    start_ms: span.startMs,
    end_ms: span.endMs,
    first_frame: span.firstFrame,
    last_frame: span.lastFrame,
    problem: span.problem,
  }
}

export function freeClipName(db: ReadDb, recording: string): string {
  let n = 1
  while (hasClipNamed(db, `${recording} ${String(n).padStart(3, '0')}`)) n += 1
  return `${recording} ${String(n).padStart(3, '0')}`
}
