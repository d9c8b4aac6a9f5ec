import type { CampaignScreen } from '#shared/contract/campaign.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { type Ref, watch } from 'vue'
import type { ClipPlayer } from '../review/clip-player.ts'

/**
 * The signing comes first: the clip of each screen plays once as it appears. Not before its first picture is up, since
 * loading a clip ends what plays; two screens in a row may show the same clip, which then begins anew.
 */
export function useFirstPlay(
  screen: Readonly<Ref<CampaignScreen | null>>,
  stagedId: Readonly<Ref<ClipId | null>>,
  { player, source, transport }: ClipPlayer,
): void {
  let played: { itemId: number; clipId: ClipId } | null = null

  watch(
    [screen, stagedId, source, player.frame, player.isSeeking],
    ([shown, staged, from, frame, isSeeking]) => {
      if (!shown || shown.isFinished || played?.itemId === shown.itemId) return
      if (!from || staged !== shown.clipId || isSeeking) return
      if (played?.clipId === shown.clipId) transport.goTo(from.clip.first)
      else if (frame !== from.clip.first) return
      played = { itemId: shown.itemId, clipId: shown.clipId }
      void transport.play()
    },
    { flush: 'post' },
  )
}
