import type { ClipId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const FRAMES = prepared<[string], { clipId: ClipId; units: number }>(`
  SELECT clip.id AS clipId, max(1, last_frame - first_frame + 1) AS units
  FROM json_each(?) AS wanted JOIN clip ON clip.id = wanted.value ORDER BY wanted.key`)

/** Frames of each clip, as the work units of a job, in the order asked for. */
export function framesOfClips(db: ReadDb, clipIds: readonly ClipId[]): { clipId: ClipId; units: number }[] {
  return FRAMES(db).all(JSON.stringify(clipIds))
}
