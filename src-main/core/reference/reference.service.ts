import type { Reference, ReferenceVersion } from '#shared/contract/clip.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { findClip, type ClipRecord } from '../clip/clip.queries.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { findReference, likelyLanguage, listVersions, nextOrdinal } from './reference.queries.ts'

/** Where a sentence came from that somebody typed here. */
const SOURCE = 'edit'

interface SaveInput {
  clipId: ClipId
  referenceId?: ReferenceId
  text: string
  language?: string
}

export type ReferenceService = ReturnType<typeof createReferenceService>

export function createReferenceService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  /** Adds a reference, or a new version of one; the same text again changes nothing. */
  function save({ clipId, referenceId, text, language }: SaveInput): Reference {
    const clip = findClip(db, clipId)
    if (!clip)
      throw new AppError('not-found', 'This clip is no longer in the corpus.', { details: { clipId } })
    if (referenceId === undefined) return add(clip, text, language ?? likelyLanguage(db, clipId))
    const reference = existing(referenceId)
    if (reference.clipId !== clipId)
      throw new AppError('not-found', `This reference does not belong to ${clip.name}.`, {
        details: { referenceId },
      })
    change(clip, reference, text, language ?? reference.language)
    return existing(referenceId)
  }

  function add(clip: ClipRecord, text: string, language: string): Reference {
    return editing.run(`Add reference to ${clip.name}`, { clipId: clip.id }, tx => {
      const version = nextVersion(text, 1)
      const place = { clip_id: clip.id, ordinal: nextOrdinal(db, clip.id), language }
      const id = tx.insert('reference', { ...place, ...version }) as ReferenceId
      tx.insert('reference_version', { reference_id: id, ...version })
      markCorrected(tx, clip)
      return existing(id)
    })
  }

  function change(clip: ClipRecord, reference: Reference, text: string, language: string): void {
    editing.run(`Change reference of ${clip.name}`, { clipId: clip.id }, tx => {
      tx.update('reference', reference.id, { language })
      if (text === reference.text) return
      const version = nextVersion(text, reference.version + 1)
      tx.update('reference', reference.id, version)
      tx.insert('reference_version', { reference_id: reference.id, ...version })
      markCorrected(tx, clip)
    })
  }

  function nextVersion(text: string, version: number) {
    return { text, version, source: SOURCE, changed_at: context.now(), changed_by: context.author() }
  }

  function remove(referenceId: ReferenceId): void {
    const { clipId } = existing(referenceId)
    const clip = findClip(db, clipId)
    editing.run(`Remove reference of ${clip?.name ?? clipId}`, { clipId }, tx =>
      tx.remove('reference', referenceId),
    )
  }

  function history(referenceId: ReferenceId): ReferenceVersion[] {
    existing(referenceId)
    return listVersions(db, referenceId)
  }

  function existing(referenceId: ReferenceId): Reference {
    const reference = findReference(db, referenceId)
    if (!reference)
      throw new AppError('not-found', 'This reference has been removed.', { details: { referenceId } })
    return reference
  }

  return { save, remove, history }
}

/** A decision of a reviewer stays: only a clip that nobody has judged yet is marked. */
function markCorrected(tx: EditTransaction, clip: ClipRecord): void {
  if (clip.state === 'new' || clip.state === 'seen') tx.update('clip', clip.id, { state: 'corrected' })
}
