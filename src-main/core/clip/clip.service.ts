import type { ClipDetail, ClipFilter, ClipRow, ClipSelection, ClipSpan } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, RecordingId, RunId } from '#shared/contract/ids.ts'
import { listClipsOf } from '../annotation/sentence-view.queries.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { findClip, findClipRows, listHypotheses, listReferences, listTags } from './clip.queries.ts'
import type { ClipSort } from './clip.search.ts'
import { createOrderedIds } from './ordered-ids.ts'
import { resolveSelection } from './selection.ts'
import { updateClip, updateLabel, type ClipChanges } from './update-clip.ts'

export interface ClipDeps {
  editing: Editing
  /** Scores every output of these clips that has no row in `sentence_score`. */
  ensureSentenceScores: (clipIds: readonly ClipId[]) => void
}

export function createClipService(context: CorpusContext, { editing, ensureSentenceScores }: ClipDeps) {
  const { db } = context
  const ordered = createOrderedIds(db, ensureSentenceScores)

  function list(input: {
    filter: ClipFilter
    sort: ClipSort
    descending: boolean
    offset: number
    limit: number
  }): { total: number; rows: ClipRow[] } {
    const { filter, sort, descending, offset, limit } = input
    const all = ordered.find({ filter, sort, descending })
    return { total: all.length, rows: rows(all.slice(offset, offset + limit), filter.runId ?? null) }
  }

  function rows(clipIds: readonly ClipId[], runId: RunId | null = null): ClipRow[] {
    const found = findClipRows(db, clipIds, runId)
    if (found.unscored.length === 0) return found.rows
    ordered.score(found.unscored)
    return findClipRows(db, clipIds, runId).rows
  }

  function get(clipId: ClipId): ClipDetail {
    const clip = findClip(db, clipId)
    if (!clip)
      throw new AppError('not-found', 'This clip is no longer in the corpus.', { details: { clipId } })
    const references = listReferences(db, clipId)
    let hypotheses = listHypotheses(db, clipId, context.author())
    if (references.length > 0 && hypotheses.some(hypothesis => hypothesis.bleu === null)) {
      ordered.score([clipId])
      hypotheses = listHypotheses(db, clipId, context.author())
    }
    return { ...clip, tags: listTags(db, clipId), references, hypotheses }
  }

  /** One edit, however many clips. */
  function update({ selection, changes }: { selection: ClipSelection; changes: ClipChanges }): {
    changed: number
  } {
    const clipIds = resolveSelection(db, selection)
    const changed: ClipId[] = []
    const onlyId = clipIds.length === 1 ? clipIds[0] : undefined
    const label = () => updateLabel(changes, changed.length, findClip(db, changed[0] as ClipId)?.name ?? '')
    editing.run(label, { clipId: onlyId ?? null }, tx => {
      for (const clipId of clipIds) if (updateClip(db, tx, clipId, changes)) changed.push(clipId)
    })
    return { changed: changed.length }
  }

  const ofRecording = (recordingId: RecordingId): ClipSpan[] => listClipsOf(db, { recordingId })

  return { list, rows, ids: ordered.find, get, ofRecording, update }
}
