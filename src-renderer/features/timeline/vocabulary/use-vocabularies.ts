import type { VocabularyId } from '#shared/contract/ids.ts'
import type { EntryLook, Vocabulary, VocabularyEntry } from '#shared/contract/vocabulary.ts'
import { computed } from 'vue'
import { useApi } from '../../../api/client.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { useDebounced } from '../../../composables/use-timers.ts'
import { onCorpusChange } from '../../../stores/corpus.ts'
import { looksOf, valueOf } from './entry-looks.ts'

export interface OpenVocabulary {
  vocabulary: Vocabulary
  entries: readonly VocabularyEntry[]
  looks: ReadonlyMap<number, EntryLook>
}

const SETTLE_MS = 120

/** All controlled vocabularies of the corpus with their entries. */
export function useVocabularies() {
  const api = useApi()
  const { answer, error, load } = useRequest(async signal => {
    const vocabularies = await api.vocabulary.list(undefined, { signal })
    return Promise.all(
      vocabularies.map(async vocabulary => ({
        vocabulary,
        entries: await api.vocabulary.entries({ vocabularyId: vocabulary.id }, { signal }),
      })),
    )
  })
  onCorpusChange(
    ['vocabulary', 'tier'],
    useDebounced(SETTLE_MS, () => void load()),
  )
  void load()

  const all = computed((): OpenVocabulary[] =>
    (answer.value ?? []).map(each => ({ ...each, looks: looksOf(each.entries) })),
  )

  function find(id: VocabularyId | null): OpenVocabulary | null {
    return all.value.find(each => each.vocabulary.id === id) ?? null
  }

  /** Colours by value, for the rows of tiers with this vocabulary; null where nobody chose one. */
  function coloursOf(id: VocabularyId | null): ReadonlyMap<string, string> | null {
    const open = find(id)
    if (!open) return null
    const pairs = open.entries.flatMap(entry => {
      const colour = open.looks.get(entry.id)?.colour
      return colour ? [[valueOf(entry), colour] as const] : []
    })
    return pairs.length > 0 ? new Map(pairs) : null
  }

  return { all, error, load, find, coloursOf }
}

export type Vocabularies = ReturnType<typeof useVocabularies>
