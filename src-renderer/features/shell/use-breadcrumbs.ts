import { computed, type ComputedRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { useText } from '../../composables/use-text.ts'
import { ROUTE_NAMES } from '../../router/index.ts'
import { useCorpus } from '../../stores/corpus.ts'
import { usePlace } from '../../stores/place.ts'

/** Where the user is: the corpus, then what the screen says, or the screen's own name. */
export function useBreadcrumbs(): ComputedRef<string[]> {
  const { t } = useText()
  const route = useRoute()
  const corpus = useCorpus()
  const place = usePlace()

  const screen = computed(() => {
    const name = ROUTE_NAMES.find(each => each === route.name)
    return name && name !== 'home' ? t(`shell.screens.${name}`) : ''
  })

  return computed(() => {
    const name = corpus.current?.name ?? t('shell.noCorpus')
    const inside = place.crumbs.length > 0 ? place.crumbs : [screen.value]
    return [name, ...inside].filter(Boolean)
  })
}

/** The title of the window or tab, innermost first, so that a narrow tab shows the most telling part. */
export function usePageTitle(): void {
  const { t } = useText()
  const crumbs = useBreadcrumbs()
  watch(crumbs, words => (document.title = [...words.toReversed(), t('shell.product')].join(' – ')), {
    immediate: true,
  })
}
