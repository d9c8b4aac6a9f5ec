import type { Tier } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { VocabularyEntryId } from '#shared/contract/ids.ts'
import type { VocabularyValue } from '#shared/contract/vocabulary.ts'
import type { ReadDb } from '../../db/types.ts'
import { findEntry, findEntryWithValue, findVocabulary } from './vocabulary.queries.ts'

export interface TierValue {
  value: string
  entryId: VocabularyEntryId | null
}

/**
 * What a tier makes of a value: where its type has a vocabulary, an entry of that, unless the vocabulary is free.
 *
 * @throws AppError 'invalid-input' for a value that is no entry
 */
export function valueOnTier(
  db: ReadDb,
  tier: Pick<Tier, 'name' | 'language' | 'vocabularyId'>,
  wanted: { value: string; entryId?: VocabularyEntryId | null | undefined },
): TierValue {
  if (tier.vocabularyId === null) return { value: wanted.value, entryId: null }
  const vocabulary = findVocabulary(db, tier.vocabularyId)
  if (typeof wanted.entryId === 'number') {
    const entry = findEntry(db, wanted.entryId)
    if (entry?.vocabularyId !== tier.vocabularyId)
      throw new AppError(
        'invalid-input',
        `This entry is not of the vocabulary “${vocabulary?.name ?? ''}”, from which the tier “${tier.name}” takes its values.`,
        { details: { entryId: wanted.entryId } },
      )
    return { value: shownValue(entry, tier.language), entryId: entry.id }
  }
  const entry = wanted.entryId === null ? undefined : findEntryWithValue(db, tier.vocabularyId, wanted.value)
  if (entry) return { value: wanted.value, entryId: entry.id }
  // A vocabulary that was never fetched has no entries to choose from.
  const isOpen = !vocabulary || vocabulary.isFree || vocabulary.entryCount === 0
  if (wanted.value === '' || isOpen) return { value: wanted.value, entryId: null }
  throw new AppError(
    'invalid-input',
    `“${wanted.value.slice(0, 60)}” is no entry of the vocabulary “${vocabulary.name}”, from which the tier “${tier.name}” takes its values. Choose an entry, add this one, or let the vocabulary be free.`,
    { details: { vocabularyId: vocabulary.id, value: wanted.value } },
  )
}

/** In the tier's language where the entry has it, else the first. */
export function shownValue(entry: { values: readonly VocabularyValue[] }, language: string): string {
  const own = entry.values.find(value => language !== '' && value.language === language)
  return (own ?? entry.values[0])?.value ?? ''
}
