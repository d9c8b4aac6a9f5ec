import type { ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import type { MediaId, RecordingId } from '#shared/contract/ids.ts'
import { frameCount, type FrameIndex } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { unpackFrameIndex } from '../media/frame-index-blob.ts'
import { shownFile } from './check-clips.ts'
import { spanOf } from './clip-span.ts'
import {
  changeReference,
  findClipByName,
  findMediaByPath,
  insertClip,
  insertMedia,
  insertRecording,
  insertReference,
  type KnownClip,
  type KnownMedia,
  listClipSpans,
  moveMedia,
  replaceMedia,
  setClipGloss,
  setClipSpan,
  signerId,
} from './import.queries.ts'
import type { PlannedClip } from './plan.ts'
import type { ReadMedia } from './read-media.ts'
import { correctedMessage, decideText } from './reference-text.ts'

export type ClipOutcome = 'added' | 'changed' | 'known' | 'broken'

/** Clips of one media file, which has been read. */
export interface ReadClips {
  clips: readonly PlannedClip[]
  media: Exclude<ReadMedia, { state: 'broken' }>
}

export interface Applied {
  outcomes: ClipOutcome[]
  issues: ImportIssue[]
}

/** Clips shorter than this are padded by the feature extractor. */
export const SHORT_FRAMES = 16

/** Writes clips; has to run inside a transaction. What is already there is left alone, so that it may run again. */
export function applyClips(
  context: CorpusContext,
  source: ImportSource,
  root: string,
  batch: readonly ReadClips[],
): Applied {
  const applied: Applied = { outcomes: [], issues: [] }
  for (const group of batch) {
    const media = mediaOf(context, source, group)
    for (const clip of group.clips)
      applied.outcomes.push(applyClip(context, root, clip, media, applied.issues))
  }
  return applied
}

interface PlacedMedia {
  contentHash: string
  path: string
  index: FrameIndex
  problem: string | null
  isReplaced: boolean
  /** Made on first use: a copy of a file that is already there adds nothing. */
  row: () => { id: MediaId; recordingId: RecordingId }
}

function mediaOf(context: CorpusContext, source: ImportSource, { media, clips }: ReadClips): PlacedMedia {
  const { db } = context
  if (media.state === 'known') {
    const { contentHash, path, problem, frameIndex } = media.media
    return {
      contentHash,
      path,
      problem,
      index: unpackFrameIndex(frameIndex),
      isReplaced: false,
      row: () => media.media,
    }
  }
  const { columns, index } = media
  const present = findMediaByPath(db, columns.path) ?? movedRow(db, media.moved, clips)
  const isReplaced = present !== undefined && present.contentHash !== columns.contentHash
  if (present && isReplaced) replaceFile(context, present, media)
  else if (present) moveMedia(db, { id: present.id, ...columns })
  let row: { id: MediaId; recordingId: RecordingId } | undefined = present
  return {
    contentHash: columns.contentHash,
    path: columns.path,
    index,
    problem: columns.problem,
    isReplaced,
    row: () => {
      if (!row) {
        const recordingId = insertRecording(db, clips[0]?.recording || columns.path)
        row = { id: insertMedia(db, { ...columns, recordingId, licence: source.licence }), recordingId }
      }
      return row
    },
  }
}

/** Of several lost files with this content, the one whose clip is asked for; none that has been found meanwhile. */
function movedRow(
  db: ReadDb,
  moved: readonly KnownMedia[],
  clips: readonly PlannedClip[],
): KnownMedia | undefined {
  const lost = moved.filter(twin => findMediaByPath(db, twin.path)?.id === twin.id)
  const wanted = new Set(clips.map(clip => findClipByName(db, clip.name)?.mediaId))
  return lost.find(twin => wanted.has(twin.id)) ?? lost[0]
}

/** Another file lies where this one was: its clips keep their names and texts, and get the frames of the new file. */
function replaceFile(
  { db }: CorpusContext,
  present: KnownMedia,
  { columns, index }: Extract<ReadMedia, { state: 'read' }>,
): void {
  const clips = listClipSpans(db, present.id)
  replaceMedia(db, { id: present.id, ...columns })
  for (const clip of clips) {
    const times = clip.isWhole ? { startMs: null, endMs: null } : clip
    const span = spanOf(index, times, columns.problem)
    if (typeof span !== 'string') setClipSpan(db, { id: clip.id, ...span })
    else
      setClipSpan(db, {
        ...clip,
        firstFrame: 0,
        lastFrame: Math.max(0, frameCount(index) - 1),
        problem: span,
      })
  }
}

function applyClip(
  context: CorpusContext,
  root: string,
  clip: PlannedClip,
  media: PlacedMedia,
  issues: ImportIssue[],
): ClipOutcome {
  const report = (severity: ImportIssue['severity'], message: string) =>
    issues.push({ severity, file: shownFile(root, clip.origin), line: clip.line, message })
  const known = findClipByName(context.db, clip.name)
  if (!known) return addClip(context, clip, media, report)
  if (known.path !== media.path && known.contentHash !== media.contentHash) {
    report('error', nameTaken(clip.name, known.path))
    return 'broken'
  }
  const isNewText = updateText(context, clip, known, report)
  const isNewGloss = clip.gloss !== '' && clip.gloss !== known.gloss
  if (isNewGloss) setClipGloss(context.db, known.id, clip.gloss)
  return isNewText || isNewGloss || media.isReplaced ? 'changed' : 'known'
}

type Report = (severity: ImportIssue['severity'], message: string) => void

export function nameTaken(name: string, path: string): string {
  return `The corpus already has a clip ${name}, of another file (${path}). Give this one another name.`
}

function addClip(context: CorpusContext, clip: PlannedClip, media: PlacedMedia, report: Report): ClipOutcome {
  const { db } = context
  const span = spanOf(media.index, clip, media.problem)
  if (typeof span === 'string') {
    report('error', span)
    return 'broken'
  }
  const { id: mediaId, recordingId } = media.row()
  const id = insertClip(db, {
    ...span,
    name: clip.name,
    recordingId,
    mediaId,
    split: clip.split,
    signerId: signerId(db, clip.signer),
    gloss: clip.gloss,
  })
  const { text, language } = clip
  if (text !== '')
    insertReference(db, { clipId: id, language, text, at: context.now(), author: context.author() })
  if (span.problem) report('warning', span.problem)
  const frames = span.lastFrame - span.firstFrame + 1
  if (frames < SHORT_FRAMES) report('info', shortMessage(clip.name, frames))
  return 'added'
}

export function shortMessage(name: string, frames: number): string {
  return `${name} has ${frames} ${frames === 1 ? 'frame' : 'frames'}; features need ${SHORT_FRAMES}, so its last frame is repeated.`
}

function updateText(context: CorpusContext, clip: PlannedClip, known: KnownClip, report: Report): boolean {
  const { db } = context
  const decision = decideText(db, known, clip.text)
  if (decision === 'keep-corrected') report('info', correctedMessage(known, clip.name))
  if (decision !== 'apply') return false
  const change = { text: clip.text, at: context.now(), author: context.author() }
  if (known.referenceId !== null) changeReference(db, { id: known.referenceId, ...change })
  else insertReference(db, { clipId: known.id, language: clip.language, ...change })
  return true
}
