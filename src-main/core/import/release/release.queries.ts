import type { ClipId, MediaId, RecordingId, RunId } from '#shared/contract/ids.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import { prepared } from '../../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../../db/types.ts'

const HAS_CLIPS = prepared<[], number>(`SELECT EXISTS (SELECT 1 FROM clip) OR EXISTS (SELECT 1 FROM run)`)

export function hasClips(db: ReadDb): boolean {
  return HAS_CLIPS(db).pluck().get() === 1
}

const CLIP = prepared<[string], ClipId>('SELECT id FROM clip WHERE name = ?')

export function findClipId(db: ReadDb, name: string): ClipId | undefined {
  return CLIP(db).pluck().get(name) as ClipId | undefined
}

const RECORDING = prepared<{ name: string; note: string }, RecordingId>(
  `INSERT INTO recording (name, note) VALUES (:name, :note) ON CONFLICT (name) DO UPDATE SET note = excluded.note
   RETURNING id`,
)

export function recordingId(db: WriteDb, recording: { name: string; note: string }): RecordingId {
  return RECORDING(db).pluck().get(recording) as RecordingId
}

export interface MediaRow {
  recordingId: RecordingId
  role: string
  path: string
  bytes: number
  contentHash: string
  offsetMs: number
  frames: number
  durationMs: number
  facts: string
  frameIndex: Uint8Array
  licence: string
  isAbsent: number
}

const MEDIA = prepared<MediaRow, MediaId>(
  `INSERT INTO media (recording_id, role, path, bytes, mtime_ms, content_hash, offset_ms, frames, duration_ms, facts,
     frame_index, licence, is_absent)
   VALUES (:recordingId, :role, :path, :bytes, 0, :contentHash, :offsetMs, :frames, :durationMs, :facts,
     :frameIndex, :licence, :isAbsent)
   ON CONFLICT (path) DO UPDATE SET licence = excluded.licence RETURNING id`,
)

export function mediaId(db: WriteDb, media: MediaRow): MediaId {
  return MEDIA(db).pluck().get(media) as MediaId
}

export interface ClipRow {
  name: string
  recordingId: RecordingId
  mediaId: MediaId
  startMs: number
  endMs: number
  firstFrame: number
  lastFrame: number
  split: string
  signerId: number | null
  state: string
  note: string
  gloss: string
}

const INSERT_CLIP = prepared<ClipRow, ClipId>(
  `INSERT INTO clip (name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame, split, signer_id, state, note, gloss)
   VALUES (:name, :recordingId, :mediaId, :startMs, :endMs, :firstFrame, :lastFrame, :split, :signerId, :state, :note, :gloss)
   RETURNING id`,
)

export function insertClip(db: WriteDb, clip: ClipRow): ClipId {
  return INSERT_CLIP(db).pluck().get(clip) as ClipId
}

const CUT = prepared<[string], { id: ClipId; mediaId: MediaId; frames: number }>(
  `SELECT clip.id, media_id AS mediaId, last_frame - first_frame + 1 AS frames FROM clip
   WHERE name = ? AND NOT EXISTS (SELECT 1 FROM clip_origin WHERE clip_id = clip.id)`,
)

/** A clip that is still a stretch of a recording; undefined for one that has its own file. */
export function findUncutClip(db: ReadDb, name: string) {
  return CUT(db).get(name)
}

const KEEP_ORIGIN = prepared<[ClipId]>(
  `INSERT INTO clip_origin (clip_id, media_id, start_ms, first_frame)
   SELECT id, media_id, start_ms, first_frame FROM clip WHERE id = ?`,
)
const TO_OWN_FILE = prepared<{ id: ClipId; recordingId: RecordingId; mediaId: MediaId }>(
  `UPDATE clip SET recording_id = :recordingId, media_id = :mediaId, end_ms = end_ms - start_ms, start_ms = 0,
     last_frame = last_frame - first_frame, first_frame = 0 WHERE id = :id`,
)

