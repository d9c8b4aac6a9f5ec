import { watch } from 'vue'
import type { ClipPlayer } from '../review/clip-player.ts'
import type { RecordingViews } from './use-recording-views.ts'

/** While a view is being aligned, the leader rests and the keys that step go to that view. */
export function useAlignedSteps(views: RecordingViews, { transport, divert }: ClipPlayer): void {
  watch(views.aligned, id => {
    if (id !== null) transport.pause()
    divert.value = id === null ? null : frames => views.followers.get(id)?.step(frames)
  })
}
