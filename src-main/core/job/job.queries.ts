import type { ClipId, JobId, RunId } from '#shared/contract/ids.ts'
import type { Job, JobLogEntry } from '#shared/contract/job.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

/** A row of `job` as the runner needs it. */
export interface JobRecord {
  id: JobId
  kind: Job['kind']
  title: string
  state: Job['state']
  /** JSON; its shape belongs to the handler of the kind. */
  parameters: string
  done: number
  total: number
  unit: Job['unit']
  device: string | null
  attempts: number
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  problem: string | null
  warning: string | null
  runId: RunId | null
  output: string | null
  /** Set while the job waits for the user to say whether the CPU may go on. */
  failedDevice: string | null
  fallback: 'cpu' | null
  itemsDone: number
  itemsFailed: number
  itemsTotal: number
}

export interface JobItem {
  id: number
  clipId: ClipId
  clipName: string
  units: number
}

const COLUMNS = `
  id, kind, title, state, parameters, done, total, unit, device, attempts, created_at AS createdAt,
  started_at AS startedAt, finished_at AS finishedAt, problem, warning, run_id AS runId, output,
  failed_device AS failedDevice, fallback,
  (SELECT count(*) FROM job_item WHERE job_id = job.id AND state = 'done') AS itemsDone,
  (SELECT count(*) FROM job_item WHERE job_id = job.id AND state = 'failed') AS itemsFailed,
  (SELECT count(*) FROM job_item WHERE job_id = job.id) AS itemsTotal`

const ALL = prepared<[], JobRecord>(`SELECT ${COLUMNS} FROM job ORDER BY id DESC LIMIT 500`)
const BY_ID = prepared<[JobId], JobRecord>(`SELECT ${COLUMNS} FROM job WHERE id = ?`)
const NEXT = prepared<[string], JobRecord>(
  `SELECT ${COLUMNS} FROM job
   WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`,
)

export function listJobs(db: ReadDb): JobRecord[] {
  return ALL(db).all()
}

export function findJob(db: ReadDb, id: JobId): JobRecord | undefined {
  return BY_ID(db).get(id)
}

export function nextQueuedJob(db: ReadDb, kinds: readonly Job['kind'][]): JobRecord | undefined {
  return NEXT(db).get(JSON.stringify(kinds))
}

const STOPPED = prepared<Record<string, unknown>, { id: JobId }>(`
  SELECT job.id FROM job LEFT JOIN run ON run.id = run_id LEFT JOIN model ON model.id = run.model_id
  WHERE job.kind = :kind AND state IN ('paused', 'failed') AND json_remove(job.parameters, '$.runId') = :parameters
    AND model.fingerprint IS :weights AND (:runName IS NULL OR run.name = :runName)
    AND :clipIds = (SELECT json_group_array(clip_id) FROM (SELECT clip_id FROM job_item WHERE job_id = job.id ORDER BY id))
  ORDER BY job.id DESC LIMIT 1`)

/** What a job was asked for. Work with a run also names the weights, as one run must not mix two models. */
export interface StoppedWish {
  kind: Job['kind']
  parameters: object
  clipIds: readonly ClipId[]
  weights?: string
  runName?: string | undefined
}

/** The newest job of this wish that was paused or has failed. */
export function findStoppedJob(
  db: ReadDb,
  { kind, parameters, clipIds, weights, runName }: StoppedWish,
): JobId | undefined {
  const row = STOPPED(db).get({
    kind,
    parameters: JSON.stringify(parameters),
    clipIds: JSON.stringify(clipIds),
    weights: weights ?? null,
    runName: runName ?? null,
  })
  return row?.id
}

export interface NewJob {
  kind: Job['kind']
  title: string
  parameters: unknown
  unit: Job['unit']
  total: number
  warning?: string | null
  runId?: RunId | null
  output?: string | null
}

const INSERT = prepared<Record<string, unknown>, { id: JobId }>(
  `INSERT INTO job (id, kind, title, state, parameters, total, unit, created_at, warning, run_id, output)
   VALUES ((SELECT max(:firstId, coalesce(max(id), 0) + 1) FROM job), :kind, :title, 'queued', :parameters, :total, :unit, :now, :warning, :runId, :output) RETURNING id`,
)
const INSERT_ITEM = prepared<[JobId, ClipId, number]>(
  'INSERT INTO job_item (job_id, clip_id, units) VALUES (?, ?, ?)',
)

