import { defineStore } from 'pinia'
import { onScopeDispose, shallowRef, watch } from 'vue'

/** Where in the corpus the user is: what the top bar shows after the corpus' name. */
export const usePlace = defineStore('place', () => {
  const crumbs = shallowRef<readonly string[]>([])

  function set(words: readonly string[]): void {
    crumbs.value = words
  }

  return { crumbs, set }
})

/** A screen's crumbs, as they change, until it is left: `['dev', '25October_2010_Monday_tagesschau-17']`. */
export function useCrumbs(words: () => readonly string[]): void {
  const place = usePlace()
  watch(words, place.set, { immediate: true })
  onScopeDispose(() => place.set([]))
}
