import type { ClipFilter, ReviewState } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { AnnotatorProgress, WorthReason, WorthwhileClip } from '#shared/contract/rating.ts'
import { prepared } from '../../db/prepared.ts'
import type { CorpusContext } from '../context.ts'
import { WRITES_SENTENCES } from '../run/run.sql.ts'

interface Candidate {
  clipId: ClipId
  state: ReviewState
  /** JSON array of the best outputs, a run each. */
  outputs: string
  /** The highest sentence BLEU among them; null where none is scored. */
  bleu: number | null
}

const CANDIDATES = prepared<[string], Candidate>(
  `SELECT clip.id AS clipId, clip.state,
     (SELECT json_group_array(text) FROM hypothesis JOIN run ON run.id = run_id
      WHERE clip_id = clip.id AND rank = 0 AND ${WRITES_SENTENCES}) AS outputs,
     (SELECT max(bleu) FROM sentence_score JOIN hypothesis ON hypothesis.id = hypothesis_id
      WHERE clip_id = clip.id AND rank = 0) AS bleu
   FROM json_each(?) AS wanted JOIN clip ON clip.id = wanted.value ORDER BY wanted.key`,
)

const PROGRESS = prepared<[], AnnotatorProgress>(
  `SELECT author AS annotator, count(DISTINCT clip_id) AS clips,
     (SELECT count(*) FROM rating WHERE annotator = author) AS ratings, max(at) AS lastAt
   FROM edit WHERE clip_id IS NOT NULL AND state IN ('applied', 'settled') AND author <> ''
   GROUP BY author ORDER BY clips DESC, author`,
)

/** What is left to say about a clip in each state of its review. */
const OPEN: Record<ReviewState, number> = { new: 1, flagged: 0.7, seen: 0.4, corrected: 0, accepted: 0 }
/** Outputs that share less than this of their letter pairs count as different in the reason. */
const ALIKE = 0.6
const LOW_BLEU = 20

interface Deps {
  clipIds: (filter: ClipFilter) => readonly ClipId[]
  ensureSentenceScores: (clipIds: readonly ClipId[]) => void
}

/** Clips in the order in which a human's time is worth most, each with why. */
export function createReviewQueue({ db }: CorpusContext, { clipIds, ensureSentenceScores }: Deps) {
  function queue(filter: ClipFilter): WorthwhileClip[] {
    const ids = clipIds(filter)
    ensureSentenceScores(ids)
    const clips = CANDIDATES(db)
      .all(JSON.stringify(ids))
      .map((candidate, place) => ({ ...judge(candidate), place }))
    clips.sort((a, b) => b.worth - a.worth || a.place - b.place)
    return clips.map(({ clipId, reason, share }) => ({ clipId, reason, share }))
  }

  return { queue, progress: (): AnnotatorProgress[] => PROGRESS(db).all() }
}

/** Nobody has looked, systems disagree, or the best of them is far from the reference: all three add up. */
function judge({ clipId, state, outputs, bleu }: Candidate) {
  const likeness = meanLikeness(JSON.parse(outputs) as string[])
  const apart = likeness === null ? 0 : 1 - likeness
  const low = bleu === null ? 0 : 1 - Math.min(100, bleu) / 100
  const isDone = OPEN[state] === 0
  // What is reviewed comes last, however much systems differ on it.
  const worth = isDone ? (apart + low) / 10 : OPEN[state] + apart + low
  return { clipId, worth, ...reasonOf(state, likeness, bleu) }
}

function reasonOf(
  state: ReviewState,
  likeness: number | null,
  bleu: number | null,
): { reason: WorthReason; share: number | null } {
  if (OPEN[state] === 0) return { reason: 'reviewed', share: null }
  if (state === 'flagged') return { reason: 'flagged', share: null }
  const isApart = likeness !== null && likeness < ALIKE
  const isLow = bleu !== null && bleu < LOW_BLEU
  if (isApart && (!isLow || likeness < bleu / 100)) return { reason: 'systems-differ', share: likeness }
  if (isLow) return { reason: 'low-score', share: bleu / 100 }
  if (isApart) return { reason: 'systems-differ', share: likeness }
  return { reason: state === 'new' ? 'unseen' : 'seen', share: null }
}

/** Mean over pairs of outputs of the share of letter pairs that both have (Dice); null for fewer than two outputs. */
function meanLikeness(texts: readonly string[]): number | null {
  const bags = texts.map(letterPairs)
  let [sum, pairs] = [0, 0]
  bags.forEach((first, at) => {
    for (const second of bags.slice(at + 1)) {
      sum += dice(first, second)
      pairs += 1
    }
  })
  return pairs > 0 ? sum / pairs : null
}

function letterPairs(text: string): Map<string, number> {
  const signs = [...text.toLowerCase()].filter(sign => !/[\s\p{P}]/u.test(sign))
  const bag = new Map<string, number>()
  signs.forEach((sign, at) => {
    const pair = sign + (signs[at + 1] ?? '')
    bag.set(pair, (bag.get(pair) ?? 0) + 1)
  })
  return bag
}

function dice(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  let [shared, all] = [0, 0]
  for (const [pair, count] of first) {
    shared += Math.min(count, second.get(pair) ?? 0)
    all += count
  }
  for (const count of second.values()) all += count
  return all === 0 ? 1 : (2 * shared) / all
}
