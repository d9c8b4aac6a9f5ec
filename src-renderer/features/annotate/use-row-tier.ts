import type { TierId } from '#shared/contract/ids.ts'
import { computed } from 'vue'
import type { RecordingDocument } from './document.ts'

/** The tier whose annotations are the rows of the tables. */
export function useRowTier(document: RecordingDocument, chosen: () => TierId | null) {
  const tiers = computed(() =>
    document.tiers.value.filter(tier => tier.isSentenceView || tier.stereotype !== 'symbolic-association'),
  )
  /** Until somebody chooses: the first tier of sentences that is more than one clip for the whole recording. */
  const rowTierId = computed((): TierId | null => {
    const roots = tiers.value.filter(tier => tier.parentId === null)
    const tier =
      tiers.value.find(({ id }) => id === chosen()) ??
      roots.find(({ id }) => document.countOf(id) > 1) ??
      roots[0]
    return tier?.id ?? null
  })
  const rowTierOptions = computed(() => tiers.value.map(({ id, name }) => ({ value: id, label: name })))

  return { rowTierId, rowTierOptions }
}
