import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { RunOutput } from '#shared/contract/run.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface RunRecord {
  id: RunId
  name: string
  modelName: string
  kind: string
  task: TaskType
  createdAt: number
  clips: number
  translated: number
  device: string | null
  warning: string | null
  /** JSON. */
  parameters: string
}

const COLUMNS = `
  run.id, run.name, model.name AS modelName, run.kind, task, created_at AS createdAt, clips, device, warning, parameters,
  (SELECT count(*) FROM hypothesis WHERE run_id = run.id AND rank = 0) AS translated
  FROM run JOIN model ON model.id = model_id`

const ALL = prepared<[], RunRecord>(`SELECT ${COLUMNS} ORDER BY run.id DESC`)
const BY_ID = prepared<[RunId], RunRecord>(`SELECT ${COLUMNS} WHERE run.id = ?`)
const BY_NAME = prepared<[string], RunRecord>(`SELECT ${COLUMNS} WHERE run.name = ?`)

export function listRuns(db: ReadDb): RunRecord[] {
  return ALL(db).all()
}

export function findRun(db: ReadDb, id: RunId): RunRecord | undefined {
  return BY_ID(db).get(id)
}

export function findRunNamed(db: ReadDb, name: string): RunRecord | undefined {
  return BY_NAME(db).get(name)
}

const INSERT_MODEL = prepared<Record<string, string>, { id: number }>(`
  INSERT INTO model (bundle, fingerprint, name, version, kind, manifest)
  VALUES (:bundle, :fingerprint, :name, :version, :kind, :manifest)
  ON CONFLICT (fingerprint) DO UPDATE SET bundle = excluded.bundle RETURNING id`)

export interface ModelFacts {
  bundle: string
  /** Identifies the weights: a run points to what it was really made with, also after the bundle is replaced. */
  fingerprint: string
  name: string
  version: string
  kind: string
  manifest: string
}

export function rememberModel(db: WriteDb, model: ModelFacts): number {
  const row = INSERT_MODEL(db).get({ ...model })
  if (!row) throw new Error('RETURNING gave no row')
  return row.id
}

const INSERT_RUN = prepared<Record<string, unknown>, { id: RunId }>(`
  INSERT INTO run (name, model_id, kind, task, parameters, warning, created_at, clips)
  VALUES (:name, :modelId, :kind, :task, :parameters, :warning, :now, :clips) RETURNING id`)

export interface NewRun {
  name: string
  modelId: number
  kind: string
  task: TaskType
  parameters: unknown
  warning: string | null
  clips: number
}

export function insertRun(db: WriteDb, run: NewRun, now: number): RunId {
  const row = INSERT_RUN(db).get({ ...run, parameters: JSON.stringify(run.parameters), now })
  if (!row) throw new Error('RETURNING gave no row')
  return row.id
}

const SET_DEVICE = prepared<[string, RunId]>('UPDATE run SET device = ? WHERE id = ?')

export function setRunDevice(db: WriteDb, id: RunId, device: string): void {
  SET_DEVICE(db).run(device, id)
}

const REMOVE = prepared<[RunId]>('DELETE FROM run WHERE id = ?')

export function removeRun(db: WriteDb, id: RunId): void {
  REMOVE(db).run(id)
}

const BEST_OUTPUTS = prepared<[RunId], RunOutput>(
  `SELECT clip.name AS clip, text, score FROM hypothesis JOIN clip ON clip.id = clip_id
   WHERE run_id = ? AND rank = 0 ORDER BY clip.name`,
)

export function listBestOutputs(db: ReadDb, runId: RunId): RunOutput[] {
  return BEST_OUTPUTS(db).all(runId)
}

/** Not INSERT OR REPLACE: what that takes away fires no trigger, and the search index would go on finding it. */
const REMOVE_HYPOTHESES = prepared<[RunId, ClipId]>('DELETE FROM hypothesis WHERE run_id = ? AND clip_id = ?')

const INSERT_HYPOTHESIS = prepared<[RunId, ClipId, number, string, number | null, string | null]>(`
  INSERT INTO hypothesis (run_id, clip_id, rank, text, score, token_ids) VALUES (?, ?, ?, ?, ?, ?)`)

export interface NewHypothesis {
  text: string
  score: number | null
  tokens: readonly number[] | null
}

/** In place of those that the run has of the clip; best first. */
export function saveHypotheses(
  db: WriteDb,
  runId: RunId,
  clipId: ClipId,
  hypotheses: readonly NewHypothesis[],
): void {
  REMOVE_HYPOTHESES(db).run(runId, clipId)
  hypotheses.forEach(({ text, score, tokens }, rank) =>
    INSERT_HYPOTHESIS(db).run(runId, clipId, rank, text, score, tokens && JSON.stringify(tokens)),
  )
}
