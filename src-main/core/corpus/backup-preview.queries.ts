import type { BackupPreview } from '#shared/contract/corpus.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

type Counts = Pick<BackupPreview, 'clips' | 'recordings' | 'references' | 'annotations'>

const COUNT = prepared<[], Counts>(
  `SELECT (SELECT count(*) FROM clip) AS clips, (SELECT count(*) FROM recording) AS recordings,
     (SELECT count(*) FROM reference) AS "references", (SELECT count(*) FROM annotation) AS annotations`,
)

export function countRows(db: ReadDb): Counts {
  return COUNT(db).get() as Counts
}

const NEWEST_EDITS = prepared<[], BackupPreview['lastEdits'][number]>(
  `SELECT at, author, label FROM main.edit WHERE state IN ('applied', 'settled') ORDER BY id DESC LIMIT 8`,
)

export function newestEdits(db: ReadDb): BackupPreview['lastEdits'] {
  return NEWEST_EDITS(db).all()
}

const EDITS_SINCE = prepared<[], number>(
  `SELECT count(*) FROM present.edit WHERE id > (SELECT ifnull(max(id), 0) FROM main.edit)`,
)
const CLIPS_SINCE = prepared<[], Change>(
  `SELECT
     (SELECT count(*) FROM present.clip WHERE id NOT IN (SELECT id FROM main.clip)) AS added,
     (SELECT count(*) FROM present.clip AS now JOIN main.clip AS was USING (id)
      WHERE (now.name, now.start_ms, now.end_ms, now.split, now.state, now.note)
         IS NOT (was.name, was.start_ms, was.end_ms, was.split, was.state, was.note)) AS changed,
     (SELECT count(*) FROM main.clip WHERE id NOT IN (SELECT id FROM present.clip)) AS removed`,
)
const REFERENCES_SINCE = prepared<[], Change>(
  `SELECT
     (SELECT count(*) FROM present.reference WHERE id NOT IN (SELECT id FROM main.reference)) AS added,
     (SELECT count(*) FROM present.reference AS now JOIN main.reference AS was USING (id)
      WHERE now.text IS NOT was.text) AS changed,
     (SELECT count(*) FROM main.reference WHERE id NOT IN (SELECT id FROM present.reference)) AS removed`,
)
const ANNOTATIONS_SINCE = prepared<[], Change>(
  `SELECT
     (SELECT count(*) FROM present.annotation WHERE id NOT IN (SELECT id FROM main.annotation)) AS added,
     (SELECT count(*) FROM present.annotation AS now JOIN main.annotation AS was USING (id)
      WHERE (now.tier_id, now.start_ms, now.end_ms, now.value)
         IS NOT (was.tier_id, was.start_ms, was.end_ms, was.value)) AS changed,
     (SELECT count(*) FROM main.annotation WHERE id NOT IN (SELECT id FROM present.annotation)) AS removed`,
)

type Change = NonNullable<BackupPreview['since']>['clips']

/** From the backup, `main`, to the corpus that is attached as `present`. */
export function changesSince(db: ReadDb): NonNullable<BackupPreview['since']> {
  return {
    edits: EDITS_SINCE(db).pluck().get() as number,
    clips: CLIPS_SINCE(db).get() as Change,
    references: REFERENCES_SINCE(db).get() as Change,
    annotations: ANNOTATIONS_SINCE(db).get() as Change,
  }
}
