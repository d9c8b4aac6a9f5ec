import { TierHeight, type TierLayout } from '#shared/contract/annotation.ts'
import { computed, watch } from 'vue'
import { useApi } from '../../../api/client.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { useNotices } from '../../../stores/notices.ts'
import { DEFAULT_LAYOUT, toggled } from './tier-layout.ts'

/** How the tiers of the open corpus are shown. It is a view, not an edit, and goes with the corpus. */
export function useTierLayout() {
  const api = useApi()
  const notices = useNotices()
  const { answer, error, load } = useRequest(signal => api.annotation.layout(undefined, { signal }))
  const layout = computed(() => answer.value ?? DEFAULT_LAYOUT)
  watch(error, thrown => thrown && notices.error(thrown))
  void load()

  function change(patch: Partial<TierLayout>): void {
    answer.value = { ...layout.value, ...patch }
    api.annotation.saveLayout(answer.value).catch(notices.error)
  }

  return {
    layout,
    toggleCollapsed: (name: string) => change({ collapsed: toggled(layout.value.collapsed, name) }),
    toggleHidden: (name: string) => change({ hidden: toggled(layout.value.hidden, name) }),
    /** Null for the colour of its type. */
    setColour(name: string, colour: string | null) {
      const { [name]: _before, ...others } = layout.value.colours
      change({ colours: colour === null ? others : { ...others, [name]: colour } })
    },
    showAll: () => change({ hidden: [], collapsed: [] }),
    setHeight: (height: TierHeight) => change({ height }),
    nextHeight: () => {
      const at = TierHeight.options.indexOf(layout.value.height)
      change({ height: TierHeight.options[(at + 1) % TierHeight.options.length] ?? 'medium' })
    },
  }
}

export type TierLayoutState = ReturnType<typeof useTierLayout>
