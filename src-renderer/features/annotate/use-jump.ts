import { type Ref, watch } from 'vue'
import { useRoute } from 'vue-router'
import type { ClipPlayer } from '../review/clip-player.ts'

/**
 * Goes where other screens lead: `?from=MS&to=MS` selects that time and shows its first frame. The player shows the
 * first frame of whatever has just arrived, so this waits for the picture and comes after it.
 */
export function useJump(
  { source, selection, transport }: ClipPlayer,
  video: Readonly<Ref<HTMLVideoElement | null>>,
): void {
  const route = useRoute()
  watch(
    [() => route.query['from'], () => route.query['to'], source, video],
    ([from, to, ready, element]) => {
      const span = { startMs: Number(from), endMs: Number(to) }
      if (!ready || !element || from === undefined || !(span.endMs >= span.startMs)) return
      selection.value = span
      transport.goToTime(span.startMs)
    },
    { flush: 'post' },
  )
}
