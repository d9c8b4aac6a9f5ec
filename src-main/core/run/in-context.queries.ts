import type { ClipId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

export interface SentenceRecord {
  clipId: ClipId
  language: string
  text: string
}

const OF_SPLIT = prepared<[string], SentenceRecord>(`
  SELECT clip_id AS clipId, language, text FROM reference JOIN clip ON clip.id = clip_id
  WHERE clip.split = ? ORDER BY clip_id, ordinal`)

export function sentencesOfSplit(db: ReadDb, split: string): SentenceRecord[] {
  return OF_SPLIT(db).all(split)
}

const OF_CLIPS = prepared<[string], SentenceRecord>(`
  SELECT clip_id AS clipId, language, text FROM json_each(?) AS wanted JOIN reference ON clip_id = wanted.value
  ORDER BY wanted.key, ordinal`)

export function sentencesOfClips(db: ReadDb, clipIds: readonly ClipId[]): SentenceRecord[] {
  return OF_CLIPS(db).all(JSON.stringify(clipIds))
}