/** From here on the clip is all of this file; where it was cut from is remembered. */
export function moveClipToFile(
  db: WriteDb,
  place: { id: ClipId; recordingId: RecordingId; mediaId: MediaId },
): void {
  KEEP_ORIGIN(db).run(place.id)
  TO_OWN_FILE(db).run(place)
}

const INSERT_TAG = prepared<[ClipId, string]>('INSERT INTO clip_tag (clip_id, tag) VALUES (?, ?)')

export function insertTag(db: WriteDb, clipId: ClipId, tag: string): void {
  INSERT_TAG(db).run(clipId, tag)
}

export interface VersionRow {
  version: number
  text: string
  source: string
  changedAt: number
  changedBy: string
}

const INSERT_REFERENCE = prepared<VersionRow & { clipId: ClipId; language: string; ordinal: number }, number>(
  `INSERT INTO reference (clip_id, language, ordinal, text, version, source, changed_at, changed_by)
   VALUES (:clipId, :language, :ordinal, :text, :version, :source, :changedAt, :changedBy) RETURNING id`,
)

const INSERT_VERSION = prepared<VersionRow & { referenceId: number }>(
  `INSERT INTO reference_version (reference_id, version, text, source, changed_at, changed_by)
   VALUES (:referenceId, :version, :text, :source, :changedAt, :changedBy)`,
)

/** A reference with its history; its own columns are those of the last version. */
export function insertReference(
  db: WriteDb,
  place: { clipId: ClipId; language: string; ordinal: number },
  versions: readonly VersionRow[],
): void {
  const current = versions.at(-1)!
  const referenceId = INSERT_REFERENCE(db)
    .pluck()
    .get({ ...place, ...current }) as number
  for (const version of versions) INSERT_VERSION(db).run({ referenceId, ...version })
}

export interface ConsentRow {
  id: number
  signerId: number
  research: number
  publish: number
  commercial: number
  train: number
  faceVisible: number
  territory: string
  validUntil: number | null
  evidenceSha256: string
}

const INSERT_CONSENT = prepared<ConsentRow>(
  `INSERT INTO consent (id, signer_id, research, publish, commercial, train, face_visible, territory, valid_until, evidence_sha256)
   VALUES (:id, :signerId, :research, :publish, :commercial, :train, :faceVisible, :territory, :validUntil, :evidenceSha256)
   ON CONFLICT (id) DO NOTHING`,
)

export function insertConsent(db: WriteDb, consent: ConsentRow): void {
  INSERT_CONSENT(db).run(consent)
}

export interface LicenceRow {
  name: string
  holder: string
  source: string
  attribution: string
  shareAlike: number
  noDerivatives: number
  nonCommercial: number
}

const INSERT_LICENCE = prepared<LicenceRow>(
  `INSERT INTO licence (name, holder, source, attribution, share_alike, no_derivatives, non_commercial)
   VALUES (:name, :holder, :source, :attribution, :shareAlike, :noDerivatives, :nonCommercial)
   ON CONFLICT (name) DO NOTHING`,
)

export function insertLicence(db: WriteDb, licence: LicenceRow): void {
  INSERT_LICENCE(db).run(licence)
}

export interface RunRow {
  name: string
  modelId: number
  kind: string
  task: TaskType
  parameters: string
  device: string | null
  warning: string | null
  createdAt: number
  clips: number
}

const RUN = prepared<[string], RunId>('SELECT id FROM run WHERE name = ?')
const INSERT_RUN = prepared<RunRow, RunId>(
  `INSERT INTO run (name, model_id, kind, task, parameters, device, warning, created_at, clips)
   VALUES (:name, :modelId, :kind, :task, :parameters, :device, :warning, :createdAt, :clips) RETURNING id`,
)

export function findRunId(db: ReadDb, name: string): RunId | undefined {
  return RUN(db).pluck().get(name) as RunId | undefined
}

