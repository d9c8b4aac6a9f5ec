import { createHash } from 'node:crypto'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import { packFrameIndex } from '../media/frame-index-blob.ts'

/** Frame rate that is assumed where only the number of frames is known. */
export const ASSUMED_FPS = 25

export interface AbsentMedia {
  /** What it was called where it was described; unique in the corpus. */
  path: string
  role: 'video' | 'frames'
  /** 0 where nothing is known. */
  frames: number
  licence: string
}

/** Columns of a `media` row for something that was described but never seen. */
export function absentMediaRow({ path, role, frames, licence }: AbsentMedia) {
  const durationMs = Math.round((frames * 1000) / ASSUMED_FPS)
  return {
    role,
    path,
    bytes: 0,
    mtime_ms: 0,
    content_hash: `absent:${createHash('sha256').update(path).digest('hex')}`,
    frames,
    duration_ms: durationMs,
    facts: JSON.stringify(factsOf(role)),
    frame_index: packFrameIndex(evenFrames(frames)),
    is_absent: 1,
    licence,
  }
}

/** Span columns of a clip that is the whole of it. */
export function wholeAbsentSpan(frames: number) {
  return {
    start_ms: 0,
    end_ms: Math.round((frames * 1000) / ASSUMED_FPS),
    first_frame: 0,
    last_frame: frames - 1,
  }
}

function evenFrames(frames: number): FrameIndex {
  return {
    timeBase: { num: 1, den: ASSUMED_FPS },
    zero: 0,
    pts: Float64Array.from({ length: frames }, (_, at) => at),
    end: frames,
    isRepaired: false,
  }
}

function factsOf(kind: MediaFacts['kind']) {
  return {
    kind,
    fps: ASSUMED_FPS,
    variableFrameRate: false,
    firstPtsMs: 0,
    width: 0,
    height: 0,
    displayWidth: 0,
    displayHeight: 0,
    rotation: 0,
    videoCodec: '',
    audioCodec: null,
  }
}
