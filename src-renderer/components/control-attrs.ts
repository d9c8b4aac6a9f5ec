import { computed, type ComputedRef, useAttrs } from 'vue'

/** What falls through to the control inside a component: layout belongs to the box around it, everything else to the control. */
export function useControlAttrs(): ComputedRef<Record<string, unknown>> {
  const attrs = useAttrs()
  return computed(() => Object.fromEntries(Object.entries(attrs).filter(([name]) => name !== 'class')))
}
