import type { SearchSource } from '#shared/contract/search.ts'
import type { AnnotationId, ClipId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface SearchTier {
  id: TierId
  recordingId: RecordingId
  name: string
  type: string
  participant: string
  annotator: string
  ordinal: number
}

const TIERS = prepared<[], SearchTier>(
  `SELECT tier.id, recording_id AS recordingId, tier.name, tier_type.name AS type, participant, annotator, ordinal
   FROM tier JOIN tier_type ON tier_type.id = type_id ORDER BY recording_id, ordinal, tier.id`,
)

export function listSearchTiers(db: ReadDb): SearchTier[] {
  return TIERS(db).all()
}

const RECORDINGS = prepared<[], { id: RecordingId; name: string }>(
  `SELECT id, name FROM recording ORDER BY name, id`,
)

export function listSearchRecordings(db: ReadDb): { id: RecordingId; name: string }[] {
  return RECORDINGS(db).all()
}

const WITH_ENTRY = prepared<[string], AnnotationId>(
  `SELECT annotation.id FROM vocabulary_value AS named CROSS JOIN annotation ON annotation.entry_id = named.entry_id
   WHERE named.value = ?`,
)

/** Annotations that stand for a vocabulary entry with this value in any language. */
export function listWithEntry(db: ReadDb, value: string): AnnotationId[] {
  return WITH_ENTRY(db).pluck().all(value) as AnnotationId[]
}

/** Clip, place name, start, end, text. */
export type ClipCells = [ClipId, string, number, number, string]

const SPAN = `clip.start_ms - offset_ms, clip.end_ms - offset_ms`
const OF_CLIPS: Record<Exclude<SearchSource, 'annotations'>, ReturnType<typeof prepared<[RecordingId]>>> = {
  references: prepared<[RecordingId]>(
    `SELECT clip.id, reference.language, ${SPAN}, reference.text
     FROM clip JOIN media ON media.id = media_id JOIN reference ON reference.clip_id = clip.id
     WHERE clip.recording_id = ? ORDER BY clip.start_ms, clip.id, reference.ordinal`,
  ),
  glosses: prepared<[RecordingId]>(
    `SELECT clip.id, '', ${SPAN}, clip.gloss FROM clip JOIN media ON media.id = media_id
     WHERE clip.recording_id = ? AND clip.gloss <> '' ORDER BY clip.start_ms, clip.id`,
  ),
  hypotheses: prepared<[RecordingId]>(
    `SELECT clip.id, run.name, ${SPAN}, hypothesis.text
     FROM clip JOIN media ON media.id = media_id JOIN hypothesis ON hypothesis.clip_id = clip.id AND hypothesis.rank = 0
     JOIN run ON run.id = run_id
     WHERE clip.recording_id = ? ORDER BY clip.start_ms, clip.id, run.name`,
  ),
}

/** The texts of a recording's clips, on the time line of the recording. */
export function listClipTexts(
  db: ReadDb,
  source: Exclude<SearchSource, 'annotations'>,
  recordingId: RecordingId,
): ClipCells[] {
  return OF_CLIPS[source](db).raw().all(recordingId) as ClipCells[]
}

const TYPES = prepared<[], string>(`SELECT name FROM tier_type ORDER BY name`)
const TIER_NAMES = prepared<[], string>(`SELECT DISTINCT name FROM tier ORDER BY name`)
const PARTICIPANTS = prepared<[], string>(
  `SELECT DISTINCT participant FROM tier WHERE participant <> '' ORDER BY participant`,
)

export function listNames(db: ReadDb): { tiers: string[]; types: string[]; participants: string[] } {
  return {
    tiers: TIER_NAMES(db).pluck().all() as string[],
    types: TYPES(db).pluck().all() as string[],
    participants: PARTICIPANTS(db).pluck().all() as string[],
  }
}
