import type { LinkedAnnotation } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ModelId, RecordingId, SuggestionId, TierId } from '#shared/contract/ids.ts'
import type { LocalisationMeasure, LocatedSegment, WordSource } from '#shared/contract/localisation.ts'
import type { Origin, Suggestion } from '#shared/contract/suggestion.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { findTierNamed } from '../annotation/annotation.queries.ts'
import type { AnnotationService } from '../annotation/annotation.service.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { rememberModel } from '../run/run.queries.ts'
import { weightsOf } from '../work/plan-translation.ts'
import { findOpen, isKnown, listOpen, listOpenInClip, listOrigins } from './suggestion.queries.ts'

export interface SuggestionDeps {
  editing: Editing
  annotations: Pick<AnnotationService, 'create' | 'createTier'>
}

export interface Proposals {
  bundle: Bundle
  modelId: ModelId
  /** Name of the tier that they are for. */
  tier: string
  measure: LocalisationMeasure
  threshold: number
  words: WordSource
  clips: readonly {
    clipId: LocatedSegment['clipId']
    recordingId: RecordingId
    segments: readonly LocatedSegment[]
  }[]
}

/**
 * What models propose for tiers. Suggestions are no annotations until somebody accepts them, and an accepted one
 * tells for good where its annotation comes from.
 */
export function createSuggestionService(context: CorpusContext, { editing, annotations }: SuggestionDeps) {
  const { db } = context

  /** As one step of undo. Open suggestions for these clips on this tier make way. */
  function put(proposals: Proposals): { proposed: number; known: number } {
    const modelRow = rememberProposer(context, proposals)
    let [proposed, known] = [0, 0]
    const label = () => `Propose ${counted(proposed, 'segment')} on ${proposals.tier}`
    editing.together(label, () => {
      const tierOf = tiersByName(proposals.tier)
      const places = proposals.clips
        .filter(({ segments }) => segments.length > 0)
        .map(clip => ({ ...clip, tierId: tierOf(clip.recordingId) }))
      editing.run('Propose segments', {}, tx => {
        let proposalId: number | undefined
        for (const { clipId, tierId, segments } of places) {
          for (const id of listOpenInClip(db, tierId, clipId)) tx.remove('suggestion', id)
          for (const segment of segments)
            if (isKnown(db, { tierId, ...spanOf(segment), value: segment.word })) known += 1
            else {
              proposalId ??= insertProposal(context, tx, modelRow, proposals)
              insertSuggestion(tx, { proposalId, tierId, segment })
              proposed += 1
            }
        }
      })
    })
    return { proposed, known }
  }

  /** The tier of this name in a recording; made where there is none. */
  function tiersByName(name: string): (recordingId: RecordingId) => TierId {
    return recordingId =>
      findTierNamed(db, recordingId, name) ??
      annotations.createTier({ recordingId, name, stereotype: 'none', parentId: null }).id
  }

  function accept(ids: readonly SuggestionId[]): LinkedAnnotation[] {
    const open = ids.map(existing)
    const label =
      open[0] && open.length === 1
        ? `Accept “${open[0].value}”`
        : `Accept ${counted(open.length, 'suggestion')}`
    return editing.together(label, () =>
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
    const open = ids.map(existing)
    const label =
      open[0] && open.length === 1
        ? `Reject “${open[0].value}”`
        : `Reject ${counted(open.length, 'suggestion')}`
    editing.run(label, {}, tx => {
      for (const { id } of open) tx.update('suggestion', id, { state: 'rejected' })
    })
  }

  function existing(id: SuggestionId): Suggestion {
    const found = findOpen(db, id)
    if (found) return found
    throw new AppError(
      'not-found',
      'This suggestion is no longer open: it was accepted, rejected or replaced.',
      {
        details: { suggestionId: id },
      },
    )
  }

  return {
    put,
    accept,
    reject,
    list: (recordingId: RecordingId): Suggestion[] => listOpen(db, recordingId),
    origins: (recordingId: RecordingId): Origin[] => listOrigins(db, recordingId),
  }
}

export type SuggestionService = ReturnType<typeof createSuggestionService>

const spanOf = ({ startMs, endMs }: LocatedSegment) => ({ startMs, endMs })

function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`
}

/** What was really asked, also after the bundle is replaced. */
function rememberProposer({ db }: CorpusContext, { bundle, modelId }: Proposals): number {
  const { name, version, kind } = bundle.manifest
  const manifest = JSON.stringify(bundle.manifest)
  return rememberModel(db, { bundle: modelId, fingerprint: weightsOf(bundle), name, version, kind, manifest })
}

function insertProposal(
  { now, author }: CorpusContext,
  tx: EditTransaction,
  modelRow: number,
  { measure, threshold, words }: Proposals,
): number {
  const asked = { measure, threshold, words: JSON.stringify(words) }
  return tx.insert('proposal', { model_id: modelRow, ...asked, made_at: now(), made_by: author() })
}

function insertSuggestion(
  tx: EditTransaction,
  { proposalId, tierId, segment }: { proposalId: number; tierId: TierId; segment: LocatedSegment },
): void {
  const { clipId, startMs, endMs, word, score, mass } = segment
  const place = { proposal_id: proposalId, tier_id: tierId, clip_id: clipId }
  tx.insert('suggestion', { ...place, start_ms: startMs, end_ms: endMs, value: word, score, mass })
}
