import type { ClipId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import { GLOSSES_OF_CLIP } from '../clip/clip.sql.ts'
import type { PromptExample } from './prompt.ts'

const WITH_GLOSSES = prepared<{ ids: string; tier: string | null }, { clipId: ClipId; glosses: string }>(
  `SELECT clip.id AS clipId, trim(${GLOSSES_OF_CLIP}) AS glosses
   FROM json_each(:ids) AS wanted JOIN clip ON clip.id = wanted.value ORDER BY wanted.key`,
)

/** In the given order; empty where the clip has none. */
export function glossesOfClips(
  db: ReadDb,
  clipIds: readonly ClipId[],
  tier: string | null,
): { clipId: ClipId; glosses: string }[] {
  return WITH_GLOSSES(db).all({ ids: JSON.stringify(clipIds), tier })
}

const OF_TRAINING = prepared<{ tier: string | null }, PromptExample>(
  `SELECT clipId, name, glosses, text FROM (
     SELECT clip.id AS clipId, clip.name, trim(${GLOSSES_OF_CLIP}) AS glosses, reference.text
     FROM clip JOIN reference ON reference.clip_id = clip.id AND reference.ordinal = 0
     WHERE clip.split = 'train' AND trim(reference.text) <> ''
   ) WHERE glosses <> ''`,
)

/** Clips of the training split with glosses and a sentence. */
export function trainingExamples(db: ReadDb, tier: string | null): PromptExample[] {
  return OF_TRAINING(db).all({ tier })
}
