import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { MediaId, RecordingId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import type { ReadDb } from '../../db/types.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import { contentHash } from './content-hash.ts'
import { mediaColumns } from './media-row.ts'
import { findMediaIdByPath, type MediaRecord } from './media.queries.ts'
import { mediaRecord, missingMessage, presenceOf } from './presence.ts'
import { probeMedia } from './probe.ts'
import {
  clipsOfMedia,
  countAnnotations,
  findRecordingName,
  listMediaOfRecording,
} from './recording-media.queries.ts'
import { mediaFacts } from './stored-media.ts'

/** Where a medium belongs. */
interface Place {
  recordingId: RecordingId
  /** Its own time minus the recording's. */
  offsetMs: number
}

export interface AddMediaInput extends Place {
  /** A video file or a folder of pictures. */
  path: string
}

/**
 * The media of one recording: the same event from several sides. A medium's time is the recording's plus `offsetMs`,
 * as EAF's TIME_ORIGIN says it.
 */
export function createRecordingMedia(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db, dir } = context

  const facts = async (media: MediaRecord): Promise<MediaFacts> =>
    mediaFacts(dir, media, await presenceOf(db, media))

  /** In the order in which they came: the first is the one that a recording began with. */
  async function ofRecording(recordingId: RecordingId): Promise<MediaFacts[]> {
    recordingName(db, recordingId)
    return Promise.all(listMediaOfRecording(db, recordingId).map(facts))
  }

  /** Moves a medium against its recording. Clips stay on the frames that they were cut from, so their times move along. */
  async function setOffset(id: MediaId, offsetMs: number): Promise<MediaFacts> {
    const media = mediaRecord(db, id)
    const label = `Offset of ${basename(media.path)}: ${offsetMs} ms`
    editing.run(label, {}, tx => place(db, tx, media, { recordingId: media.recordingId, offsetMs }))
    if (clipsOfMedia(db, id).length > 0) announce(context, 'clips')
    return facts(mediaRecord(db, id))
  }

  /**
   * Adds a file to a recording; it is read first, which takes a second for an hour of video. A file that is a recording
   * of its own moves over, with its clips, unless that recording has been annotated.
   */
  async function add(input: AddMediaInput, signal?: AbortSignal): Promise<MediaFacts> {
    const path = resolve(input.path)
    const label = `Add ${basename(path)} to ${recordingName(db, input.recordingId)}`
    const known = findMediaIdByPath(db, path)
    if (known !== undefined) {
      const media = mediaRecord(db, known)
      editing.run(label, {}, tx => adopt(db, tx, media, input))
      announce(context, 'clips')
      return facts(mediaRecord(db, known))
    }
    const row = await readRow(path, signal)
    const where = { recording_id: input.recordingId, offset_ms: input.offsetMs }
    const id = editing.run(label, {}, tx => tx.insert('media', { ...where, ...row }))
    return facts(mediaRecord(db, id as MediaId))
  }

  /** Takes a medium out of its recording; the file stays where it is. */
  function remove(id: MediaId): void {
    const media = mediaRecord(db, id)
    const clips = clipsOfMedia(db, id).length
    if (clips > 0)
      throw new AppError(
        'conflict',
        `${clips === 1 ? 'A clip is' : `${clips} clips are`} cut from ${basename(media.path)}, so it stays. Hide its view instead.`,
        { details: { file: media.path, clips } },
      )
    editing.run(`Remove ${basename(media.path)}`, {}, tx => tx.remove('media', id))
  }

  return { ofRecording, setOffset, add, remove }
}

function recordingName(db: ReadDb, id: RecordingId): string {
  const name = findRecordingName(db, id)
  if (name === undefined)
    throw new AppError('not-found', `There is no recording ${id}. It may have been removed.`)
  return name
}

function place(db: ReadDb, tx: EditTransaction, media: MediaRecord, to: Place): void {
  tx.update('media', media.id, { recording_id: to.recordingId, offset_ms: to.offsetMs })
  for (const { id, name, startMs, annotationId } of clipsOfMedia(db, media.id)) {
    // A sentence that was annotated stays where it is on the time line: the mirror cuts its clip anew.
    if (annotationId === null && startMs < to.offsetMs)
      throw new AppError(
        'invalid-input',
        `With this offset the clip ${name} would begin before the recording does. Move the other video instead: its offset with the opposite sign.`,
        { details: { clip: name, file: media.path } },
      )
    tx.update('clip', id, { recording_id: to.recordingId })
  }
}

/** Brings a medium over from its own recording, which goes if that was all it had. */
function adopt(db: ReadDb, tx: EditTransaction, media: MediaRecord, to: Place): void {
  const from = media.recordingId
  if (from === to.recordingId)
    throw new AppError('conflict', `${media.path} already belongs to this recording.`)
  const isLast = listMediaOfRecording(db, from).length === 1
  const leavesTiers = isLast || clipsOfMedia(db, media.id).some(({ annotationId }) => annotationId !== null)
  if (leavesTiers && countAnnotations(db, from) > 0)
    throw new AppError(
      'conflict',
      `${media.path} belongs to the recording ${recordingName(db, from)}, which has annotations. Remove its tiers first, or add this recording's video to that one.`,
      { details: { file: media.path } },
    )
  place(db, tx, media, to)
  if (isLast) tx.remove('recording', from)
}

/** @throws AppError naming the file, where it is not there or no frame of it can be shown */
async function readRow(path: string, signal?: AbortSignal) {
  const details = { file: path }
  await stat(path).catch((error: unknown) => {
    throw new AppError('media-missing', missingMessage(path), { details, cause: error })
  })
  const [probe, hash] = await Promise.all([
    probeMedia(path, { ...(signal && { signal }) }),
    contentHash(path, signal),
  ])
  if (probe.frames === 0)
    throw new AppError('corrupt-file', `${path} has no frames. Choose another file.`, { details })
  const { mtimeMs, contentHash: content, durationMs, frameIndex, ...same } = mediaColumns(path, probe, hash)
  const renamed = { mtime_ms: mtimeMs, content_hash: content, duration_ms: durationMs }
  return { ...same, ...renamed, frame_index: frameIndex }
}
