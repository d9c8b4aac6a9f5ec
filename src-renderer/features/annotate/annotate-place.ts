import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import type { Mode } from '../../keymaps/modes.ts'

/** How a recording was left. */
export interface RecordingPlace {
  mode: Mode
  timeMs: number
  /** The tier whose annotations are the rows of the tables. */
  rowTierId: TierId | null
}

export interface Places {
  last: RecordingId | null
  recordings: Readonly<Record<string, RecordingPlace>>
}

export const NOWHERE: Places = { last: null, recordings: {} }
const START: RecordingPlace = { mode: 'annotation', timeMs: 0, rowTierId: null }
const MOST_KEPT = 500

export function placeOf(places: Places, recordingId: RecordingId | null): RecordingPlace {
  return (recordingId !== null && places.recordings[recordingId]) || START
}

/** The most recent ones are kept. */
export function withPlace(places: Places, id: RecordingId, change: Partial<RecordingPlace>): Places {
  const others = Object.entries(places.recordings).filter(([key]) => key !== String(id))
  return {
    last: id,
    recordings: Object.fromEntries([
      ...others.slice(1 - MOST_KEPT),
      [id, { ...placeOf(places, id), ...change }],
    ]),
  }
}
