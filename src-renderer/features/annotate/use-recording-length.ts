import type { RecordingId } from '#shared/contract/ids.ts'
import { computed, readonly, type Ref, shallowRef, watch } from 'vue'
import type { Track } from '../timeline/document/track.ts'

export interface LengthDeps {
  recordingId: Readonly<Ref<RecordingId | null>>
  /** Of the video, in milliseconds; 0 where there is none. */
  videoMs: Readonly<Ref<number>>
  tracks: Readonly<Ref<ReadonlyMap<unknown, Track>>>
}

/**
 * How long a recording is, in milliseconds: its video, and what is annotated beyond it, which is all of it where the video
 * is missing. It does not shrink while it is open, because the timeline would fit itself anew at an edit of the last one.
 */
export function useRecordingLength({ recordingId, videoMs, tracks }: LengthDeps) {
  const lengthMs = shallowRef(0)
  const needed = computed(() =>
    [...tracks.value.values()].reduce(
      (latest, { maxEnds }) => Math.max(latest, maxEnds.at(-1) ?? 0),
      videoMs.value,
    ),
  )
  watch(
    [recordingId, needed],
    ([id, now], [before]) => {
      lengthMs.value = id === before ? Math.max(lengthMs.value, now) : now
    },
    { immediate: true, flush: 'sync' },
  )
  return readonly(lengthMs)
}