export function insertJob(
  db: WriteDb,
  job: NewJob & { firstId: number },
  items: readonly { clipId: ClipId; units: number }[],
  now: number,
): JobId {
  const row = INSERT(db).get({
    firstId: job.firstId,
    kind: job.kind,
    title: job.title,
    parameters: JSON.stringify(job.parameters),
    total: job.total,
    unit: job.unit,
    now,
    warning: job.warning ?? null,
    runId: job.runId ?? null,
    output: job.output ?? null,
  })
  if (!row) throw new Error('RETURNING gave no row')
  for (const item of items) INSERT_ITEM(db).run(row.id, item.clipId, item.units)
  return row.id
}

const UPDATE = prepared<Record<string, unknown>>(
  `UPDATE job SET state = :state, done = :done, device = :device, attempts = :attempts, started_at = :startedAt,
     finished_at = :finishedAt, problem = :problem, warning = :warning, output = :output, total = :total,
     run_id = :runId, failed_device = :failedDevice, fallback = :fallback
   WHERE id = :id`,
)

export function saveJob(db: WriteDb, job: JobRecord): void {
  UPDATE(db).run({
    id: job.id,
    runId: job.runId,
    state: job.state,
    done: job.done,
    total: job.total,
    device: job.device,
    attempts: job.attempts,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    problem: job.problem,
    warning: job.warning,
    output: job.output,
    failedDevice: job.failedDevice,
    fallback: job.fallback,
  })
}

const DELETE = prepared<[JobId]>('DELETE FROM job WHERE id = ?')

export function deleteJob(db: WriteDb, id: JobId): void {
  DELETE(db).run(id)
}

const NEXT_ITEMS = prepared<[JobId, number], JobItem>(
  `SELECT job_item.id, clip_id AS clipId, clip.name AS clipName, units
   FROM job_item JOIN clip ON clip.id = clip_id
   WHERE job_id = ? AND job_item.state = 'open' ORDER BY job_item.id LIMIT ?`,
)
const UNITS_DONE = prepared<[JobId], number>(
  `SELECT coalesce(sum(units), 0) FROM job_item WHERE job_id = ? AND state <> 'open'`,
)
const SET_ITEM = prepared<[string, string | null, number]>(
  'UPDATE job_item SET state = ?, problem = ? WHERE id = ?',
)
const REOPEN = prepared<[JobId]>(
  `UPDATE job_item SET state = 'open', problem = NULL WHERE job_id = ? AND state = 'failed'`,
)

export function nextOpenItems(db: ReadDb, id: JobId, most: number): JobItem[] {
  return NEXT_ITEMS(db).all(id, most)
}

export function unitsDone(db: ReadDb, id: JobId): number {
  return UNITS_DONE(db).pluck().get(id) as number
}

export function setItemState(
  db: WriteDb,
  itemId: number,
  state: 'done' | 'failed',
  problem: string | null,
): void {
  SET_ITEM(db).run(state, problem, itemId)
}

export function reopenFailedItems(db: WriteDb, id: JobId): void {
  REOPEN(db).run(id)
}

const LOG = prepared<[JobId], JobLogEntry>(
  'SELECT at, level, clip, message FROM job_log WHERE job_id = ? ORDER BY id DESC LIMIT 1000',
)
const INSERT_LOG = prepared<[JobId, number, string, string | null, string]>(
  'INSERT INTO job_log (job_id, at, level, clip, message) VALUES (?, ?, ?, ?, ?)',
)

export function jobLog(db: ReadDb, id: JobId): JobLogEntry[] {
  return LOG(db).all(id)
}

export function addJobLog(db: WriteDb, id: JobId, entry: JobLogEntry): void {
  INSERT_LOG(db).run(id, entry.at, entry.level, entry.clip, entry.message)
}

const UNFINISHED_EXTRACTION = prepared<[], 1>(
  `SELECT 1 FROM job WHERE kind IN ('extract', 'translate') AND state NOT IN ('done', 'cancelled') LIMIT 1`,
)

/** Whether a job that makes features runs, waits, or may be gone on with. */
export function hasUnfinishedExtraction(db: ReadDb): boolean {
  return UNFINISHED_EXTRACTION(db).get() !== undefined
}

const INTERRUPTED = prepared<[], { id: JobId }>(`SELECT id FROM job WHERE state = 'running'`)

/** Jobs that were running when the program ended without a goodbye. */
export function interruptedJobs(db: ReadDb): JobId[] {
  return INTERRUPTED(db)
    .all()
    .map(row => row.id)
}
