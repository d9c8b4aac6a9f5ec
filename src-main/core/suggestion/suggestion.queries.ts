import type { AnnotationId, ClipId, RecordingId, SuggestionId, TierId } from '#shared/contract/ids.ts'
import type { Origin, Suggestion } from '#shared/contract/suggestion.ts'
import { foldedWord } from '#shared/domain/gloss-spelling.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const COLUMNS = `suggestion.id, suggestion.tier_id AS tierId, suggestion.clip_id AS clipId,
  suggestion.start_ms AS startMs, suggestion.end_ms AS endMs, suggestion.value, suggestion.score, suggestion.mass`

const OPEN = prepared<[RecordingId], Suggestion>(
  `SELECT ${COLUMNS} FROM tier JOIN suggestion ON suggestion.tier_id = tier.id AND suggestion.state = 'open'
   WHERE tier.recording_id = ? ORDER BY suggestion.start_ms, suggestion.id`,
)

/** In the order of time. */
export function listOpen(db: ReadDb, recordingId: RecordingId): Suggestion[] {
  return OPEN(db).all(recordingId)
}

const OPEN_BY_ID = prepared<[SuggestionId], Suggestion>(
  `SELECT ${COLUMNS} FROM suggestion WHERE id = ? AND state = 'open'`,
)

export function findOpen(db: ReadDb, id: SuggestionId): Suggestion | undefined {
  return OPEN_BY_ID(db).get(id)
}

const OPEN_IN_CLIP = prepared<[TierId, ClipId], SuggestionId>(
  `SELECT id FROM suggestion WHERE tier_id = ? AND state = 'open' AND clip_id = ?`,
)

export function listOpenInClip(db: ReadDb, tierId: TierId, clipId: ClipId): SuggestionId[] {
  return OPEN_IN_CLIP(db).pluck().all(tierId, clipId) as SuggestionId[]
}

interface Place {
  tierId: TierId
  startMs: number
  endMs: number
}

const KNOWN_THERE = prepared<Place, string>(
  `SELECT value FROM suggestion WHERE tier_id = :tierId AND state = 'rejected'
     AND start_ms < :endMs AND end_ms > :startMs
   UNION ALL
   SELECT value FROM annotation WHERE tier_id = :tierId AND start_ms < :endMs AND end_ms > :startMs`,
)

/** Whether the same word was rejected on this tier at this time, or is annotated there. */
export function isKnown(db: ReadDb, { value, ...place }: Place & { value: string }): boolean {
  const there = KNOWN_THERE(db).pluck().all(place) as string[]
  return there.some(other => foldedWord(other) === foldedWord(value))
}

const ORIGINS = prepared<[RecordingId], Origin>(
  `SELECT suggestion.annotation_id AS annotationId, model.name AS model, model.version, proposal.measure,
     proposal.threshold, proposal.made_at AS proposedAt, proposal.made_by AS proposedBy,
     suggestion.start_ms AS startMs, suggestion.end_ms AS endMs, suggestion.value, suggestion.score, suggestion.mass
   FROM tier JOIN suggestion ON suggestion.tier_id = tier.id AND suggestion.state = 'accepted'
     JOIN proposal ON proposal.id = suggestion.proposal_id JOIN model ON model.id = proposal.model_id
   WHERE tier.recording_id = ? AND suggestion.annotation_id IS NOT NULL
   ORDER BY suggestion.start_ms, suggestion.id`,
)

/** Of those annotations of the recording that began as suggestions. */
export function listOrigins(
  db: ReadDb,
  recordingId: RecordingId,
): (Origin & { annotationId: AnnotationId })[] {
  return ORIGINS(db).all(recordingId)
}

interface AcceptedRow {
  tierId: TierId
  tier: string
  proposalId: number
  model: string
  version: string
  /** Hash of the weights that proposed it. */
  weights: string
  measure: string
  threshold: number
  proposedAt: number
  proposedBy: string
  /** As the annotation is now. */
  startMs: number
  endMs: number
  value: string
  score: number
}

export interface AcceptedSuggestion extends AcceptedRow {
  /** As the model proposed it. */
  proposed: { startMs: number; endMs: number; value: string }
}

type ProposedColumns = { proposedStartMs: number; proposedEndMs: number; proposedValue: string }

const ACCEPTED = prepared<[RecordingId], AcceptedRow & ProposedColumns>(
  `SELECT tier.id AS tierId, tier.name AS tier, proposal.id AS proposalId, model.name AS model, model.version,
     model.fingerprint AS weights, proposal.measure, proposal.threshold, proposal.made_at AS proposedAt,
     proposal.made_by AS proposedBy, annotation.start_ms AS startMs, annotation.end_ms AS endMs, annotation.value,
     suggestion.score, suggestion.start_ms AS proposedStartMs, suggestion.end_ms AS proposedEndMs,
     suggestion.value AS proposedValue
   FROM tier JOIN suggestion ON suggestion.tier_id = tier.id AND suggestion.state = 'accepted'
     JOIN annotation ON annotation.id = suggestion.annotation_id
     JOIN proposal ON proposal.id = suggestion.proposal_id JOIN model ON model.id = proposal.model_id
   WHERE tier.recording_id = ? ORDER BY tier.ordinal, tier.id, proposal.id, annotation.start_ms, annotation.id`,
)

/** Annotations of the recording that began as suggestions, with who proposed them and how. */
export function listAccepted(db: ReadDb, recordingId: RecordingId): AcceptedSuggestion[] {
  return ACCEPTED(db)
    .all(recordingId)
    .map(({ proposedStartMs: startMs, proposedEndMs: endMs, proposedValue: value, ...row }) => ({
      ...row,
      proposed: { startMs, endMs, value },
    }))
}
