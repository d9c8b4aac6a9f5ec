import { basename, extname } from 'node:path'
import type { AnnotationImport, NamedMedia } from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationFileId, MediaId, RecordingId } from '#shared/contract/ids.ts'
import { asStorageError } from '../../db/failures.ts'
import type { WriteDb } from '../../db/types.ts'
import { listClipsOf, hasClipNamed } from '../annotation/sentence-view.queries.ts'
import { findAnnotationOfFile, linkClip } from '../annotation/linked-sentences.queries.ts'
import { saveTierLayout } from '../annotation/tier-layout.ts'
import { checkRecording } from '../annotation/tier.service.ts'
import type { CorpusContext } from '../context.ts'
import { spanOf } from '../import/clip-span.ts'
import { insertClip, insertMedia, insertRecording, insertReference } from '../import/import.queries.ts'
import { type ReadMedia, readMedia } from '../import/read-media.ts'
import { unpackFrameIndex } from '../media/frame-index-blob.ts'
import { findMedia } from '../media/media.queries.ts'
import { insertFile, setMediaOffset, setNames } from './annotation-file.queries.ts'
import { sha256 } from '../../formats/sha256.ts'
import { displayNote, findDisplay, type FoundDisplay, planDisplay } from './display-settings.ts'
import { keepBytes } from './kept-bytes.ts'
import { locateMedia } from './named-media.ts'
import type { openAnnotationFile, ReadFile } from './read-file.ts'
import { writeRows } from './write-rows.ts'

export interface ImportedFile {
  recordingId: RecordingId
  tiers: number
  annotations: number
  clips: number
  missing: NamedMedia[]
  /** What was taken over from the file beside it. */
  notes: string[]
  /** Media and display settings that could not be read, with the reason. */
  problems: string[]
}

interface FoundMedia {
  named: NamedMedia
  read: Exclude<ReadMedia, { state: 'broken' }>
}

/** Takes one file in whole: rows, original bytes, media, and clips where the recording has none. */
export async function importFile(
  context: CorpusContext,
  { file, options }: { file: string; options: AnnotationImport },
  { open, signal }: { open: typeof openAnnotationFile; signal: AbortSignal },
): Promise<ImportedFile> {
  const { db, dir } = context
  const opened = await open(file, options.format)
  const read = options.acceptRepairs ? opened.mended() : opened.read()
  if (options.recordingId !== undefined) checkRecording(db, options.recordingId)
  const named = locateMedia(db, file, read.document.media, options.media)
  const problems = defectsOf(read, options)
  const found: FoundMedia[] = []
  for (const medium of named) {
    if (medium.path === null || medium.kind === 'sound') continue
    const media = await readMedia(db, { kind: 'video', path: medium.path }, signal)
    if (media.state === 'broken') problems.push(media.problem)
    else found.push({ named: medium, read: media })
  }
  const display = read.format === 'eaf' ? await findDisplay(file) : null
  signal.throwIfAborted()
  await keepBytes(dir, read.bytes)
  await keepBytes(dir, read.baseBytes)
  const { settings, ...result } = inTransaction(context, () =>
    takeIn(context, read, { named, found, options, display }),
  )
  if (settings?.problem) problems.push(`${basename(file)} is shown as it comes: ${settings.problem}`)
  const notes = settings && settings.problem === null ? [displayNote(settings)] : []
  return { ...result, missing: named.filter(isMissing), notes, problems }
}

const TOLD_DEFECTS = 5

/** What is wrong with the file and stays so; the preview lists all of it. */
function defectsOf({ file, defects }: ReadFile, { acceptRepairs }: AnnotationImport): string[] {
  const left = defects.filter(({ isMendable }) => !(acceptRepairs && isMendable))
  const told = left
    .slice(0, TOLD_DEFECTS)
    .map(
      ({ line, message, repair }) =>
        `${basename(file)}${line > 0 ? `, line ${line}` : ''}: ${message} ${repair}`,
    )
  const rest = left.length - told.length
  return rest > 0 ? [...told, `${basename(file)}: ${rest} more defects, which the preview lists.`] : told
}

/** A video that a file names and that has not been found. */
export function isMissing({ kind, path }: NamedMedia): boolean {
  return kind === 'video' && path === null
}

export function inTransaction<T>({ db, dir }: CorpusContext, work: () => T): T {
  try {
    return db.transaction(work).immediate()
  } catch (error) {
    throw asStorageError(error, dir)
  }
}

interface Taken {
  named: readonly NamedMedia[]
  found: readonly FoundMedia[]
  options: AnnotationImport
  display: FoundDisplay | null
}

