import { prepared } from '../../db/prepared.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'

export type CorpusFact =
  | 'name'
  | 'demo'
  | 'checked-at'
  | 'tier-layout'
  | 'pseudonym-secret'
  | 'last-release'
  | 'imported-release'
  | 'saved-searches'

const FACT = prepared<[CorpusFact], string>(`SELECT value FROM corpus_fact WHERE key = ?`)

export function findFact(db: ReadDb, key: CorpusFact): string | undefined {
  return FACT(db).pluck().get(key) as string | undefined
}

const SET_FACT = prepared<[CorpusFact, string]>(
  `INSERT INTO corpus_fact (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
)

export function setFact(db: WriteDb, key: CorpusFact, value: string): void {
  SET_FACT(db).run(key, value)
}

const COUNTS = prepared<[], { clips: number; recordings: number }>(
  `SELECT (SELECT count(*) FROM clip) AS clips, (SELECT count(*) FROM recording) AS recordings`,
)

export function countClips(db: ReadDb): { clips: number; recordings: number } {
  return COUNTS(db).get() ?? { clips: 0, recordings: 0 }
}

const SPLITS = prepared<[], { split: string; clips: number }>(
  `SELECT split, count(*) AS clips FROM clip GROUP BY split ORDER BY split`,
)

export function countBySplit(db: ReadDb): { split: string; clips: number }[] {
  return SPLITS(db).all()
}

const STATES = prepared<[], { state: string; clips: number }>(
  `SELECT state, count(*) AS clips FROM clip GROUP BY state ORDER BY state`,
)

export function countByState(db: ReadDb): { state: string; clips: number }[] {
  return STATES(db).all()
}

const SIGNERS = prepared<[], { signer: string; clips: number }>(
  `SELECT signer.name AS signer, count(*) AS clips FROM clip JOIN signer ON signer.id = clip.signer_id
   GROUP BY signer.id ORDER BY signer.name`,
)

export function countBySigner(db: ReadDb): { signer: string; clips: number }[] {
  return SIGNERS(db).all()
}

const MEDIA_PATHS = prepared<[], string>(`SELECT path FROM media WHERE is_absent = 0`)

export function listMediaPaths(db: ReadDb): string[] {
  return MEDIA_PATHS(db).pluck().all() as string[]
}

const FINGERPRINT = prepared<[], string>(
  `SELECT json_array(
     (SELECT json_group_array(name || ':' || seq ORDER BY name) FROM sqlite_sequence),
     (SELECT group_concat(id) FROM (SELECT id FROM edit WHERE state = 'undone' ORDER BY id)),
     (SELECT count(*) FROM edit WHERE state = 'settled'),
     (SELECT count(*) FROM clip), (SELECT count(*) FROM media), (SELECT count(*) FROM model),
     (SELECT count(*) FROM run), (SELECT count(*) FROM hypothesis),
     (SELECT count(*) FROM feature), (SELECT max(id) FROM feature))`,
)

/** Two states of a corpus with the same fingerprint hold the same work. */
export function fingerprintOf(db: ReadDb): string {
  return FINGERPRINT(db).pluck().get() as string
}

const HAS_WORK = prepared<[], number>(
  `SELECT EXISTS (SELECT 1 FROM edit) OR EXISTS (SELECT 1 FROM recording) OR EXISTS (SELECT 1 FROM run)`,
)

/** Whether there is anything that could be lost. */
export function hasWork(db: ReadDb): boolean {
  return HAS_WORK(db).pluck().get() === 1
}
