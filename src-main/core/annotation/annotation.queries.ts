import type { Annotation, Stereotype, Tier } from '#shared/contract/annotation.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

type TierRecord = Omit<Tier, 'isSentenceView'>

const TIER = `SELECT tier.id, tier.recording_id AS recordingId, tier.parent_id AS parentId, tier.name,
  tier_type.name AS typeName, tier_type.stereotype, tier.ordinal, tier.participant, tier.annotator, tier.language
  FROM tier JOIN tier_type ON tier_type.id = tier.type_id`

const TIERS = prepared<[RecordingId], TierRecord>(
  `${TIER} WHERE tier.recording_id = ? ORDER BY tier.ordinal, tier.id`,
)

export function listTiers(db: ReadDb, recordingId: RecordingId): Tier[] {
  return TIERS(db)
    .all(recordingId)
    .map(tier => ({ ...tier, isSentenceView: false }))
}

const TIER_BY_ID = prepared<[TierId], TierRecord>(`${TIER} WHERE tier.id = ?`)

export function findTier(db: ReadDb, id: TierId): Tier | undefined {
  const tier = TIER_BY_ID(db).get(id)
  return tier && { ...tier, isSentenceView: false }
}

const CHILD_TIERS = prepared<[TierId], TierRecord>(
  `${TIER} WHERE tier.parent_id = ? ORDER BY tier.ordinal, tier.id`,
)

export function listChildTiers(db: ReadDb, id: TierId): Tier[] {
  return CHILD_TIERS(db)
    .all(id)
    .map(tier => ({ ...tier, isSentenceView: false }))
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
  `SELECT id FROM tier_type WHERE stereotype = ? ORDER BY id LIMIT 1`,
)

/** The oldest type with these rules. */
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

export interface AnnotationRecord extends Annotation {
  parentId: AnnotationId | null
}

const COLUMNS = `annotation.id, annotation.tier_id AS tierId, annotation.parent_id AS parentId,
  annotation.start_ms AS startMs, annotation.end_ms AS endMs, annotation.value`

const ANNOTATION = prepared<[AnnotationId], AnnotationRecord>(
  `SELECT ${COLUMNS} FROM annotation WHERE id = ?`,
)

export function findAnnotation(db: ReadDb, id: AnnotationId): AnnotationRecord | undefined {
  return ANNOTATION(db).get(id)
}

const IN_RANGE = prepared<{ recordingId: RecordingId; fromMs: number; toMs: number }, Annotation>(
  `SELECT annotation.id, annotation.tier_id AS tierId, annotation.start_ms AS startMs, annotation.end_ms AS endMs,
     annotation.value
   FROM tier CROSS JOIN annotation ON annotation.tier_id = tier.id
   WHERE tier.recording_id = :recordingId AND annotation.start_ms < :toMs AND annotation.end_ms > :fromMs
   ORDER BY tier.ordinal, tier.id, annotation.start_ms`,
)

/** What any tier of the recording shows between two times. */
export function listAnnotations(
  db: ReadDb,
  range: { recordingId: RecordingId; fromMs: number; toMs: number },
): Annotation[] {
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
