import { type Ref, shallowRef, watch } from 'vue'
import { useCommands } from '../../../composables/use-commands.ts'
import { timeCode } from '../../../composables/use-format.ts'
import { useText } from '../../../composables/use-text.ts'
import { useNotices } from '../../../stores/notices.ts'
import type { ClipPlayer } from '../../review/clip-player.ts'
import type { Span } from '../edits.ts'
import type { Timeline } from '../timeline-link.ts'
import { type PlaySpan, usePlaySpan } from './play-span.ts'

const AROUND_MS = 1000
/** Aegisub's, for hearing or seeing whether a boundary is where it belongs. */
const BESIDE_MS = 500
const SLOW = 0.5

export interface PlayCommandDeps {
  clipPlayer: ClipPlayer
  video: Readonly<Ref<HTMLVideoElement | null>>
  timeline: () => Timeline | null
  goToTime: () => void
}

/** Moving keeps one end of the selection where it was when the mode was switched on. */
function useSelectionMode({ player, selection }: ClipPlayer) {
  const anchorMs = shallowRef<number | null>(null)
  watch(player.timeMs, timeMs => {
    if (anchorMs.value === null || timeMs === null) return
    const [from, to] = [Math.round(anchorMs.value), Math.round(timeMs)]
    selection.value = from === to ? null : { startMs: Math.min(from, to), endMs: Math.max(from, to) }
  })
  return {
    toggle: () => void (anchorMs.value = anchorMs.value === null ? player.timeMs.value : null),
    leave: () => void (anchorMs.value = null),
  }
}

/** What is done with the selection applies while there is one. */
function withSelection({ selection }: ClipPlayer) {
  const when = () => selection.value !== null
  const act = (change: (span: Span) => void) => () => {
    if (selection.value) change(selection.value)
  }
  return { when, act }
}

/** Half a second on either side of a boundary, and what follows the selection. */
function besideCommands({ clipPlayer }: PlayCommandDeps, playSpan: PlaySpan) {
  const { when, act } = withSelection(clipPlayer)
  const parts: Record<string, (span: Span) => Span> = {
    playBefore: ({ startMs }) => ({ startMs: Math.max(0, startMs - BESIDE_MS), endMs: startMs }),
    playFirst: ({ startMs, endMs }) => ({ startMs, endMs: Math.min(endMs, startMs + BESIDE_MS) }),
    playLast: ({ startMs, endMs }) => ({ startMs: Math.max(startMs, endMs - BESIDE_MS), endMs }),
    playAfter: ({ endMs }) => ({ startMs: endMs, endMs: endMs + BESIDE_MS }),
  }
  const toEnd = act(({ startMs }) => {
    clipPlayer.transport.stop()
    clipPlayer.transport.goToTime(startMs)
    void clipPlayer.transport.play()
  })
  return [
    ...Object.entries(parts).map(([name, partOf]) => ({
      id: `playback.${name}`,
      when,
      run: act(span => playSpan.play(partOf(span), false)),
    })),
    { id: 'playback.playToEnd', when, run: toEnd },
  ]
}

function spanCommands({ clipPlayer }: PlayCommandDeps, playSpan: PlaySpan) {
  const { player, transport, setRate } = clipPlayer
  const { when, act } = withSelection(clipPlayer)
  const toBoundary = act(({ startMs, endMs }) => {
    const nowMs = player.timeMs.value ?? 0
    const isAtStart = Math.abs(nowMs - startMs) <= Math.abs(nowMs - endMs)
    transport.goToTime(isAtStart ? endMs - 1 : startMs)
  })
  return [
    { id: 'playback.playSelection', when, run: act(span => playSpan.play(span)) },
    {
      id: 'playback.playAround',
      when,
      run: act(({ startMs, endMs }) =>
        playSpan.play({ startMs: Math.max(0, startMs - AROUND_MS), endMs: endMs + AROUND_MS }),
      ),
    },
    {
      id: 'playback.slowSelection',
      when,
      run: act(span => {
        setRate(SLOW)
        playSpan.play(span)
      }),
    },
    {
      id: 'playback.normalSelection',
      when: () => when() && player.rate.value !== 1,
      run: act(span => {
        setRate(1)
        playSpan.play(span)
      }),
    },
    { id: 'selection.boundary', when, run: toBoundary },
    { id: 'selection.goToStart', when, run: act(({ startMs }) => transport.goToTime(startMs)) },
    { id: 'selection.goToEnd', when, run: act(({ endMs }) => transport.goToTime(endMs - 1)) },
    {
      id: 'selection.centre',
      when,
      run: act(({ startMs, endMs }) => transport.goToTime((startMs + endMs) / 2)),
    },
  ]
}

/** What ELAN's media and selection keys do, beyond what Review needs. */
export function usePlayCommands(deps: PlayCommandDeps): PlaySpan {
  const { t } = useText()
  const notices = useNotices()
  const { clipPlayer, timeline } = deps
  const { player, selection, setRate } = clipPlayer
  const playSpan = usePlaySpan(clipPlayer)
  const selectionMode = useSelectionMode(clipPlayer)
  const pixelMs = () => timeline()?.view.msPerPx ?? 1
  const screenMs = () => pixelMs() * (timeline()?.view.widthPx ?? 1)

  async function copyTime(): Promise<void> {
    const time = timeCode(player.timeMs.value ?? 0)
    await navigator.clipboard.writeText(time).catch(notices.error)
    notices.info(t('annotate.timeCopied', { time }))
  }

  function centreSelection(): void {
    const [open, span] = [timeline(), selection.value]
    if (!open || !span) return
    const { startMs, msPerPx, widthPx } = open.view
    open.pan(((span.startMs + span.endMs) / 2 - startMs) / msPerPx - widthPx / 2)
  }

  function toggleSound(): void {
    if (deps.video.value) deps.video.value.muted = !deps.video.value.muted
  }

  useCommands([
    ...spanCommands(deps, playSpan),
    ...besideCommands(deps, playSpan),
    { id: 'playback.stepAndRepeat', run: playSpan.toggleStepping },
    { id: 'playback.pixelBack', run: () => playSpan.stepTime(-pixelMs()) },
    { id: 'playback.pixelOn', run: () => playSpan.stepTime(pixelMs()) },
    { id: 'playback.screenBack', run: () => playSpan.stepTime(-screenMs()) },
    { id: 'playback.screenOn', run: () => playSpan.stepTime(screenMs()) },
    { id: 'playback.goToTime', run: deps.goToTime },
    { id: 'playback.copyTime', run: copyTime },
    { id: 'playback.rateToggle', run: () => setRate(player.rate.value === 1 ? SLOW : 1) },
    { id: 'playback.volumeToggle', run: toggleSound },
    { id: 'selection.mode', run: selectionMode.toggle },
    {
      id: 'selection.clearAndLeave',
      run: () => {
        selectionMode.leave()
        selection.value = null
      },
    },
    { id: 'timeline.centreSelection', when: () => selection.value !== null, run: centreSelection },
  ])
  return playSpan
}
