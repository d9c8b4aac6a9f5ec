import type { CampaignId, ClipId, HypothesisId } from '#shared/contract/ids.ts'
import { prepared } from '../../../db/prepared.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { AppraiseTask } from '../../../formats/ratings/appraise.ts'

const TASKS = prepared<[CampaignId], AppraiseTask>(
  `SELECT clip.name AS clip, recording.name AS document, media.path AS video, run.name AS system, output.text
   FROM campaign_item AS item
   JOIN campaign_output AS output ON output.item_id = item.id
   JOIN hypothesis ON hypothesis.id = output.hypothesis_id
   JOIN run ON run.id = hypothesis.run_id
   JOIN clip ON clip.id = item.clip_id
   JOIN recording ON recording.id = clip.recording_id
   JOIN media ON media.id = clip.media_id
   WHERE item.campaign_id = ? AND item.kind = 'judge'
   ORDER BY item.place, output.slot`,
)

/** What is judged, without repeats and checks, in its order. */
export function listTasks(db: ReadDb, id: CampaignId): AppraiseTask[] {
  return TASKS(db).all(id)
}

const LANGUAGE = prepared<[CampaignId], string>(
  `SELECT language FROM reference JOIN campaign_item AS item ON item.clip_id = reference.clip_id
   WHERE item.campaign_id = ? AND language <> '' GROUP BY language ORDER BY count(*) DESC LIMIT 1`,
)

/** The language that most references of its clips are in; empty where none says. */
export function campaignLanguage(db: ReadDb, id: CampaignId): string {
  return (LANGUAGE(db).pluck().get(id) as string | undefined) ?? ''
}

export interface OutputRow {
  hypothesisId: HypothesisId
  clipId: ClipId
  text: string
}

const OUTPUT = prepared<[string, string], OutputRow>(
  `SELECT hypothesis.id AS hypothesisId, clip.id AS clipId, hypothesis.text
   FROM run JOIN hypothesis ON hypothesis.run_id = run.id AND hypothesis.rank = 0
   JOIN clip ON clip.id = hypothesis.clip_id
   WHERE run.name = ? AND clip.name = ?`,
)

export function findOutput(db: ReadDb, run: string, clip: string): OutputRow | undefined {
  return OUTPUT(db).get(run, clip)
}

const RUN = prepared<[string], number>(`SELECT 1 FROM run WHERE name = ?`)

export function hasRun(db: ReadDb, name: string): boolean {
  return RUN(db).get(name) !== undefined
}
