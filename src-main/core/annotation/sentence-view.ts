import type { LinkedAnnotation, Tier } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, MediaId, RecordingId } from '#shared/contract/ids.ts'
import { sentenceId, sentenceTierId } from '#shared/domain/sentence-view.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { unpackFrameIndex } from '../media/frame-index-blob.ts'
import { findMedia } from '../media/media.queries.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { recordingName } from './annotation.queries.ts'
import { checkSpan, type Span } from './annotation.rules.ts'
import { clipSpan, freeClipName } from './clip-columns.ts'
import { findFirstMedium, findSentence, listFreeClipsOf } from './sentence-view.queries.ts'

/**
 * The clips of a recording as its first tier; none where it has no clips, or all of them are annotations of a tier:
 * then that is its tier of sentences.
 */
export function sentenceTier(db: ReadDb, recordingId: RecordingId): Tier | null {
  if (listFreeClipsOf(db, { recordingId }).length === 0) return null
  return {
    id: sentenceTierId(recordingId),
    recordingId,
    parentId: null,
    name: 'Sentences',
    typeId: null,
    typeName: '',
    stereotype: 'none',
    vocabularyId: null,
    ordinal: -1,
    participant: '',
    annotator: '',
    language: '',
    defaultLocale: '',
    isSentenceView: true,
  }
}

export function listSentences(
  db: ReadDb,
  range: { recordingId: RecordingId; fromMs?: number; toMs?: number },
): LinkedAnnotation[] {
  const tierId = sentenceTierId(range.recordingId)
  return listFreeClipsOf(db, range).map(({ id, startMs, endMs, text }) => {
    return { id: sentenceId(id), tierId, parentId: null, startMs, endMs, value: text, entryId: null }
  })
}

/** Edits of the sentence tier, which are edits of clips and of their first references. */
export function createSentenceEdits(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context
  const references = createReferenceService(context, { editing })

  function create(
    recordingId: RecordingId,
    { startMs, endMs, value }: Span & { value: string },
  ): LinkedAnnotation {
    checkSpan({ startMs, endMs })
    const medium = findFirstMedium(db, recordingId)
    if (!medium)
      throw new AppError('media-missing', 'This recording has no video yet: link one before cutting clips.', {
        details: { recordingId },
      })
    const columns = clipColumns(db, { mediaId: medium.id, offsetMs: medium.offsetMs }, { startMs, endMs })
    const name = freeClipName(db, recordingName(db, recordingId))
    const clipId = editing.run(`Create clip ${name}`, {}, tx => {
      const place = { recording_id: recordingId, media_id: medium.id }
      return tx.insert('clip', { name, ...place, ...columns }) as ClipId
    })
    if (value !== '') references.save({ clipId, text: value })
    return shown(db, clipId)
  }

  function update(
    clipId: ClipId,
    changes: { startMs?: number; endMs?: number; value?: string },
  ): LinkedAnnotation {
    const clip = existing(db, clipId)
    const span = { startMs: changes.startMs ?? clip.startMs, endMs: changes.endMs ?? clip.endMs }
    checkSpan(span)
    if (span.startMs !== clip.startMs || span.endMs !== clip.endMs) {
      const columns = clipColumns(db, clip, span)
      editing.run(`Move clip ${clip.name}`, { clipId }, tx => tx.update('clip', clipId, columns))
    }
    if (changes.value !== undefined && changes.value !== clip.text)
      references.save({
        clipId,
        text: changes.value,
        ...(clip.referenceId !== null && { referenceId: clip.referenceId }),
      })
    return shown(db, clipId)
  }

  /** Everything that hangs on the clips goes with them: references, outputs of runs, ratings. */
  function remove(clipIds: readonly ClipId[]): void {
    const names = clipIds.map(id => existing(db, id).name)
    const label = names.length === 1 ? `Remove clip ${names[0]}` : `Remove ${names.length} clips`
    editing.run(label, {}, tx => clipIds.forEach(id => tx.remove('clip', id)))
  }

  return { create, update, remove }
}

function clipColumns(db: ReadDb, { mediaId, offsetMs }: { mediaId: MediaId; offsetMs: number }, span: Span) {
  const media = findMedia(db, mediaId)
  if (!media) throw new AppError('not-found', 'The video of this clip is no longer in the corpus.')
  return clipSpan({ index: unpackFrameIndex(media.frameIndex), problem: media.problem }, offsetMs, span)
}

function existing(db: ReadDb, clipId: ClipId) {
  const clip = findSentence(db, clipId)
  if (!clip) throw new AppError('not-found', 'This clip is no longer in the corpus.', { details: { clipId } })
  return clip
}

function shown(db: ReadDb, clipId: ClipId): LinkedAnnotation {
  const { recordingId, startMs, endMs, text } = existing(db, clipId)
  const tierId = sentenceTierId(recordingId)
  return { id: sentenceId(clipId), tierId, parentId: null, startMs, endMs, value: text, entryId: null }
}
