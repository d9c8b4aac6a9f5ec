import type { VocabularyId } from '#shared/contract/ids.ts'
import type { Vocabulary, VocabularyEntry } from '#shared/contract/vocabulary.ts'
import { computed, shallowRef, watch } from 'vue'
import { useApi } from '../../../api/client.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { useDebounced } from '../../../composables/use-timers.ts'
import { onCorpusChange, useCorpus } from '../../../stores/corpus.ts'
import { type EntryLook, type EntryLooks, looksOf, valueOf } from './entry-looks.ts'

export interface OpenVocabulary {
  vocabulary: Vocabulary
  entries: readonly VocabularyEntry[]
  looks: ReadonlyMap<number, EntryLook>
}

const SETTLE_MS = 120

function readLooks(key: string): EntryLooks {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? '{}') ?? {}) as EntryLooks
  } catch {
    return {}
  }
}

/** All controlled vocabularies of the corpus with their entries, and how the entries look here. */
export function useVocabularies() {
  const api = useApi()
  const corpus = useCorpus()
  const key = computed(() => `signwright.entries:${corpus.current?.dir ?? ''}`)
  const chosen = shallowRef(readLooks(key.value))
  watch(key, now => (chosen.value = readLooks(now)))

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
    (answer.value ?? []).map(each => ({ ...each, looks: looksOf(each.entries, chosen.value) })),
  )

  function setLook(entryId: number, look: EntryLook): void {
    chosen.value = { ...chosen.value, [entryId]: look }
    localStorage.setItem(key.value, JSON.stringify(chosen.value))
  }

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

  return { all, error, load, find, coloursOf, setLook }
}

export type Vocabularies = ReturnType<typeof useVocabularies>
