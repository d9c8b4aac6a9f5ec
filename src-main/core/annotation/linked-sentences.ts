import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, ClipId, MediaId, ReferenceId, TierId } from '#shared/contract/ids.ts'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Change } from '../edit/changes.ts'
import type { SqlValue } from '../edit/row-store.ts'
import type { EditTransaction } from '../edit/transaction.ts'
import { unpackFrameIndex } from '../media/frame-index-blob.ts'
import { findMedia } from '../media/media.queries.ts'
import { findReference, likelyLanguage, nextOrdinal } from '../reference/reference.queries.ts'
import { type AnnotationRecord, findAnnotation, findTier, recordingName } from './annotation.queries.ts'
import type { Span } from './annotation.rules.ts'
import { clipSpan, freeClipName } from './clip-columns.ts'
import {
  findClipOfAnnotation,
  findClipOnTier,
  findLinkedClip,
  listLinkedClips,
  type LinkedClip,
} from './linked-sentences.queries.ts'

/**
 * A clip that was made from an annotation is the same sentence: what an edit does to the text or the times of one, the
 * same edit does to the other. So both are undone together, and neither the tier nor the references can say what the
 * other does not. A new annotation on such a tier is a new clip, and a removed one takes its clip along. A tier that is
 * removed as a whole leaves its clips, and a removed clip its annotation.
 */
export function createSentenceMirror(context: CorpusContext) {
  return (tx: EditTransaction): void => {
    const mirror: Mirror = { context, tx, indexes: new Map(), removed: removedBy(tx) }
    // What the mirror does itself is not mirrored back.
    for (const change of tx.changes.slice()) {
      if (change.table === 'annotation') annotationChanged(mirror, change)
      else if (change.table === 'reference') referenceChanged(mirror, change)
      else if (change.table === 'clip') clipChanged(mirror, change)
      else if (change.table === 'media') mediaChanged(mirror, change)
    }
  }
}

interface Mirror {
  context: CorpusContext
  tx: EditTransaction
  /** Unpacked once an edit: it may move thousands of sentences of one video. */
  indexes: Map<MediaId, { index: FrameIndex; problem: string | null }>
  /** The tier of each annotation that the edit removes. */
  removed: ReadonlyMap<number, TierId>
}

function removedBy({ changes }: EditTransaction): Map<number, TierId> {
  const gone = changes.filter(({ table, after }) => table === 'annotation' && after === null)
  return new Map(gone.map(({ id, before }) => [id, before?.['tier_id'] as TierId]))
}

function annotationChanged(mirror: Mirror, { id, before, after }: Change): void {
  const { db } = mirror.context
  const row = after && findAnnotation(db, id as AnnotationId)
  if (!row) return
  if (before === null) {
    const sibling = findClipOnTier(db, row.tierId)
    if (sibling) addClip(mirror, sibling, row)
    return
  }
  const clip = findClipOfAnnotation(db, row.id)
  if (!clip) return
  if ('value' in after) setText(mirror, clip, row.value)
  if ('start_ms' in after || 'end_ms' in after)
    mirror.tx.update('clip', clip.id, columnsOf(mirror, clip, row))
}

function addClip(mirror: Mirror, sibling: LinkedClip, row: AnnotationRecord): void {
  const { db } = mirror.context
  const recordingId = findTier(db, row.tierId)?.recordingId
  if (recordingId === undefined) return
  const clipId = mirror.tx.insert('clip', {
    name: freeClipName(db, recordingName(db, recordingId)),
    recording_id: recordingId,
    media_id: sibling.mediaId,
    annotation_id: row.id,
    ...columnsOf(mirror, sibling, row),
  }) as ClipId
  const clip = findLinkedClip(db, clipId)
  if (clip) setText(mirror, clip, row.value)
}

function referenceChanged({ context: { db }, tx }: Mirror, { id, before, after }: Change): void {
  const clipId = before?.['clip_id'] ?? after?.['clip_id'] ?? findReference(db, id as ReferenceId)?.clipId
  const clip = clipId === undefined ? undefined : findLinkedClip(db, clipId as ClipId)
  if (clip) tx.update('annotation', clip.annotationId, { value: clip.text })
}

function clipChanged(mirror: Mirror, { id, before, after }: Change): void {
  const { context, tx } = mirror
  if (before === null || after === null) return
  if (isTakenAlong(mirror, before['annotation_id'])) return tx.remove('clip', id)
  const clip = findLinkedClip(context.db, id as ClipId)
  if (!clip || !('start_ms' in after || 'end_ms' in after)) return
  const [startMs, endMs] = [clip.startMs - clip.offsetMs, clip.endMs - clip.offsetMs]
  tx.update('annotation', clip.annotationId, { start_ms: startMs, end_ms: endMs })
}

/** A medium that moves on the time line shows other frames at the time of a sentence, which stays where it was annotated. */
function mediaChanged(mirror: Mirror, { id, before, after }: Change): void {
  if (before === null || after === null || !('offset_ms' in after)) return
  for (const clip of listLinkedClips(mirror.context.db, id as MediaId)) {
    const annotation = findAnnotation(mirror.context.db, clip.annotationId)
    if (annotation) mirror.tx.update('clip', clip.id, columnsOf(mirror, clip, annotation))
  }
}

/** A tier that is removed as a whole leaves its clips: they are what the corpus is made of. */
function isTakenAlong({ context, removed }: Mirror, annotationId: SqlValue | undefined): boolean {
  const tierId = removed.get(annotationId as number)
  return tierId !== undefined && findTier(context.db, tierId) !== undefined
}

function setText({ context: { db, now, author }, tx }: Mirror, clip: LinkedClip, text: string): void {
  if (clip.text === text) return
  const said = { text, version: clip.version + 1, source: 'edit', changed_at: now(), changed_by: author() }
  if (clip.referenceId !== null) tx.update('reference', clip.referenceId, said)
  const place = {
    clip_id: clip.id,
    ordinal: nextOrdinal(db, clip.id),
    language: likelyLanguage(db, clip.id),
  }
  const referenceId = clip.referenceId ?? tx.insert('reference', { ...place, ...said })
  tx.insert('reference_version', { reference_id: referenceId, ...said })
}

function columnsOf({ context: { db }, indexes }: Mirror, { mediaId, offsetMs }: LinkedClip, span: Span) {
  const known = indexes.get(mediaId) ?? readIndex(db, mediaId)
  indexes.set(mediaId, known)
  return clipSpan(known, offsetMs, span)
}

function readIndex(db: ReadDb, mediaId: MediaId) {
  const media = findMedia(db, mediaId)
  if (!media) throw new AppError('not-found', 'The video of this sentence is no longer in the corpus.')
  return { index: unpackFrameIndex(media.frameIndex), problem: media.problem }
}
