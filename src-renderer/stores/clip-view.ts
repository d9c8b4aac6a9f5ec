import type { ClipFilter } from '#shared/contract/clip.ts'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

export type ClipSort = 'name' | 'split' | 'signer' | 'state' | 'duration' | 'reference' | 'bleu' | 'chrf'

/** Which clips are looked at and in which order; kept while the user goes from screen to screen. */
export const useClipView = defineStore('clip-view', () => {
  const filter = shallowRef<ClipFilter>({})
  const sort = shallowRef<ClipSort>('name')
  const isDescending = shallowRef(false)

  const query = computed(() => ({ filter: filter.value, sort: sort.value, descending: isDescending.value }))
  const isFiltered = computed(() => Object.keys(filter.value).length > 0)

  /** Narrows further; `undefined` or an empty search lifts a condition. The empty split is a split. */
  function narrow(patch: Partial<ClipFilter>): void {
    const merged = Object.entries({ ...filter.value, ...patch })
    filter.value = Object.fromEntries(
      merged.filter(([name, value]) => value !== undefined && !(name === 'text' && value === '')),
    )
  }

  function clear(): void {
    filter.value = {}
  }

  /** The same column again turns the order around. */
  function sortBy(column: ClipSort): void {
    isDescending.value = sort.value === column && !isDescending.value
    sort.value = column
  }

  return { filter, sort, isDescending, query, isFiltered, narrow, clear, sortBy }
})
