import { computed, shallowRef, watch } from 'vue'
import { useCorpus } from '../../../stores/corpus.ts'
import { TIER_HEIGHTS, type TierHeight } from '../scene/rows.ts'
import { DEFAULT_LAYOUT, type TierLayout, toggled } from './tier-layout.ts'

const HEIGHTS = Object.keys(TIER_HEIGHTS) as TierHeight[]

function isLayout(value: unknown): value is TierLayout {
  if (typeof value !== 'object' || value === null) return false
  const { height, hidden, collapsed } = value as Partial<TierLayout>
  return HEIGHTS.includes(height as TierHeight) && Array.isArray(hidden) && Array.isArray(collapsed)
}

function read(key: string): TierLayout {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return isLayout(stored) ? stored : DEFAULT_LAYOUT
  } catch {
    return DEFAULT_LAYOUT
  }
}

/** How the tiers of the open corpus are shown, kept on this computer: it is a view, not an edit. */
export function useTierLayout() {
  const corpus = useCorpus()
  const key = computed(() => `signwright.tiers:${corpus.current?.dir ?? ''}`)
  const layout = shallowRef(read(key.value))
  watch(key, now => (layout.value = read(now)))

  function change(patch: Partial<TierLayout>): void {
    layout.value = { ...layout.value, ...patch }
    localStorage.setItem(key.value, JSON.stringify(layout.value))
  }

  return {
    layout,
    toggleCollapsed: (name: string) => change({ collapsed: toggled(layout.value.collapsed, name) }),
    toggleHidden: (name: string) => change({ hidden: toggled(layout.value.hidden, name) }),
    showAll: () => change({ hidden: [], collapsed: [] }),
    setHeight: (height: TierHeight) => change({ height }),
    nextHeight: () =>
      change({ height: HEIGHTS[(HEIGHTS.indexOf(layout.value.height) + 1) % HEIGHTS.length] ?? 'medium' }),
  }
}

export type TierLayoutState = ReturnType<typeof useTierLayout>
