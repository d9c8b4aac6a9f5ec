import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { computed, type Ref, shallowRef } from 'vue'
import type { Interval } from './interval-index.ts'
import type { AnnotationDocument } from './use-annotations.ts'

/** Which annotation and which tier the keys mean. */
export function usePicked(document: AnnotationDocument, selection: Ref<Interval | null>) {
  const pickedId = shallowRef<Annotation['id'] | null>(null)
  const chosenTierId = shallowRef<TierId | null>(null)

  const tiers = computed(() => document.tiers.value.filter(tier => !tier.isSentenceView))
  const tierId = computed(() => {
    const isThere = tiers.value.some(tier => tier.id === chosenTierId.value)
    return isThere ? chosenTierId.value : (tiers.value[0]?.id ?? null)
  })
  const picked = computed(() => {
    if (pickedId.value === null) return null
    for (const index of document.indexes.value.values()) {
      const found = index.items.find(item => item.id === pickedId.value)
      if (found) return found
    }
    return null
  })

  /** Its span becomes the selection, so that it can be played and looped. */
  function pick(item: Annotation): void {
    pickedId.value = item.id
    chosenTierId.value = item.tierId
    selection.value = { startMs: item.startMs, endMs: item.endMs }
  }

  function unpick(tier: TierId | null): void {
    pickedId.value = null
    if (tier !== null) chosenTierId.value = tier
  }

  return { picked, tiers, tierId, pick, unpick }
}

export type Picked = ReturnType<typeof usePicked>
