import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { useCorpus } from '../stores/corpus.ts'
import { useText } from './use-text.ts'

type Options = ComputedRef<{ value: string; label: string }[]>

/** The splits that have a name, below "all of them", whose value is the empty string. */
export function useSplitOptions(allOfThem: () => string): Options {
  const corpus = useCorpus()
  return computed(() => [
    { value: '', label: allOfThem() },
    ...(corpus.current?.splits ?? [])
      .filter(({ split }) => split !== '')
      .map(({ split }) => ({ value: split, label: split })),
  ])
}

/** A select's value for "every split"; no split can be called that, as splits are trimmed. */
const EVERY = ' '

/** What is released of a corpus: a split, the clips of none, or, as null, all of them. */
export function useReleasedSplit(form: { split: string | null }): {
  split: WritableComputedRef<string>
  splitOptions: Options
} {
  const { t } = useText()
  const corpus = useCorpus()
  const split = computed({
    get: () => form.split ?? EVERY,
    set: value => (form.split = value === EVERY ? null : value),
  })
  const splitOptions = computed(() => [
    { value: EVERY, label: t('exporting.allSplits') },
    ...(corpus.current?.splits ?? []).map(each => ({
      value: each.split,
      label: each.split || t('corpus.facet.noSplit'),
    })),
  ])
  return { split, splitOptions }
}
