import { AppError } from '#shared/contract/errors.ts'
import type { HypothesisId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { findRatedHypothesis, findRating } from './rating.queries.ts'

export function createRatingService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  /** The current annotator's judgement of one output; null takes it back. */
  function set({ hypothesisId, value }: { hypothesisId: HypothesisId; value: number | null }): void {
    const rated = findRatedHypothesis(db, hypothesisId)
    if (!rated)
      throw new AppError('not-found', 'The run that this output belongs to has been removed.', {
        details: { hypothesisId },
      })
    const annotator = context.author()
    const known = findRating(db, hypothesisId, annotator)
    if ((known?.value ?? null) === value) return
    const label =
      value === null ? `Unrate ${rated.run} on ${rated.clip}` : `Rate ${rated.run} on ${rated.clip}: ${value}`
    editing.run(label, { clipId: rated.clipId }, tx => {
      if (value === null) return known && tx.remove('rating', known.id)
      const row = { hypothesis_id: hypothesisId, annotator, value, rated_at: context.now() }
      return known ? tx.update('rating', known.id, row) : tx.insert('rating', row)
    })
  }

  return { set }
}
