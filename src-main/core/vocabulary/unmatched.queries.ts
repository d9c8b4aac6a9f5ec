import type { AnnotationId, VocabularyId } from '#shared/contract/ids.ts'
import type { UnmatchedText } from '#shared/contract/vocabulary.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const FROM = `FROM tier_type JOIN tier ON tier.type_id = tier_type.id JOIN annotation ON annotation.tier_id = tier.id
  WHERE tier_type.vocabulary_id = :id AND annotation.entry_id IS NULL`

const TEXTS = prepared<{ id: VocabularyId }, UnmatchedText>(
  `SELECT annotation.value AS text, count(*) AS annotations, count(DISTINCT tier.recording_id) AS recordings,
     (SELECT entry.id FROM vocabulary_entry AS entry JOIN vocabulary_value AS named ON named.entry_id = entry.id
      WHERE entry.vocabulary_id = :id AND named.value = annotation.value ORDER BY entry.ordinal, entry.id LIMIT 1) AS entryId
   ${FROM} AND annotation.value <> '' GROUP BY annotation.value ORDER BY annotations DESC, text`,
)

/** The most frequent first. */
export function listUnmatched(db: ReadDb, id: VocabularyId): UnmatchedText[] {
  return TEXTS(db).all({ id })
}

const WITH_TEXT = prepared<{ id: VocabularyId; text: string }, AnnotationId>(
  `SELECT annotation.id ${FROM} AND annotation.value = :text ORDER BY annotation.id`,
)

/** Annotations without an entry that have this text. */
export function listWithText(db: ReadDb, wanted: { id: VocabularyId; text: string }): AnnotationId[] {
  return WITH_TEXT(db).pluck().all(wanted) as AnnotationId[]
}
