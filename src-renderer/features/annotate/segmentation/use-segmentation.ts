import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { frameAt, timeOf } from '#shared/domain/frame-index.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { useKept } from '../../../composables/use-kept.ts'
import { useText } from '../../../composables/use-text.ts'
import type { KeymapName } from '../../../keymaps/chords.ts'
import { useCommandRegistry } from '../../../stores/commands.ts'
import { useNotices } from '../../../stores/notices.ts'
import type { ClipPlayer } from '../../review/clip-player.ts'
import { freePart, type RecordingDocument } from '../document.ts'
import type { AnnotationEdits } from '../edits.ts'
import { type Open, type SegmentSettings, strokeAt, VARIANTS } from './segmenter.ts'
import { useShownPictures } from './shown-frames.ts'

export interface SegmentationDeps {
  video: Readonly<Ref<HTMLVideoElement | null>>
  clipPlayer: ClipPlayer
  document: RecordingDocument
  edits: AnnotationEdits
  tierId: () => TierId | null
  isOn: () => boolean
}

interface Done {
  made: Annotation | null
  openBefore: Open | null
}

/** In BORIS a key is an event of its own from the start. */
const startFor = (keymap: KeymapName): SegmentSettings => ({
  variant: keymap === 'boris' ? 'states' : 'adjacent',
  lengthMs: 500,
  anchor: 'start',
})

/** The start of the frame that was on screen when the key went down, less the annotator's own delay. */
function useTimeOfKey({ video, clipPlayer }: SegmentationDeps, delayMs: Readonly<Ref<number>>) {
  const { source, player } = clipPlayer
  const coveredMs = computed(() => {
    const [from, frame] = [source.value, player.covered.value]
    return from && frame !== null ? timeOf(from.index, frame) + from.playerOffsetMs : null
  })
  const pictures = useShownPictures(video, coveredMs)

  return async (pressedAtMs: number): Promise<number | null> => {
    if (!source.value) return null
    const { index, playerOffsetMs } = source.value
    const shown = player.frame.value
    const picture = player.isPlaying.value ? await pictures.at(pressedAtMs - delayMs.value) : null
    const frame = picture ? frameAt(index, picture.mediaMs - playerOffsetMs) : shown
    return frame === null ? null : Math.round(timeOf(index, frame))
  }
}

/** What an annotation under way has become so far; it is the selection meanwhile. */
function usePreview({ clipPlayer, isOn }: SegmentationDeps, open: Readonly<Ref<Open | null>>) {
  const preview = computed(() => {
    const nowMs = clipPlayer.player.timeMs.value
    if (!isOn() || open.value === null || nowMs === null) return null
    const [startMs, endMs] = [Math.min(open.value.startMs, nowMs), Math.max(open.value.startMs, nowMs)]
    return { startMs: Math.round(startMs), endMs: Math.round(endMs) }
  })
  watch(preview, span => span && (clipPlayer.selection.value = span))
  return preview
}

/** Boundaries set by one key, also while the video plays at any speed. */
export function useSegmentation(deps: SegmentationDeps) {
  const { t } = useText()
  const notices = useNotices()
  const { document, edits } = deps
  const settings = useKept<SegmentSettings>('annotate.segmentation', startFor(useCommandRegistry().keymap))
  /** How long after a boundary the annotator presses the key, in milliseconds of real time. */
  const delayMs = useKept('annotate.segmentation.delay', 0)
  const open = shallowRef<Open | null>(null)
  const done = shallowRef<readonly Done[]>([])
  const timeOfKey = useTimeOfKey(deps, delayMs)
  /** Strokes take effect in the order of their keys, also where one waits for its picture or for the disk. */
  let strokes: Promise<void> = Promise.resolve()
  const inOrder = (act: () => Promise<void>) => (strokes = strokes.then(act, act))

  /** With the text of the entry whose key it was. */
  function mark(pressedAtMs: number, value = ''): Promise<void> {
    const [tierId, time] = [deps.tierId(), timeOfKey(pressedAtMs)]
    return inOrder(async () => stroke(tierId, await time, value))
  }

  async function stroke(tierId: TierId | null, timeMs: number | null, value: string): Promise<void> {
    if (timeMs === null) return
    if (tierId === null) return notices.info(t('annotate.segmentation.noTier'))
    const openBefore = open.value
    const { span, open: next } = strokeAt(timeMs, openBefore, settings.value, value)
    open.value = next
    const free = span && freePart(document.itemsOf(tierId), span)
    if (span && !free) notices.info(t('annotate.segmentation.taken'))
    const made = span && free ? await edits.create(tierId, free, span.value) : null
    done.value = [...done.value, { made, openBefore }]
  }

  /** Takes back the last stroke: what it made is removed, and what it ended is open again. */
  const takeBack = () => inOrder(removeLast)

  async function removeLast(): Promise<void> {
    const last = done.value.at(-1)
    if (!last) return notices.info(t('annotate.segmentation.nothing'))
    done.value = done.value.slice(0, -1)
    open.value = last.openBefore
    if (last.made) await edits.remove([last.made])
  }

  function nextVariant(): void {
    const at = VARIANTS.indexOf(settings.value.variant)
    settings.value = { ...settings.value, variant: VARIANTS[(at + 1) % VARIANTS.length] ?? 'adjacent' }
    open.value = null
  }

  function stop(): void {
    open.value = null
    done.value = []
  }

  watch([deps.tierId, () => settings.value.variant], () => (open.value = null))

  return {
    settings,
    delayMs,
    open,
    preview: usePreview(deps, open),
    count: computed(() => done.value.filter(({ made }) => made).length),
    mark,
    takeBack,
    nextVariant,
    stop,
  }
}

export type Segmentation = ReturnType<typeof useSegmentation>
