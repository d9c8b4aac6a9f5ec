import type { MediaId } from '#shared/contract/ids.ts'
import type { RecordingRow } from '#shared/contract/recording.ts'
import { computed, type Ref } from 'vue'
import { type ClipPlayer, createScreen, useClipPlayer } from '../review/clip-player.ts'
import { type StagedClip, type StageState, useClipMedia } from '../review/use-clip-media.ts'
import { useAlignedSteps } from '../views/use-aligned-steps.ts'
import { useRecordingViews } from '../views/use-recording-views.ts'

/** The recording on stage: the player of the video that leads, with all its frames, and the videos that follow it. */
export function useStage(recording: Readonly<Ref<RecordingRow | null>>) {
  const screen = createScreen()
  /** The first of its files that can be shown; where none is there, the first says what is missing. */
  const mainId = computed((): MediaId | null => {
    const found = views.media.value.find(({ isThere }) => isThere) ?? views.media.value[0]
    return found?.id ?? null
  })
  const views = useRecordingViews(
    computed(() => recording.value?.id ?? null),
    mainId,
  )
  const staged = computed((): StagedClip | null => {
    const facts = views.media.value.find(({ id }) => id === mainId.value)
    if (!facts) return null
    return {
      id: facts.recordingId,
      mediaId: facts.id,
      firstFrame: 0,
      lastFrame: Math.max(0, facts.frames - 1),
    }
  })
  const media = useClipMedia(staged, views.leaderId)
  const clipPlayer: ClipPlayer = useClipPlayer(
    screen,
    media,
    computed(() => staged.value?.id ?? null),
  )
  useAlignedSteps(views, clipPlayer)

  const hasMedia = computed(() => recording.value !== null && recording.value.media.length > 0)
  /** Between two recordings nothing is known yet: that is no reason to say that there is nothing. */
  const state = computed((): StageState =>
    hasMedia.value && staged.value === null ? { kind: 'loading' } : media.state.value,
  )
  return { ...screen, media, clipPlayer, views, hasMedia, state }
}

export type Stage = ReturnType<typeof useStage>
