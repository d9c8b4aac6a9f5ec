import type { AnnotationScope } from '#shared/contract/annotation-bulk.ts'
import { AppError } from '#shared/contract/errors.ts'
import { clipOfSentence } from '#shared/domain/sentence-view.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../../db/prepared.ts'
import type { ReadDb } from '../../../db/types.ts'
import { type AnnotationRecord, recordingName } from '../annotation.queries.ts'
import { existingTier } from '../tier.service.ts'

const COLUMNS = `annotation.id, annotation.tier_id AS tierId, annotation.parent_id AS parentId,
  annotation.start_ms AS startMs, annotation.end_ms AS endMs, annotation.value, annotation.entry_id AS entryId`
const ORDER = `ORDER BY tier.recording_id, tier.ordinal, tier.id, annotation.start_ms, annotation.id`
const FROM = `FROM tier CROSS JOIN annotation ON annotation.tier_id = tier.id`

const BY_IDS = prepared<[string], AnnotationRecord>(
  `SELECT ${COLUMNS} FROM json_each(?) AS wanted JOIN annotation ON annotation.id = wanted.value
   JOIN tier ON tier.id = tier_id ${ORDER}`,
)
const BY_TIERS = prepared<[string], AnnotationRecord>(
  `SELECT ${COLUMNS} ${FROM} WHERE tier.id IN (SELECT value FROM json_each(?)) ${ORDER}`,
)
const BY_RECORDING = prepared<{ id: RecordingId; fromMs: number }, AnnotationRecord>(
  `SELECT ${COLUMNS} ${FROM} WHERE tier.recording_id = :id AND annotation.start_ms >= :fromMs ${ORDER}`,
)
const ALL = prepared<[], AnnotationRecord>(`SELECT ${COLUMNS} ${FROM} ${ORDER}`)

/** By recording, tier and time. */
export function annotationsIn(db: ReadDb, scope: AnnotationScope): AnnotationRecord[] {
  if (scope.kind === 'annotations') {
    if (scope.annotationIds.some(id => clipOfSentence(id) !== null))
      throw new AppError('invalid-input', 'Sentences are clips: they are changed one by one, not in bulk.')
    return BY_IDS(db).all(JSON.stringify(scope.annotationIds))
  }
  if (scope.kind === 'tiers') {
    for (const id of scope.tierIds) existingTier(db, id)
    return BY_TIERS(db).all(JSON.stringify(scope.tierIds))
  }
  if (scope.kind === 'corpus') return ALL(db).all()
  if (scope.kind === 'hits')
    throw new Error('A search was not carried out before its hits were to be changed.')
  const fromMs = scope.kind === 'after' ? scope.fromMs : Number.MIN_SAFE_INTEGER
  return BY_RECORDING(db).all({ id: scope.recordingId, fromMs })
}

export function scopeName(db: ReadDb, scope: AnnotationScope): string {
  if (scope.kind === 'annotations')
    return scope.annotationIds.length === 1 ? 'an annotation' : `${scope.annotationIds.length} annotations`
  if (scope.kind === 'tiers') return scope.tierIds.map(id => existingTier(db, id as TierId).name).join(', ')
  return scope.kind === 'corpus' || scope.kind === 'hits'
    ? 'the corpus'
    : recordingName(db, scope.recordingId)
}
