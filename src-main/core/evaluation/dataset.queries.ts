import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export interface SharedClip {
  clipId: ClipId
  name: string
  /** JSON array of reference texts by ordinal. */
  references: string
  language: string
}

const SHARED = prepared<{ runIds: string; runs: number; split: string | null }, SharedClip>(`
  SELECT clip.id AS clipId, clip.name,
    (SELECT json_group_array(text) FROM (SELECT text FROM reference WHERE clip_id = clip.id ORDER BY ordinal)) AS "references",
    (SELECT language FROM reference WHERE clip_id = clip.id ORDER BY ordinal LIMIT 1) AS language
  FROM clip
  WHERE (:split IS NULL OR clip.split = :split)
    AND EXISTS (SELECT 1 FROM reference WHERE clip_id = clip.id)
    AND (SELECT count(*) FROM hypothesis
         WHERE clip_id = clip.id AND rank = 0 AND run_id IN (SELECT value FROM json_each(:runIds))) = :runs
  ORDER BY clip.name`)

/** The clips with a reference that every run has translated, by name. */
export function sharedClips(db: ReadDb, runIds: readonly RunId[], split: string | null): SharedClip[] {
  return SHARED(db).all({ runIds: JSON.stringify(runIds), runs: new Set(runIds).size, split })
}

const ANY = prepared<{ runIds: string; split: string | null }, number>(`
  SELECT count(DISTINCT clip_id) FROM hypothesis JOIN clip ON clip.id = clip_id
  WHERE rank = 0 AND run_id IN (SELECT value FROM json_each(:runIds)) AND (:split IS NULL OR clip.split = :split)`)

/** How many clips any of the runs has translated. */
export function countTranslated(db: ReadDb, runIds: readonly RunId[], split: string | null): number {
  return ANY(db)
    .pluck()
    .get({ runIds: JSON.stringify(runIds), split }) as number
}

const HYPOTHESES = prepared<[RunId], { id: HypothesisId; clipId: ClipId; text: string }>(
  'SELECT id, clip_id AS clipId, text FROM hypothesis WHERE run_id = ? AND rank = 0',
)

export function bestHypotheses(
  db: ReadDb,
  runId: RunId,
): { id: HypothesisId; clipId: ClipId; text: string }[] {
  return HYPOTHESES(db).all(runId)
}

const REFERENCES = prepared<[ClipId], string>('SELECT text FROM reference WHERE clip_id = ? ORDER BY ordinal')

export function referencesOf(db: ReadDb, clipId: ClipId): string[] {
  return REFERENCES(db).pluck().all(clipId) as string[]
}

const SPLIT = prepared<[ClipId], string>('SELECT split FROM clip WHERE id = ?')

export function splitOf(db: ReadDb, clipId: ClipId): string | undefined {
  return SPLIT(db).pluck().get(clipId) as string | undefined
}

const TRAINING = prepared<[], string>(
  `SELECT reference.text FROM reference JOIN clip ON clip.id = reference.clip_id WHERE clip.split = 'train'`,
)

/** Reference sentences of the training split. */
export function trainingReferences(db: ReadDb): string[] {
  return TRAINING(db).pluck().all() as string[]
}

const KIND = prepared<[string], { id: number }>(
  `INSERT INTO statistics_kind (key) VALUES (?) ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id`,
)

export function kindId(db: WriteDb, key: string): number {
  const row = KIND(db).get(key)
  if (!row) throw new Error('RETURNING gave no row')
  return row.id
}

const STATISTICS = prepared<{ runId: RunId; kind: number }, { clipId: ClipId; numbers: Buffer }>(`
  SELECT hypothesis.clip_id AS clipId, segment_statistics.numbers
  FROM hypothesis JOIN segment_statistics ON hypothesis_id = hypothesis.id
  WHERE hypothesis.run_id = :runId AND hypothesis.rank = 0 AND kind_id = :kind`)

/** What was kept of a run for one kind of statistics. */
export function keptStatistics(
  db: ReadDb,
  runId: RunId,
  kind: number,
): IterableIterator<{ clipId: ClipId; numbers: Buffer }> {
  return STATISTICS(db).iterate({ runId, kind })
}

const KEEP = prepared<[HypothesisId, number, Buffer]>(
  'INSERT OR REPLACE INTO segment_statistics (hypothesis_id, kind_id, numbers) VALUES (?, ?, ?)',
)

export function keepStatistics(db: WriteDb, id: HypothesisId, kind: number, numbers: Buffer): void {
  KEEP(db).run(id, kind, numbers)
}

const TESTED = prepared<[string], string>('SELECT report FROM significance WHERE basis = ?')

/** The report of a test of the same statistics, as JSON. */
export function findSignificance(db: ReadDb, basis: string): string | undefined {
  return TESTED(db).pluck().get(basis) as string | undefined
}

const SAVE_TEST = prepared<[string, number, string]>(
  'INSERT OR REPLACE INTO significance (basis, tested_at, report) VALUES (?, ?, ?)',
)

export function saveSignificance(db: WriteDb, basis: string, at: number, report: string): void {
  SAVE_TEST(db).run(basis, at, report)
}

const LATEST_TEST = prepared<
  { runIds: string; split: string | null; recipe: string; normalisers: string },
  string
>(`
  SELECT report FROM significance
  WHERE report ->> 'recipe' = :recipe AND report -> 'normalisers' = :normalisers AND report ->> 'split' IS :split
    AND (SELECT json_group_array(run) FROM (SELECT value ->> 'runId' AS run FROM json_each(report, '$.runs') ORDER BY run)) = :runIds
  ORDER BY tested_at DESC, id DESC LIMIT 1`)

/** The report of the latest test of these runs (JSON of `SignificanceReport`), whatever their sentences were then. */
export function latestSignificance(
  db: ReadDb,
  scope: { runIds: readonly RunId[]; split: string | null; choice: EvaluationChoice },
): string | undefined {
  const { recipe, normalisers } = scope.choice
  const runIds = JSON.stringify(scope.runIds.toSorted((a, b) => a - b))
  return LATEST_TEST(db)
    .pluck()
    .get({ runIds, split: scope.split, recipe, normalisers: JSON.stringify(normalisers) }) as
    | string
    | undefined
}

const ALL_TESTS = prepared<[], string>('SELECT report FROM significance ORDER BY tested_at, id')

/** Every report (JSON of `SignificanceReport`), the earliest first. */
export function listSignificance(db: ReadDb): string[] {
  return ALL_TESTS(db).pluck().all() as string[]
}

const MODEL_OF_RUN = prepared<[RunId], { bundle: string; fingerprint: string }>(
  'SELECT bundle, fingerprint FROM run JOIN model ON model.id = model_id WHERE run.id = ?',
)

/** What made a run: the name of its bundle, empty for other systems, and what identifies the weights. */
export function modelOfRun(db: ReadDb, runId: RunId): { bundle: string; fingerprint: string } | undefined {
  return MODEL_OF_RUN(db).get(runId)
}
