import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { itemAtTime, lastBefore, nextAfter, type Track } from '../document/track.ts'

export interface Place {
  tierId: TierId | null
  item: Annotation | null
  timeMs: number
}

export type Direction = 'previous' | 'next' | 'up' | 'down'

function nearest(track: Track | undefined, timeMs: number): Annotation | null {
  if (!track) return null
  return itemAtTime(track, timeMs) ?? lastBefore(track, timeMs) ?? nextAfter(track, timeMs)
}

/** Where an arrow key leads: along a tier by annotation, across tiers to the one nearest in time. */
export function moveTo(
  direction: Direction,
  from: Place,
  tiers: readonly { id: TierId }[],
  tracks: ReadonlyMap<TierId, Track>,
): Place {
  const at = Math.max(
    0,
    tiers.findIndex(tier => tier.id === from.tierId),
  )
  const timeMs = from.item?.startMs ?? from.timeMs
  if (direction === 'up' || direction === 'down') {
    const tierId =
      tiers[Math.min(tiers.length - 1, Math.max(0, at + (direction === 'up' ? -1 : 1)))]?.id ?? null
    if (tierId === from.tierId) return from
    return { tierId, item: nearest(tierId === null ? undefined : tracks.get(tierId), timeMs), timeMs }
  }
  const tierId = tiers[at]?.id ?? null
  const track = tierId === null ? undefined : tracks.get(tierId)
  if (!track) return { ...from, tierId }
  const found = direction === 'next' ? nextAfter(track, timeMs) : lastBefore(track, timeMs)
  return { tierId, item: found ?? from.item, timeMs: (found ?? from.item)?.startMs ?? timeMs }
}
