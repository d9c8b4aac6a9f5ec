import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import { useApi } from '../../../api/client.ts'
import { useText } from '../../../composables/use-text.ts'
import { useNotices } from '../../../stores/notices.ts'
import type { Picked } from '../document/timeline-selection.ts'
import { itemsBetween, lastBefore } from '../document/track.ts'
import { type AnnotationDocument, trackIn } from '../document/use-annotations.ts'
import type { AnnotationActs } from './annotation-acts.ts'

export interface LinkedDeps {
  document: AnnotationDocument
  picked: Picked
  acts: AnnotationActs
  nowMs: () => number | null
}

/** Tiers on which the picked annotation may still get a dependent one, in their order. */
function openChildTiers({ document }: LinkedDeps, item: Annotation): Tier[] {
  return document.tiers.value.filter(tier => {
    if (tier.parentId !== item.tierId) return false
    if (tier.stereotype === 'symbolic-subdivision') return true
    const inside = itemsBetween(trackIn(document, tier.id), item.startMs + 1, item.endMs - 1)
    return inside.next().done === true
  })
}

/** The edits that follow the links between annotations: each is one call of the core and one step of undo. */
export function useLinkedActs(deps: LinkedDeps) {
  const { document, picked, acts } = deps
  const api = useApi()
  const notices = useNotices()
  const { t } = useText()

  async function attempt<Answer>(act: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await act()
    } catch (error) {
      notices.error(error)
      return null
    }
  }

  async function split(): Promise<void> {
    const [item, nowMs] = [picked.picked.value, deps.nowMs()]
    if (!item || nowMs === null) return
    const atMs = Math.round(nowMs)
    if (atMs <= item.startMs || atMs >= item.endMs) return notices.info(t('timeline.splitInside'))
    const parts = await attempt(() => api.annotation.split({ annotationId: item.id, atMs }))
    const second = parts?.at(-1)
    if (second) picked.pick(second)
  }

  async function merge(by: 1 | -1): Promise<void> {
    const item = picked.picked.value
    if (!item) return
    const first = by > 0 ? item : lastBefore(trackIn(document, item.tierId), item.startMs)
    if (!first) return notices.info(t('timeline.nothingBefore'))
    const merged = await attempt(() => api.annotation.mergeNext({ annotationId: first.id }))
    if (merged) picked.pick(merged)
  }

  async function duplicate(): Promise<void> {
    const item = picked.picked.value
    const made = item && (await attempt(() => api.annotation.duplicate({ annotationId: item.id })))
    if (made) picked.pick(made)
  }

  /** On the first tier below that has none for the picked annotation yet; its editor opens. */
  async function createBelow(): Promise<void> {
    const item = picked.picked.value
    if (!item) return
    const [tier] = openChildTiers(deps, item)
    if (!tier) {
      const hasChildren = document.tiers.value.some(each => each.parentId === item.tierId)
      return notices.info(t(hasChildren ? 'timeline.allBelow' : 'timeline.noTierBelow'))
    }
    await acts.create(tier.id, { startMs: item.startMs, endMs: item.endMs })
  }

  return { split, merge, duplicate, createBelow }
}

export type LinkedActs = ReturnType<typeof useLinkedActs>
