import type { VocabularyId, VocabularyEntryId } from '#shared/contract/ids.ts'
import type { EntryLook, Vocabulary, VocabularyEntry, VocabularyValue } from '#shared/contract/vocabulary.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

type VocabularyRow = Omit<Vocabulary, 'descriptions' | 'isFree'> & { descriptions: string; isFree: number }

const VOCABULARY = `SELECT id, name, descriptions, external_url AS externalUrl, fetched_at AS fetchedAt, is_free AS isFree,
  (SELECT count(*) FROM vocabulary_entry WHERE vocabulary_id = vocabulary.id) AS entryCount FROM vocabulary`

const ALL = prepared<[], VocabularyRow>(`${VOCABULARY} ORDER BY name`)
const BY_ID = prepared<[VocabularyId], VocabularyRow>(`${VOCABULARY} WHERE id = ?`)
const BY_NAME = prepared<[string], VocabularyRow>(`${VOCABULARY} WHERE name = ?`)

export function listVocabularies(db: ReadDb): Vocabulary[] {
  return ALL(db).all().map(vocabularyOf)
}

export function findVocabulary(db: ReadDb, id: VocabularyId): Vocabulary | undefined {
  const row = BY_ID(db).get(id)
  return row && vocabularyOf(row)
}

export function findVocabularyNamed(db: ReadDb, name: string): Vocabulary | undefined {
  const row = BY_NAME(db).get(name)
  return row && vocabularyOf(row)
}

function vocabularyOf({ descriptions, isFree, ...row }: VocabularyRow): Vocabulary {
  return {
    ...row,
    descriptions: JSON.parse(descriptions) as Vocabulary['descriptions'],
    isFree: isFree === 1,
  }
}

type EntryRow = Omit<VocabularyEntry, 'values' | 'look'> & {
  vocabularyId: VocabularyId
  values: string
  look: string | null
}

const ENTRY = `SELECT entry.id, entry.vocabulary_id AS vocabularyId, entry.cve_id AS cveId, entry.external_ref AS externalRef, entry.look,
  (SELECT json_group_array(json_object('language', language, 'value', value, 'description', description) ORDER BY ordinal, id)
   FROM vocabulary_value WHERE entry_id = entry.id) AS "values"
  FROM vocabulary_entry AS entry`

const ENTRIES = prepared<[VocabularyId], EntryRow>(`${ENTRY} WHERE vocabulary_id = ? ORDER BY ordinal, id`)
const ENTRY_BY_ID = prepared<[VocabularyEntryId], EntryRow>(`${ENTRY} WHERE id = ?`)
const ENTRY_BY_VALUE = prepared<[VocabularyId, string], EntryRow>(
  `${ENTRY} WHERE vocabulary_id = ? AND id IN (SELECT entry_id FROM vocabulary_value WHERE value = ?)
   ORDER BY ordinal, id LIMIT 1`,
)

/** An entry with the vocabulary that it is of. */
export type EntryRecord = VocabularyEntry & { vocabularyId: VocabularyId }

export function listEntries(db: ReadDb, id: VocabularyId): EntryRecord[] {
  return ENTRIES(db).all(id).map(entryOf)
}

export function findEntry(db: ReadDb, id: VocabularyEntryId): EntryRecord | undefined {
  const row = ENTRY_BY_ID(db).get(id)
  return row && entryOf(row)
}

/** The first entry that has this value in any language. */
export function findEntryWithValue(db: ReadDb, id: VocabularyId, value: string): EntryRecord | undefined {
  const row = ENTRY_BY_VALUE(db).get(id, value)
  return row && entryOf(row)
}

function entryOf({ values, look, ...row }: EntryRow): EntryRecord {
  return {
    ...row,
    look: look === null ? null : (JSON.parse(look) as EntryLook),
    values: JSON.parse(values) as VocabularyValue[],
  }
}

const VALUE_IDS = prepared<[VocabularyEntryId], number>(
  `SELECT id FROM vocabulary_value WHERE entry_id = ? ORDER BY ordinal, id`,
)

export function listValueIds(db: ReadDb, id: VocabularyEntryId): number[] {
  return VALUE_IDS(db).pluck().all(id) as number[]
}

const TOKENS = prepared<[VocabularyEntryId], { id: number; value: string; language: string }>(
  `SELECT annotation.id, annotation.value, tier.language
   FROM annotation JOIN tier ON tier.id = tier_id WHERE entry_id = ? ORDER BY annotation.id`,
)

/** Annotations that stand for the entry, with the languages of their tiers. */
export function listTokens(
  db: ReadDb,
  id: VocabularyEntryId,
): { id: number; value: string; language: string }[] {
  return TOKENS(db).all(id)
}

const TYPES_USING = prepared<[VocabularyId], string>(
  `SELECT name FROM tier_type WHERE vocabulary_id = ? ORDER BY name`,
)

export function typesUsing(db: ReadDb, id: VocabularyId): string[] {
  return TYPES_USING(db).pluck().all(id) as string[]
}
