import type { ClipId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { changeCount } from './clip.queries.ts'
import { findUnscoredClips, findWithoutText, keepMatching, type ClipOrder } from './clip.search.ts'

/** Answers to this many questions are kept: a table with and without its search text, another facet, the review queue. */
const KEPT = 6

interface Answer {
  ids: ClipId[]
  /** How much had been written when it was given; more makes it stale. */
  changes: number
  usesScores: boolean
}

/** One sorted pass answers every page of a long table, until anything in the corpus is written. */
export function createOrderedIds(db: ReadDb, ensureSentenceScores: (clipIds: readonly ClipId[]) => void) {
  const kept = new Map<string, Answer>()

  function find({ filter, sort, descending }: ClipOrder): ClipId[] {
    const { text, ...rest } = filter
    const order = { filter: rest, sort, descending }
    const key = JSON.stringify([rest, text, sort, descending])
    const known = kept.get(key)
    if (known?.changes === changeCount(db)) return known.ids
    const usesScores = sort === 'bleu' || sort === 'chrf' || rest.belowBleu !== undefined
    const ids = text === undefined ? findAll(order, usesScores) : keepMatching(db, text, () => find(order))
    kept.delete(key)
    kept.set(key, { ids, changes: changeCount(db), usesScores })
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest)
    return ids
  }

  function findAll(order: ClipOrder, usesScores: boolean): ClipId[] {
    const unscored = usesScores ? findUnscoredClips(db, order.filter.runId ?? null) : []
    if (unscored.length > 0) ensureSentenceScores(unscored)
    return findWithoutText(db, order)
  }

  /** Scores the rows on screen; lists that are sorted by something else stay as they are. */
  function score(clipIds: readonly ClipId[]): void {
    const before = changeCount(db)
    ensureSentenceScores(clipIds)
    for (const answer of kept.values())
      if (!answer.usesScores && answer.changes === before) answer.changes = changeCount(db)
  }

  return { find, score }
}
