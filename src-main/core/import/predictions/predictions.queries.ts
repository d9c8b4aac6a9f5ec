import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { prepared } from '../../../db/prepared.ts'
import type { ReadDb } from '../../../db/types.ts'

/** A clip as predictions are matched to it. */
export interface MatchableClip {
  id: ClipId
  name: string
  split: string
  referenceId: ReferenceId | null
  version: number | null
  language: string | null
  frames: number
  /** JSON: all its references, in order. */
  references: string
}

const CLIPS = prepared<{ split: string | null }, MatchableClip>(
  `SELECT clip.id, clip.name, clip.split, first.id AS referenceId, first.version, first.language,
     clip.last_frame - clip.first_frame + 1 AS frames,
     (SELECT json_group_array(text ORDER BY ordinal) FROM reference WHERE clip_id = clip.id) AS "references"
   FROM clip LEFT JOIN reference AS first ON first.clip_id = clip.id AND first.ordinal = 0
   WHERE :split IS NULL OR clip.split = :split
   ORDER BY clip.id`,
)

/** In the order in which they were imported. */
export function listMatchableClips(db: ReadDb, split: string | null): MatchableClip[] {
  return CLIPS(db).all({ split })
}

const RUN_NAMES = prepared<[], string>(`SELECT name FROM run`)

export function listRunNames(db: ReadDb): Set<string> {
  return new Set(RUN_NAMES(db).pluck().all() as string[])
}

const RUN_OF_MODEL = prepared<[string], string>(
  `SELECT run.name FROM run JOIN model ON model.id = model_id WHERE fingerprint = ? ORDER BY run.id LIMIT 1`,
)

/** The run that was made with exactly this. */
export function findRunMadeWith(db: ReadDb, fingerprint: string): string | undefined {
  return RUN_OF_MODEL(db).pluck().get(fingerprint) as string | undefined
}

const RECORDING_NAMES = prepared<[], string>(`SELECT name FROM recording`)

export function listRecordingNames(db: ReadDb): Set<string> {
  return new Set(RECORDING_NAMES(db).pluck().all() as string[])
}
