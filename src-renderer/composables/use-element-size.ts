import { readonly, type Ref, shallowRef, watch } from 'vue'

export interface ElementSize {
  width: number
  height: number
}

/** The inner size of an element, as it changes. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>) {
  const size = shallowRef<ElementSize>({ width: 0, height: 0 })
  watch(
    element,
    (target, _previous, onCleanup) => {
      if (!target) return
      const observer = new ResizeObserver(() => {
        size.value = { width: target.clientWidth, height: target.clientHeight }
      })
      observer.observe(target)
      onCleanup(() => observer.disconnect())
    },
    { immediate: true, flush: 'post' },
  )
  return readonly(size)
}