export function insertRun(db: WriteDb, run: RunRow): RunId {
  return INSERT_RUN(db).pluck().get(run) as RunId
}

const INSERT_WORK = prepared<{
  title: string
  runId: RunId
  clips: number
  attempts: number
  startedAt: number
  finishedAt: number
}>(
  `INSERT INTO job (kind, title, state, parameters, done, total, unit, attempts, created_at, started_at, finished_at, run_id)
   VALUES ('translate', :title, 'done', '{}', :clips, :clips, 'clips', :attempts, :startedAt, :startedAt, :finishedAt, :runId)`,
)

/** The job that made a run, as a thing of the past. */
export function insertWork(db: WriteDb, work: Parameters<ReturnType<typeof INSERT_WORK>['run']>[0]): void {
  INSERT_WORK(db).run(work)
}

const INSERT_HYPOTHESIS = prepared<
  { runId: RunId; clipId: ClipId; rank: number; text: string; score: number | null; tokenIds: string | null },
  number
>(
  `INSERT INTO hypothesis (run_id, clip_id, rank, text, score, token_ids)
   VALUES (:runId, :clipId, :rank, :text, :score, :tokenIds) ON CONFLICT DO NOTHING RETURNING id`,
)

/** Undefined where it is there already, with its ratings. */
export function insertHypothesis(
  db: WriteDb,
  hypothesis: {
    runId: RunId
    clipId: ClipId
    rank: number
    text: string
    score: number | null
    tokenIds: string | null
  },
): number | undefined {
  return INSERT_HYPOTHESIS(db).pluck().get(hypothesis) as number | undefined
}

const INSERT_RATING = prepared<
  { hypothesisId: number; annotator: string; protocol: string; value: number; ratedAt: number },
  number
>(
  `INSERT INTO rating (hypothesis_id, annotator, protocol, value, rated_at)
   VALUES (:hypothesisId, :annotator, :protocol, :value, :ratedAt) RETURNING id`,
)

const INSERT_REPEAT = prepared<{ ratingId: number; value: number; ratedAt: number }>(
  'INSERT INTO repeated_rating (rating_id, value, rated_at) VALUES (:ratingId, :value, :ratedAt)',
)

export interface RatingRow {
  annotator: string
  protocol: string
  value: number
  ratedAt: number
  repeats: readonly { value: number; ratedAt: number }[]
}

export function insertRating(db: WriteDb, hypothesisId: number, { repeats, ...rating }: RatingRow): void {
  const ratingId = INSERT_RATING(db)
    .pluck()
    .get({ hypothesisId, ...rating }) as number
  for (const repeat of repeats) INSERT_REPEAT(db).run({ ratingId, ...repeat })
}

const REMOVE_DOCUMENT_RATINGS = prepared<[RunId]>('DELETE FROM document_rating WHERE run_id = ?')
const INSERT_DOCUMENT_RATING = prepared<{
  runId: RunId
  document: string
  annotator: string
  protocol: string
  value: number
  ratedAt: number
}>(
  `INSERT INTO document_rating (run_id, document, annotator, protocol, value, rated_at)
   VALUES (:runId, :document, :annotator, :protocol, :value, :ratedAt)`,
)

/** All that a release says of a run's documents, in place of what an import that was stopped had written. */
export function setDocumentRatings(
  db: WriteDb,
  runId: RunId,
  ratings: readonly {
    document: string
    annotator: string
    protocol: string
    value: number
    ratedAt: number
  }[],
): void {
  REMOVE_DOCUMENT_RATINGS(db).run(runId)
  for (const rating of ratings) INSERT_DOCUMENT_RATING(db).run({ runId, ...rating })
}

const CHOICE = prepared<[string, string]>('INSERT INTO evaluation_choice (recipe, normalisers) VALUES (?, ?)')

/** Normalisers are a JSON array of their names. */
export function insertChoice(db: WriteDb, recipe: string, normalisers: string): void {
  CHOICE(db).run(recipe, normalisers)
}
