import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { MediaId, RecordingId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
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

export interface AddMediaInput {
  recordingId: RecordingId
  /** A video file or a folder of pictures. */
  path: string
  offsetMs: number
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
    recordingName(recordingId)
    return Promise.all(listMediaOfRecording(db, recordingId).map(facts))
  }

  function recordingName(id: RecordingId): string {
    const name = findRecordingName(db, id)
    if (name === undefined)
      throw new AppError('not-found', `There is no recording ${id}. It may have been removed.`)
    return name
  }

  /** Moves a medium against its recording. Clips stay on the frames that they were cut from, so their times move along. */
  async function setOffset(id: MediaId, offsetMs: number): Promise<MediaFacts> {
    const media = mediaRecord(db, id)
    const byMs = media.offsetMs - offsetMs
    editing.run(`Offset of ${basename(media.path)}: ${offsetMs} ms`, {}, tx => {
      tx.update('media', id, { offset_ms: offsetMs })
      for (const clip of clipsOfMedia(db, id)) {
        if (clip.startMs + byMs < 0) throw beforeStart(clip.name, media)
        tx.update('clip', clip.id, { start_ms: clip.startMs + byMs, end_ms: clip.endMs + byMs })
      }
    })
    return facts(mediaRecord(db, id))
  }

  /**
   * Adds a file to a recording; it is read first, which takes a second for an hour of video. A file that is a recording
   * of its own moves over, with its clips, unless that recording has been annotated.
   */
  async function add(input: AddMediaInput, signal?: AbortSignal): Promise<MediaFacts> {
    const path = resolve(input.path)
    const name = recordingName(input.recordingId)
    const known = findMediaIdByPath(db, path)
    const label = `Add ${basename(path)} to ${name}`
    if (known !== undefined) {
      const media = mediaRecord(db, known)
      editing.run(label, {}, tx => adopt(tx, media, input))
      announce(context, 'clips')
      return facts(mediaRecord(db, known))
    }
    const row = await readRow(path, signal)
    const id = editing.run(label, {}, tx => {
      const place = { recording_id: input.recordingId, offset_ms: input.offsetMs }
      return tx.insert('media', { ...place, ...row })
    })
    return facts(mediaRecord(db, id as MediaId))
  }

  function adopt(tx: EditTransaction, media: MediaRecord, { recordingId, offsetMs }: AddMediaInput): void {
    const from = media.recordingId
    if (from === recordingId)
      throw new AppError('conflict', `${media.path} already belongs to this recording.`)
    const isLast = listMediaOfRecording(db, from).length === 1
    if (isLast && countAnnotations(db, from) > 0)
      throw new AppError(
        'conflict',
        `${media.path} is the recording ${recordingName(from)}, which has annotations. Remove its tiers first, or add this recording's video to that one.`,
        { details: { file: media.path } },
      )
    const byMs = media.offsetMs - offsetMs
    tx.update('media', media.id, { recording_id: recordingId, offset_ms: offsetMs })
    for (const clip of clipsOfMedia(db, media.id)) {
      if (clip.startMs + byMs < 0) throw beforeStart(clip.name, media)
      const times = { start_ms: clip.startMs + byMs, end_ms: clip.endMs + byMs }
      tx.update('clip', clip.id, { recording_id: recordingId, ...times })
    }
    if (isLast) tx.remove('recording', from)
  }

  async function readRow(path: string, signal?: AbortSignal) {
    const found = await stat(path).catch((error: unknown) => {
      throw new AppError('media-missing', missingMessage(path), { details: { file: path }, cause: error })
    })
    const [probe, hash] = await Promise.all([
      probeMedia(path, { ...(signal && { signal }) }),
      contentHash(path, signal),
    ])
    if (probe.frames === 0)
      throw new AppError('corrupt-file', `${path} has no frames. Choose another file.`, {
        details: { file: path, bytes: found.size },
      })
    const { mtimeMs, contentHash: content, durationMs, frameIndex, ...same } = mediaColumns(path, probe, hash)
    const renamed = { mtime_ms: mtimeMs, content_hash: content, duration_ms: durationMs }
    return { ...same, ...renamed, frame_index: frameIndex }
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

export type RecordingMediaService = ReturnType<typeof createRecordingMedia>

function beforeStart(clip: string, media: MediaRecord): AppError {
  return new AppError(
    'invalid-input',
    `With this offset the clip ${clip} would begin before the recording does. Move the other video instead: its offset with the opposite sign.`,
    { details: { clip, file: media.path } },
  )
}
