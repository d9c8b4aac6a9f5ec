import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Judged } from './judged.ts'

interface RatingRow {
  ratingId: number
  hypothesisId: HypothesisId
  runId: RunId
  run: string
  clipId: ClipId
  clip: string
  text: string
  annotator: string
  value: number
  at: number
}

const RATINGS = prepared<[], RatingRow>(
  `SELECT rating.id AS ratingId, hypothesis.id AS hypothesisId, run.id AS runId, run.name AS run,
     clip.id AS clipId, clip.name AS clip, hypothesis.text, rating.annotator, rating.value, rating.rated_at AS at
   FROM rating
   JOIN hypothesis ON hypothesis.id = rating.hypothesis_id
   JOIN run ON run.id = hypothesis.run_id
   JOIN clip ON clip.id = hypothesis.clip_id
   ORDER BY rating.id`,
)

const REPEATS = prepared<[], { ratingId: number; value: number }>(
  `SELECT rating_id AS ratingId, value FROM repeated_rating ORDER BY id`,
)

interface DocumentRow {
  runId: RunId
  run: string
  document: string
  annotator: string
  value: number
  at: number
}

const DOCUMENTS = prepared<[], DocumentRow>(
  `SELECT run.id AS runId, run.name AS run, document, annotator, value, rated_at AS at
   FROM document_rating JOIN run ON run.id = run_id ORDER BY document_rating.id`,
)

/** Ratings outside campaigns: sliders and imported files. */
export function listRatings(db: ReadDb): Judged[] {
  return [...clipRatings(db), ...documentRatings(db)]
}

function clipRatings(db: ReadDb): Judged[] {
  const repeats = Map.groupBy(REPEATS(db).all(), row => row.ratingId)
  return RATINGS(db)
    .all()
    .map(({ ratingId, clip, ...row }) => ({
      ...row,
      unit: `output ${row.hypothesisId}`,
      name: clip,
      seconds: null,
      repeats: (repeats.get(ratingId) ?? []).map(({ value }) => value),
    }))
}

/** A document that the same annotator was given again stands in further rows of the table. */
function documentRatings(db: ReadDb): Judged[] {
  const first = new Map<string, Judged & { repeats: number[] }>()
  for (const { document, ...row } of DOCUMENTS(db).all()) {
    const unit = `document ${row.runId} ${document}`
    const key = `${unit}\t${row.annotator}`
    const known = first.get(key)
    if (known) known.repeats.push(row.value)
    else {
      const nothing = { clipId: null, hypothesisId: null, text: '', seconds: null }
      first.set(key, { ...row, ...nothing, unit, name: document, repeats: [] })
    }
  }
  return [...first.values()]
}

const COUNT = prepared<[], { judgements: number; annotators: string }>(
  `SELECT count(*) AS judgements, json_group_array(DISTINCT annotator) AS annotators FROM
     (SELECT annotator FROM rating UNION ALL SELECT annotator FROM document_rating)`,
)

export function countRatings(db: ReadDb): { judgements: number; annotators: string[] } {
  const { judgements, annotators } = COUNT(db).get() ?? { judgements: 0, annotators: '[]' }
  return { judgements, annotators: (JSON.parse(annotators) as string[]).toSorted() }
}
