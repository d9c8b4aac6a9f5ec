import type { RecordingId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

interface Span {
  name: string
  recordingId: RecordingId
  startMs: number
  endMs: number
  firstFrame: number
  lastFrame: number
}

const SPANS = prepared<[], Span>(
  `SELECT name, recording_id AS recordingId, start_ms AS startMs, end_ms AS endMs, first_frame AS firstFrame,
     last_frame AS lastFrame
   FROM clip ORDER BY id`,
)

export function findSpans(db: ReadDb): Span[] {
  return SPANS(db).all()
}

const ADD_TYPE = prepared<[]>(
  `INSERT INTO tier_type (name, stereotype) VALUES ('default', 'none') ON CONFLICT DO NOTHING`,
)
const ADD_TIER = prepared<[RecordingId], { id: number }>(
  `INSERT INTO tier (recording_id, type_id, name, ordinal)
   SELECT ?, tier_type.id, 'Gloss', 0 FROM tier_type WHERE name = 'default'
   ON CONFLICT (recording_id, name) DO NOTHING RETURNING id`,
)
const ADD_ANNOTATION = prepared<{ tierId: number; startMs: number; endMs: number; value: string }>(
  `INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (:tierId, :startMs, :endMs, :value)`,
)

/** Leaves a recording alone that already has such a tier. */
export function addGlossTier(
  db: WriteDb,
  recordingId: RecordingId,
  annotations: readonly { startMs: number; endMs: number; value: string }[],
): void {
  ADD_TYPE(db).run()
  const tier = ADD_TIER(db).get(recordingId)
  if (!tier) return
  for (const annotation of annotations) ADD_ANNOTATION(db).run({ tierId: tier.id, ...annotation })
}

const ADD_CONSENTS = prepared<[]>(
  `INSERT INTO consent (signer_id, research, publish, commercial, train, face_visible, note)
   SELECT id, 1, 1, 1, 1, 1, 'A drawn signer, no person.' FROM signer
   WHERE NOT EXISTS (SELECT 1 FROM consent WHERE signer_id = signer.id)`,
)

export function addDemoConsents(db: WriteDb): void {
  ADD_CONSENTS(db).run()
}
