import type { TierId, VocabularyId } from '#shared/contract/ids.ts'
import { shallowReactive } from 'vue'
import { useApi } from '../../api/client.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'
import type { RecordingDocument } from './document.ts'
import { valuesByUse } from './gloss/tokens.ts'

const MOST = 30

/** Values that a tier has already, most used first, that begin with or hold what is typed. */
export function matching(values: readonly string[], typed: string): string[] {
  const words = typed.trim().toLowerCase()
  if (words === '') return values.slice(0, MOST)
  const begins = values.filter(value => value.toLowerCase().startsWith(words))
  const holds = values.filter(
    value => !value.toLowerCase().startsWith(words) && value.toLowerCase().includes(words),
  )
  return [...begins, ...holds].slice(0, MOST)
}

/** Entries of a tier's vocabulary first, then what the tier has already. */
export function useSuggestions(document: RecordingDocument) {
  const api = useApi()
  const notices = useNotices()
  const known = new WeakMap<object, string[]>()
  const entries = shallowReactive(new Map<VocabularyId, readonly string[]>())

  async function load(vocabularyId: VocabularyId): Promise<void> {
    entries.set(vocabularyId, [])
    try {
      const found = await api.vocabulary.entries({ vocabularyId })
      entries.set(
        vocabularyId,
        found.map(entry => entry.values[0]?.value ?? ''),
      )
    } catch (error) {
      notices.error(error)
    }
  }
  onCorpusChange(['vocabulary', 'tier'], () => entries.clear())

  return (tierId: TierId, typed: string): readonly string[] => {
    const items = document.itemsOf(tierId)
    const vocabularyId = document.tierOf(tierId)?.vocabularyId ?? null
    if (vocabularyId !== null && !entries.has(vocabularyId)) void load(vocabularyId)
    const offered = (vocabularyId === null ? undefined : entries.get(vocabularyId)) ?? []
    const values = known.get(items) ?? valuesByUse(items)
    known.set(items, values)
    return matching([...new Set([...offered, ...values])], typed)
  }
}
