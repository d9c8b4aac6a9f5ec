import type { LinkedAnnotation, Stereotype, Tier } from '#shared/contract/annotation.ts'
import type { AnnotationId, RecordingId, TierId, TierTypeId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export type TierRecord = Tier & { typeId: TierTypeId; fileId: number | null; filePlace: number | null }
type TierRow = Omit<TierRecord, 'isSentenceView'>

const TIER = `SELECT tier.id, tier.recording_id AS recordingId, tier.parent_id AS parentId, tier.name,
  tier.type_id AS typeId, tier_type.name AS typeName, tier_type.stereotype, tier_type.vocabulary_id AS vocabularyId,
  tier.ordinal, tier.participant, tier.annotator, tier.language, tier.default_locale AS defaultLocale,
  tier.file_id AS fileId, tier.file_place AS filePlace
  FROM tier JOIN tier_type ON tier_type.id = tier.type_id`

const TIERS = prepared<[RecordingId], TierRow>(
  `${TIER} WHERE tier.recording_id = ? ORDER BY tier.ordinal, tier.id`,
)

export function listTiers(db: ReadDb, recordingId: RecordingId): TierRecord[] {
  return TIERS(db).all(recordingId).map(withRows)
}

function withRows(tier: TierRow): TierRecord {
  return { ...tier, isSentenceView: false }
}

/** As the contract shows it. */
export function shownTier({ fileId: _file, filePlace: _place, ...tier }: TierRecord): Tier {
  return tier
}

const TIER_BY_ID = prepared<[TierId], TierRow>(`${TIER} WHERE tier.id = ?`)

export function findTier(db: ReadDb, id: TierId): TierRecord | undefined {
  const tier = TIER_BY_ID(db).get(id)
  return tier && withRows(tier)
}

const CHILD_TIERS = prepared<[TierId], TierRow>(
  `${TIER} WHERE tier.parent_id = ? ORDER BY tier.ordinal, tier.id`,
)

export function listChildTiers(db: ReadDb, id: TierId): TierRecord[] {
  return CHILD_TIERS(db).all(id).map(withRows)
}

const TIERS_OF_TYPE = prepared<[TierTypeId], TierRow>(`${TIER} WHERE tier.type_id = ? ORDER BY tier.id`)

export function listTiersOfType(db: ReadDb, id: TierTypeId): TierRecord[] {
  return TIERS_OF_TYPE(db).all(id).map(withRows)
}

const TIER_NAMED = prepared<[RecordingId, string], TierId>(
  `SELECT id FROM tier WHERE recording_id = ? AND name = ?`,
)

export function findTierNamed(db: ReadDb, recordingId: RecordingId, name: string): TierId | undefined {
  return TIER_NAMED(db).pluck().get(recordingId, name) as TierId | undefined
}

const NEXT_ORDINAL = prepared<[RecordingId], number>(
  `SELECT coalesce(max(ordinal) + 1, 0) FROM tier WHERE recording_id = ?`,
)

export function nextTierOrdinal(db: ReadDb, recordingId: RecordingId): number {
  return NEXT_ORDINAL(db).pluck().get(recordingId) as number
}

const TYPE_OF = prepared<[Stereotype], number>(
  `SELECT id FROM tier_type WHERE stereotype = ? AND vocabulary_id IS NULL ORDER BY id LIMIT 1`,
)

/** The oldest type with this stereotype and no vocabulary. */
export function findTypeOf(db: ReadDb, stereotype: Stereotype): number | undefined {
  return TYPE_OF(db).pluck().get(stereotype) as number | undefined
}

const TYPE_NAMED = prepared<[string], number>(`SELECT id FROM tier_type WHERE name = ?`)

export function hasTypeNamed(db: ReadDb, name: string): boolean {
  return TYPE_NAMED(db).get(name) !== undefined
}

const RECORDING = prepared<[RecordingId], string>(`SELECT name FROM recording WHERE id = ?`)

export function hasRecording(db: ReadDb, id: RecordingId): boolean {
  return RECORDING(db).get(id) !== undefined
}

export function recordingName(db: ReadDb, id: RecordingId): string {
  return (RECORDING(db).pluck().get(id) as string | undefined) ?? ''
}

export type AnnotationRecord = LinkedAnnotation

const COLUMNS = `annotation.id, annotation.tier_id AS tierId, annotation.parent_id AS parentId,
  annotation.start_ms AS startMs, annotation.end_ms AS endMs, annotation.value, annotation.entry_id AS entryId`

const ANNOTATION = prepared<[AnnotationId], AnnotationRecord>(
  `SELECT ${COLUMNS} FROM annotation WHERE id = ?`,
)

export function findAnnotation(db: ReadDb, id: AnnotationId): AnnotationRecord | undefined {
  return ANNOTATION(db).get(id)
}

const IN_RANGE = prepared<{ recordingId: RecordingId; fromMs: number; toMs: number }, LinkedAnnotation>(
  `SELECT ${COLUMNS}
   FROM tier CROSS JOIN annotation ON annotation.tier_id = tier.id
   WHERE tier.recording_id = :recordingId AND annotation.start_ms < :toMs AND annotation.end_ms > :fromMs
   ORDER BY tier.ordinal, tier.id, annotation.start_ms`,
)

/** What any tier of the recording shows between two times. */
export function listAnnotations(
  db: ReadDb,
  range: { recordingId: RecordingId; fromMs: number; toMs: number },
): LinkedAnnotation[] {
  return IN_RANGE(db).all(range)
}

const OVERLAPPING = prepared<
  { tierId: TierId; startMs: number; endMs: number; except: number },
  AnnotationRecord
>(
  `SELECT ${COLUMNS} FROM annotation
   WHERE tier_id = :tierId AND start_ms < :endMs AND end_ms > :startMs AND id <> :except
   ORDER BY start_ms LIMIT 1`,
)

/** The first annotation of the tier that shares time with the span. */
export function findOverlapping(
  db: ReadDb,
  tierId: TierId,
  span: { startMs: number; endMs: number },
  except: AnnotationId | null = null,
): AnnotationRecord | undefined {
  return OVERLAPPING(db).get({ tierId, startMs: span.startMs, endMs: span.endMs, except: except ?? 0 })
}

const CHILDREN = prepared<[AnnotationId, TierId], AnnotationRecord>(
  `SELECT ${COLUMNS} FROM annotation WHERE parent_id = ? AND tier_id = ? ORDER BY start_ms, id`,
)

export function listChildren(db: ReadDb, parentId: AnnotationId, tierId: TierId): AnnotationRecord[] {
  return CHILDREN(db).all(parentId, tierId)
}

const OF_TIER = prepared<[TierId], AnnotationRecord>(
  `SELECT ${COLUMNS} FROM annotation WHERE tier_id = ? ORDER BY start_ms, end_ms, id`,
)

export function listOfTier(db: ReadDb, tierId: TierId): AnnotationRecord[] {
  return OF_TIER(db).all(tierId)
}

const NEXT_ON_TIER = prepared<{ tierId: TierId; startMs: number; id: AnnotationId }, AnnotationRecord>(
  `SELECT ${COLUMNS} FROM annotation
   WHERE tier_id = :tierId AND (start_ms, id) > (:startMs, :id) AND id <> :id
   ORDER BY start_ms, id LIMIT 1`,
)

export function findNext(
  db: ReadDb,
  { tierId, startMs, id }: AnnotationRecord,
): AnnotationRecord | undefined {
  return NEXT_ON_TIER(db).get({ tierId, startMs, id })
}

const DURATION = prepared<[RecordingId, RecordingId], number>(
  `SELECT max(
     coalesce((SELECT max(duration_ms - offset_ms) FROM media WHERE recording_id = ?), 0),
     coalesce((SELECT max(end_ms) FROM tier JOIN annotation ON tier_id = tier.id WHERE recording_id = ?), 0))`,
)

/** To the end of the longest medium, or of the last annotation where that is later. */
export function recordingDuration(db: ReadDb, id: RecordingId): number {
  return DURATION(db).pluck().get(id, id) as number
}

// What hangs on the given rows, and they themselves.
const FAMILY = prepared<{ ids: string; tierIds: string }, { annotations: number; tiers: number }>(
  `WITH RECURSIVE
     below (id) AS (
       SELECT value FROM json_each(:tierIds)
       UNION SELECT tier.id FROM below JOIN tier ON tier.parent_id = below.id),
     family (id) AS (
       SELECT value FROM json_each(:ids)
       UNION SELECT annotation.id FROM below JOIN annotation ON tier_id = below.id
       UNION SELECT annotation.id FROM family JOIN annotation ON annotation.parent_id = family.id)
   SELECT (SELECT count(*) FROM family) AS annotations, (SELECT count(*) FROM below) AS tiers`,
)

export function countFamily(
  db: ReadDb,
  given: { annotationIds?: readonly AnnotationId[]; tierIds?: readonly TierId[] },
): { annotations: number; tiers: number } {
  const ids = JSON.stringify(given.annotationIds ?? [])
  return FAMILY(db).get({ ids, tierIds: JSON.stringify(given.tierIds ?? []) }) ?? { annotations: 0, tiers: 0 }
}
