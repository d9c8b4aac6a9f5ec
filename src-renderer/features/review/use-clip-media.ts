import type { ClipDetail } from '#shared/contract/clip.ts'
import type { AppError } from '#shared/contract/errors.ts'
import type { MediaId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import { frameCount, framesBetween, type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { type Api, useApi } from '../../api/client.ts'
import type { FrameSource } from '../../composables/use-frame-player.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { evenSteps, raised } from '../timeline/scene/curve.ts'
import type { Curve } from '../timeline/scene/use-wave-lane.ts'
import { createTimesCache, onRecording, type RecordingTimes } from '../views/media-times.ts'

/** What is put on the stage: these frames of a file. */
export type StagedClip = Pick<ClipDetail, 'mediaId' | 'firstFrame' | 'lastFrame'> &
  Partial<Pick<ClipDetail, 'startMs' | 'endMs'>> & { id: number }

export interface Playable {
  url: string
  source: FrameSource
}

/** What the stage shows. */
export type StageState =
  | { kind: 'empty' }
  | { kind: 'loading' }
  | { kind: 'preparing'; facts: MediaFacts }
  | { kind: 'missing'; facts: MediaFacts }
  | { kind: 'absent'; facts: MediaFacts }
  | { kind: 'failed'; error: AppError }
  | { kind: 'ready'; facts: MediaFacts; playable: Playable }

/** Keeps the lane's place while the file is still being measured. */
const UNKNOWN_CURVES: readonly Curve[] = [{ kind: 'motion', values: [] }]

const FEWEST_STEPS = 2000
const MOST_STEPS = 100_000

async function loadCurves(
  api: Api,
  mediaId: MediaId,
  times: RecordingTimes,
  signal: AbortSignal,
): Promise<Curve[]> {
  const { motion, audio } = await api.media.curves({ mediaId }, { signal })
  const steps = Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, motion.length * 4))
  const curves: Curve[] = [{ kind: 'motion', values: evenSteps(raised(motion), times.timesUs, steps) }]
  return audio ? [...curves, { kind: 'audio', values: audio }] : curves
}

/** The clip in a medium: the frames that it was cut from, or those at the same time in another view. */
function clipFrames(clip: StagedClip, mediaId: MediaId, { index }: RecordingTimes): FrameSpan {
  if (clip.mediaId === mediaId) return { first: clip.firstFrame, last: clip.lastFrame }
  const { startMs = -Infinity, endMs = Infinity } = clip
  return framesBetween(index, startMs, endMs) ?? { first: 0, last: frameCount(index) - 1 }
}

/** Whether what is on stage may have changed: it was not there, or has moved on the time line. */
async function isOutdated(api: Api, now: StageState): Promise<boolean> {
  if (now.kind !== 'ready') return true
  return (await api.media.get({ mediaId: now.facts.id })).offsetMs !== now.facts.offsetMs
}

function useCurves(api: Api) {
  const curves = shallowRef(UNKNOWN_CURVES)

  async function showCurves(mediaId: MediaId, times: RecordingTimes, signal: AbortSignal): Promise<void> {
    try {
      const fresh = await loadCurves(api, mediaId, times, signal)
      if (!signal.aborted) curves.value = fresh
    } catch {
      // A file that cannot be decoded says so on the stage; the timeline works without its curves.
    }
  }

  return { curves, showCurves }
}

/** The video of a clip: its facts, its frame times, its curves, and a playable copy where one is needed. */
export function useClipMedia(
  clip: Readonly<Ref<StagedClip | null>>,
  /** The medium that is played: the clip's own, or another view of its recording. */
  leaderId: Readonly<Ref<MediaId | null>> = shallowRef(null),
) {
  const api = useApi()
  const timesOf = createTimesCache(api)
  const state = shallowRef<StageState>({ kind: 'empty' })
  const durationMs = shallowRef(0)
  const { curves, showCurves } = useCurves(api)
  let abort = new AbortController()

  async function open(detail: StagedClip, signal: AbortSignal): Promise<void> {
    const mediaId = leaderId.value ?? detail.mediaId
    let facts = await api.media.get({ mediaId }, { signal })
    if (signal.aborted) return
    if (!facts.isThere) {
      durationMs.value = facts.durationMs
      return void (state.value = { kind: facts.isAbsent ? 'absent' : 'missing', facts })
    }
    const times = onRecording(await timesOf(mediaId), facts)
    if (signal.aborted) return
    durationMs.value = timeOf(times.index, frameCount(times.index))
    if (facts.playUrl === null && facts.pictureUrl === null) {
      state.value = { kind: 'preparing', facts }
      facts = await api.media.preparePlayback({ mediaId }, { signal })
    }
    const { pictureUrl } = facts
    const url = pictureUrl === null ? facts.playUrl : ''
    if (signal.aborted || url === null) return
    const { index, playerOffsetMs } = times
    const source = { index, playerOffsetMs, clip: clipFrames(detail, mediaId, times), pictureUrl }
    state.value = { kind: 'ready', facts, playable: { url, source } }
    // Decoding everything for them must not be in the way of the first picture.
    void showCurves(mediaId, times, signal)
  }

  async function load(): Promise<void> {
    abort.abort()
    const mine = (abort = new AbortController())
    const detail = clip.value
    if (!detail) return void (state.value = { kind: 'empty' })
    const isSameMedia =
      state.value.kind === 'ready' && state.value.facts.id === (leaderId.value ?? detail.mediaId)
    if (!isSameMedia) {
      state.value = { kind: 'loading' }
      curves.value = UNKNOWN_CURVES
    }
    try {
      await open(detail, mine.signal)
    } catch (error) {
      if (!mine.signal.aborted) state.value = { kind: 'failed', error: asAppError(error) }
    }
  }

  watch([() => clip.value?.id, () => leaderId.value ?? clip.value?.mediaId], () => void load(), {
    immediate: true,
  })
  onCorpusChange(['media'], async () => {
    if (await isOutdated(api, state.value)) await load()
  })
  onScopeDispose(() => abort.abort())

  return { state, durationMs, curves, reload: load }
}

export type ClipMedia = ReturnType<typeof useClipMedia>
