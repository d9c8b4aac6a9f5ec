import { computed, type Ref, shallowRef } from 'vue'

export type PickHow = 'only' | 'extend' | 'toggle'

/** Rows chosen in an ordered list, as file managers do it: Shift extends from an anchor, Ctrl toggles. */
export function useSelection<Id>(ids: Readonly<Ref<readonly Id[]>>) {
  const picked = shallowRef<ReadonlySet<Id>>(new Set())
  const anchor = shallowRef(0)

  /** In the order of the list; rows that a filter has taken away are no longer chosen. */
  const selected = computed(() => ids.value.filter(id => picked.value.has(id)))

  function pick(index: number, how: PickHow): void {
    const id = ids.value[index]
    if (id === undefined) return
    if (how === 'extend') {
      const [first, last] = [Math.min(anchor.value, index), Math.max(anchor.value, index)]
      picked.value = new Set(ids.value.slice(first, last + 1))
      return
    }
    anchor.value = index
    picked.value = how === 'toggle' ? toggled(id) : new Set([id])
  }

  function toggled(id: Id): Set<Id> {
    const next = new Set(picked.value)
    if (!next.delete(id)) next.add(id)
    return next
  }

  function pickAll(): void {
    picked.value = new Set(ids.value)
  }

  function pickNone(): void {
    picked.value = new Set()
  }

  function isSelected(index: number): boolean {
    const id = ids.value[index]
    return id !== undefined && picked.value.has(id)
  }

  return { selected, pick, pickAll, pickNone, isSelected }
}
