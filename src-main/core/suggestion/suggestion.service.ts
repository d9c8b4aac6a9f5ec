import type { LinkedAnnotation } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { RecordingId, SuggestionId } from '#shared/contract/ids.ts'
import type { Origin, Suggestion } from '#shared/contract/suggestion.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { type Proposals, putSuggestions, type SuggestionDeps } from './put-suggestions.ts'
import { findOpen, listOpen, listOrigins } from './suggestion.queries.ts'

/**
 * What models propose for tiers. Suggestions are no annotations until somebody accepts them, and an accepted one
 * tells for good where its annotation comes from.
 */
export function createSuggestionService(context: CorpusContext, { editing, annotations }: SuggestionDeps) {
  const { db } = context

  function accept(ids: readonly SuggestionId[]): LinkedAnnotation[] {
    const open = ids.map(id => existing(db, id))
    return editing.together(labelOf('Accept', open), () =>
      open.map(({ id, tierId, startMs, endMs, value }) => {
        const annotation = annotations.create({ tierId, startMs, endMs, value })
        editing.run('Accept', {}, tx =>
          tx.update('suggestion', id, { state: 'accepted', annotation_id: annotation.id }),
        )
        return annotation
      }),
    )
  }

  function reject(ids: readonly SuggestionId[]): void {
    const open = ids.map(id => existing(db, id))
    editing.run(labelOf('Reject', open), {}, tx => {
      for (const { id } of open) tx.update('suggestion', id, { state: 'rejected' })
    })
  }

  return {
    put: (proposals: Proposals) => putSuggestions(context, { editing, annotations }, proposals),
    accept,
    reject,
    list: (recordingId: RecordingId): Suggestion[] => listOpen(db, recordingId),
    origins: (recordingId: RecordingId): Origin[] => listOrigins(db, recordingId),
  }
}

export type SuggestionService = ReturnType<typeof createSuggestionService>

function existing(db: ReadDb, id: SuggestionId): Suggestion {
  const found = findOpen(db, id)
  if (found) return found
  throw new AppError(
    'not-found',
    'This suggestion is no longer open: it was accepted, rejected or replaced.',
    { details: { suggestionId: id } },
  )
}

function labelOf(verb: string, [first, ...others]: readonly Suggestion[]): string {
  return others.length === 0 ? `${verb} “${first?.value ?? ''}”` : `${verb} ${others.length + 1} suggestions`
}
