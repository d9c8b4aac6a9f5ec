import type { MediaId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import { type FrameIndex, indexFromTimesUs } from '#shared/domain/frame-index.ts'
import type { Api } from '../../api/client.ts'

/** When the frames of a medium appear, in microseconds of its own time. */
export interface MediaTimes {
  timesUs: readonly number[]
  /** Add to get the video element's time. */
  playerOffsetMs: number
}

const MOST_KEPT = 20

/** Frame times do not change; the last few files' are kept, so that going back and forth asks nothing. */
export function createTimesCache(api: Api) {
  const kept = new Map<MediaId, Promise<MediaTimes>>()

  async function load(mediaId: MediaId): Promise<MediaTimes> {
    const { frameTimesUs, playerOffsetUs } = await api.media.frameTimes({ mediaId })
    return { timesUs: frameTimesUs, playerOffsetMs: playerOffsetUs / 1000 }
  }

  return (mediaId: MediaId): Promise<MediaTimes> => {
    const found = kept.get(mediaId) ?? load(mediaId)
    kept.delete(mediaId)
    kept.set(mediaId, found)
    found.catch(() => kept.delete(mediaId))
    const oldest = kept.keys().next().value
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return found
  }
}

export interface RecordingTimes {
  /** Frames by the time of the recording, on which annotations and all its media lie. */
  index: FrameIndex
  timesUs: readonly number[]
  playerOffsetMs: number
}

/** A medium's frames on its recording's time line. */
export function onRecording(times: MediaTimes, { offsetMs }: Pick<MediaFacts, 'offsetMs'>): RecordingTimes {
  const timesUs = offsetMs === 0 ? times.timesUs : times.timesUs.map(timeUs => timeUs - offsetMs * 1000)
  return { index: indexFromTimesUs(timesUs), timesUs, playerOffsetMs: times.playerOffsetMs + offsetMs }
}
