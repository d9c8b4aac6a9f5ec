import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import type { MediaColumns } from '../media/media-row.ts'
import { packFrameIndex } from '../media/frame-index-blob.ts'
import { sha256 } from '../../formats/sha256.ts'

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

/** What an import knows of something that was described but never seen. */
export function describeAbsent({ path, role, frames }: Omit<AbsentMedia, 'licence'>): {
  columns: MediaColumns
  index: FrameIndex
} {
  const index = evenFrames(frames)
  const columns = {
    path,
    role,
    bytes: 0,
    mtimeMs: 0,
    contentHash: `absent:${sha256(path)}`,
    frames,
    durationMs: Math.round((frames * 1000) / ASSUMED_FPS),
    facts: JSON.stringify(factsOf(role)),
    frameIndex: packFrameIndex(index),
    problem: null,
    isAbsent: 1 as const,
  }
  return { columns, index }
}

/** The same as a row of `media`. */
export function absentMediaRow({ licence, ...media }: AbsentMedia) {
  const { path, role, bytes, mtimeMs, contentHash, frames, durationMs, facts, frameIndex } =
    describeAbsent(media).columns
  return {
    path,
    role,
    bytes,
    mtime_ms: mtimeMs,
    content_hash: contentHash,
    frames,
    duration_ms: durationMs,
    facts,
    frame_index: frameIndex,
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
