import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { intervalAt, lastBefore, nextAfter } from './interval-index.ts'
import type { AnnotationIndex } from './use-annotations.ts'

export interface Place {
  tierId: TierId | null
  item: Annotation | null
  timeMs: number
}

export type Direction = 'previous' | 'next' | 'up' | 'down'

function nearest(index: AnnotationIndex | undefined, timeMs: number): Annotation | null {
  if (!index) return null
  return intervalAt(index, timeMs) ?? lastBefore(index, timeMs) ?? nextAfter(index, timeMs)
}

/** Where an arrow key leads: along a tier by annotation, across tiers to the one nearest in time. */
export function moveTo(
  direction: Direction,
  from: Place,
  tiers: readonly { id: TierId }[],
  indexes: ReadonlyMap<TierId, AnnotationIndex>,
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
    return { tierId, item: nearest(tierId === null ? undefined : indexes.get(tierId), timeMs), timeMs }
  }
  const tierId = tiers[at]?.id ?? null
  const index = tierId === null ? undefined : indexes.get(tierId)
  if (!index) return { ...from, tierId }
  const found = direction === 'next' ? nextAfter(index, timeMs) : lastBefore(index, timeMs)
  return { tierId, item: found ?? from.item, timeMs: (found ?? from.item)?.startMs ?? timeMs }
}
