import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import type { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'
import type { Upos } from '#shared/domain/pos.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

/** What references call a language: ISO 639-1, and both codes of 639-2. */
const CODES: Record<GlossLanguage, string> = {
  de: JSON.stringify(['de', 'deu', 'ger', '']),
  en: JSON.stringify(['en', 'eng', '']),
  zh: JSON.stringify(['zh', 'zho', 'chi', 'cmn', '']),
}

/** The first reference of each clip in the language; one without a language counts where there is none with it. */
const FIRST_REFERENCE = `(
  SELECT id FROM reference AS other
  WHERE other.clip_id = clip.id
    AND lower(substr(language, 1, instr(language || '-', '-') - 1)) IN (SELECT value FROM json_each(:codes))
  ORDER BY language = '', ordinal LIMIT 1)`

export interface ReferenceRow {
  referenceId: ReferenceId
  clipId: ClipId
  clip: string
  split: string
  text: string
  /** Null where it is untagged or has changed since. */
  taggingId: number | null
}

const ROW = `
  reference.id AS referenceId, clip.id AS clipId, clip.name AS clip, clip.split, reference.text,
  CASE WHEN tagged.text = reference.text THEN tagged.tagging_id END AS taggingId`

const ROWS = prepared<{ codes: string }, ReferenceRow>(`
  SELECT ${ROW}
  FROM clip JOIN reference ON reference.id = ${FIRST_REFERENCE}
    LEFT JOIN tagged_sentence AS tagged ON tagged.reference_id = reference.id
  WHERE trim(reference.text) <> ''
  ORDER BY clip.name`)

export function listReferences(db: ReadDb, language: GlossLanguage): ReferenceRow[] {
  return ROWS(db).all({ codes: CODES[language] })
}

const OF_CLIP = prepared<{ codes: string; clipId: ClipId }, ReferenceRow>(`
  SELECT ${ROW}
  FROM clip JOIN reference ON reference.id = ${FIRST_REFERENCE}
    LEFT JOIN tagged_sentence AS tagged ON tagged.reference_id = reference.id
  WHERE clip.id = :clipId AND trim(reference.text) <> ''`)

export function findReferenceOfClip(
  db: ReadDb,
  language: GlossLanguage,
  clipId: ClipId,
): ReferenceRow | undefined {
  return OF_CLIP(db).get({ codes: CODES[language], clipId })
}

/** [surface, lemma, part of speech or null, 1 where the tagger was unsure] */
export type StoredWord = [surface: string, lemma: string, pos: Upos | null, isUnsure: 0 | 1]

const WORDS = prepared<[string], { referenceId: ReferenceId; words: string }>(
  `SELECT reference_id AS referenceId, words FROM tagged_sentence
   WHERE reference_id IN (SELECT value FROM json_each(?))`,
)

export function readWords(db: ReadDb, ids: readonly ReferenceId[]): Map<ReferenceId, StoredWord[]> {
  const rows = WORDS(db).all(JSON.stringify(ids))
  return new Map(rows.map(({ referenceId, words }) => [referenceId, JSON.parse(words) as StoredWord[]]))
}

export interface TaggingRecord {
  id: number
  providerId: string
  name: string
  version: string
  sha256: string
  isImported: number
  madeAt: number
}

const TAGGINGS = prepared<[], TaggingRecord>(
  `SELECT id, provider_id AS providerId, name, version, sha256, is_imported AS isImported, made_at AS madeAt
   FROM tagging ORDER BY id`,
)

export function listTaggings(db: ReadDb): TaggingRecord[] {
  return TAGGINGS(db).all()
}

const SAVE_TAGGING = prepared<Omit<TaggingRecord, 'id'>, { id: number }>(
  `INSERT INTO tagging (provider_id, name, version, sha256, is_imported, made_at)
   VALUES (:providerId, :name, :version, :sha256, :isImported, :madeAt)
   ON CONFLICT (provider_id, version, sha256) DO UPDATE SET name = excluded.name RETURNING id`,
)

export function saveTagging(db: WriteDb, tagging: Omit<TaggingRecord, 'id'>): number {
  const row = SAVE_TAGGING(db).get(tagging)
  if (!row) throw new Error('RETURNING gave no row')
  return row.id
}

const SAVE_SENTENCE = prepared<{ referenceId: ReferenceId; taggingId: number; text: string; words: string }>(
  `INSERT INTO tagged_sentence (reference_id, tagging_id, text, words)
   SELECT id, :taggingId, :text, :words FROM reference WHERE id = :referenceId
   ON CONFLICT (reference_id) DO UPDATE SET tagging_id = excluded.tagging_id, text = excluded.text, words = excluded.words`,
)

/** Where the reference has been removed meanwhile, nothing is stored. */
export function saveSentence(
  db: WriteDb,
  sentence: { referenceId: ReferenceId; taggingId: number; text: string; words: readonly StoredWord[] },
): void {
  SAVE_SENTENCE(db).run({ ...sentence, words: JSON.stringify(sentence.words) })
}

export interface CorrectionRecord {
  id: number
  referenceId: ReferenceId | null
  surface: string
  occurrence: number
  isKept: 0 | 1 | null
  lemma: string | null
  pos: Upos | null
}

const CORRECTION = `id, reference_id AS referenceId, surface, occurrence, is_kept AS isKept, lemma, pos`

const CORRECTIONS = prepared<[], CorrectionRecord>(`SELECT ${CORRECTION} FROM gloss_correction ORDER BY id`)

export function listCorrections(db: ReadDb): CorrectionRecord[] {
  return CORRECTIONS(db).all()
}

const CORRECTION_OF = prepared<
  { referenceId: ReferenceId | null; surface: string; occurrence: number },
  CorrectionRecord
>(
  `SELECT ${CORRECTION} FROM gloss_correction
   WHERE coalesce(reference_id, 0) = coalesce(:referenceId, 0) AND surface = :surface AND occurrence = :occurrence`,
)

export function findCorrection(
  db: ReadDb,
  place: { referenceId: ReferenceId | null; surface: string; occurrence: number },
): CorrectionRecord | undefined {
  return CORRECTION_OF(db).get(place)
}

export interface SettingRecord {
  id: number
  language: GlossLanguage
  providerId: string | null
  splits: string
  rule: string
}

const SETTING = prepared<[], SettingRecord>(
  `SELECT id, language, provider_id AS providerId, splits, rule FROM gloss_setting ORDER BY id LIMIT 1`,
)

export function findSetting(db: ReadDb): SettingRecord | undefined {
  return SETTING(db).get()
}

const LANGUAGES = prepared<[], { language: string; references: number }>(
  `SELECT lower(substr(language, 1, instr(language || '-', '-') - 1)) AS language, count(*) AS "references"
   FROM reference GROUP BY 1 ORDER BY 2 DESC`,
)

/** The languages of the references by how many there are. */
export function languagesOf(db: ReadDb): string[] {
  return LANGUAGES(db)
    .all()
    .map(({ language }) => language)
}

const SAMPLE = prepared<[], string>(`SELECT text FROM reference ORDER BY id LIMIT 200`)

export function sampleTexts(db: ReadDb): string[] {
  return SAMPLE(db).pluck().all() as string[]
}

const SPLITS = prepared<[], string>(`SELECT DISTINCT split FROM clip ORDER BY split`)

export function listSplits(db: ReadDb): string[] {
  return SPLITS(db).pluck().all() as string[]
}
