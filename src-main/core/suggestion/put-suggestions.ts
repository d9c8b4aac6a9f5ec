import type { ModelId, RecordingId, TierId } from '#shared/contract/ids.ts'
import type { LocalisationMeasure, LocatedSegment, WordSource } from '#shared/contract/localisation.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { findTierNamed } from '../annotation/annotation.queries.ts'
import type { AnnotationService } from '../annotation/annotation.service.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { rememberModel } from '../run/run.queries.ts'
import { weightsOf } from '../work/plan-translation.ts'
import { isKnown, listOpenInClip } from './suggestion.queries.ts'

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

/** As one step of undo. Open suggestions for these clips on this tier make way. */
export function putSuggestions(
  context: CorpusContext,
  { editing, annotations }: SuggestionDeps,
  proposals: Proposals,
): { proposed: number; known: number } {
  const { db } = context
  const modelRow = rememberProposer(context, proposals)
  let [proposed, known] = [0, 0]
  const tierOf = (recordingId: RecordingId): TierId =>
    findTierNamed(db, recordingId, proposals.tier) ??
    annotations.createTier({ recordingId, name: proposals.tier, stereotype: 'none', parentId: null }).id
  const label = () => `Propose ${proposed} ${proposed === 1 ? 'segment' : 'segments'} on ${proposals.tier}`
  editing.together(label, () => {
    const places = proposals.clips
      .filter(({ segments }) => segments.length > 0)
      .map(clip => ({ ...clip, tierId: tierOf(clip.recordingId) }))
    editing.run('Propose segments', {}, tx => {
      let proposalId: number | undefined
      for (const { clipId, tierId, segments } of places) {
        for (const id of listOpenInClip(db, tierId, clipId)) tx.remove('suggestion', id)
        for (const segment of segments) {
          const { startMs, endMs, word: value } = segment
          if (isKnown(db, { tierId, startMs, endMs, value })) {
            known += 1
            continue
          }
          proposalId ??= insertProposal(context, tx, modelRow, proposals)
          insertSuggestion(tx, { proposalId, tierId, segment })
          proposed += 1
        }
      }
    })
  })
  return { proposed, known }
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