function takeIn(context: CorpusContext, read: ReadFile, { found, options, display }: Taken) {
  const { db } = context
  const known = found.map(({ read: media }) => (media.state === 'known' ? media.media.recordingId : null))
  const recordingId =
    options.recordingId ?? known.find(id => id !== null) ?? insertRecording(db, nameOfFile(read.file))
  const fileId: AnnotationFileId = insertFile(db, {
    recordingId,
    path: read.file,
    format: read.format,
    contentHash: sha256(read.bytes),
    baseHash: sha256(read.baseBytes),
    importedAt: context.now(),
    media: JSON.stringify(read.document.media),
  })
  const plan = display && planDisplay(db, display, read.document.tiers)
  const { names, tiers, annotations } = writeRows(db, read.document, {
    recordingId,
    fileId,
    ranks: plan?.ranks,
  })
  if (plan) saveTierLayout(db, plan.layout(names.tiers))
  setNames(db, fileId, names)
  const mediaIds = found.map(medium => takeMedium(db, recordingId, medium))
  const [mediaId] = mediaIds
  const clips =
    mediaId === undefined ? 0 : makeClips(context, read, { recordingId, fileId, mediaId, options })
  return { recordingId, tiers, annotations, clips, settings: plan?.settings ?? null }
}

export function takeMedium(db: WriteDb, recordingId: RecordingId, { named, read }: FoundMedia): MediaId {
  const id =
    read.state === 'known' ? read.media.id : insertMedia(db, { ...read.columns, recordingId, licence: '' })
  setMediaOffset(db, id, named.offsetMs)
  return id
}

/** Sentences of the chosen tier; or, so that the recording can be opened at all, one clip of the whole. */
function makeClips(
  context: CorpusContext,
  { document, file }: ReadFile,
  {
    recordingId,
    fileId,
    mediaId,
    options,
  }: { recordingId: RecordingId; fileId: AnnotationFileId; mediaId: MediaId; options: AnnotationImport },
): number {
  const { db } = context
  if (options.sentenceTier === undefined)
    return listClipsOf(db, { recordingId }).length > 0 ? 0 : makeWholeClip(db, { recordingId, mediaId, file })
  const tierPlace = document.tiers.findIndex(({ name }) => name === options.sentenceTier)
  const tier = document.tiers[tierPlace]
  if (!tier)
    throw new AppError('not-found', `${file} has no tier “${options.sentenceTier}” to take sentences from.`, {
      details: { file },
    })
  const media = findMedia(db, mediaId)
  if (!media) return 0
  const index = unpackFrameIndex(media.frameIndex)
  const offsetMs = document.media[0]?.timeOriginMs ?? 0
  let made = 0
  for (const [place, { startMs, endMs, value }] of tier.annotations.entries()) {
    const times = { startMs: Math.max(0, startMs + offsetMs), endMs: endMs + offsetMs }
    const span = spanOf(index, times, media.problem)
    if (typeof span === 'string') continue
    const clipId = insertClip(db, {
      ...span,
      ...clipPlace(recordingId, mediaId),
      name: freeClipName(db, `${nameOfFile(file)} ${String(made + 1).padStart(3, '0')}`),
    })
    const annotationId = findAnnotationOfFile(db, { fileId, tierPlace, place })
    if (annotationId !== undefined) linkClip(db, clipId, annotationId)
    if (value !== '')
      insertReference(db, {
        clipId,
        language: tier.language,
        text: value,
        at: context.now(),
        author: context.author(),
      })
    made += 1
  }
  return made
}

export function makeWholeClip(
  db: WriteDb,
  { recordingId, mediaId, file }: { recordingId: RecordingId; mediaId: MediaId; file: string },
): number {
  const media = findMedia(db, mediaId)
  const span =
    media && spanOf(unpackFrameIndex(media.frameIndex), { startMs: null, endMs: null }, media.problem)
  if (!span || typeof span === 'string') return 0
  insertClip(db, { ...span, ...clipPlace(recordingId, mediaId), name: freeClipName(db, nameOfFile(file)) })
  return 1
}

function clipPlace(recordingId: RecordingId, mediaId: MediaId) {
  return { recordingId, mediaId, split: '', signerId: null, gloss: '' }
}

function freeClipName(db: WriteDb, wanted: string): string {
  let name = wanted
  for (let n = 2; hasClipNamed(db, name); n++) name = `${wanted} (${n})`
  return name
}

export function nameOfFile(file: string): string {
  return basename(file, extname(file)) || basename(file)
}
