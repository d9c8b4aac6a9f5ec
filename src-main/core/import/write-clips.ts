import type { ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import { asStorageError } from '../../db/failures.ts'
import { announce, type CorpusContext } from '../context.ts'
import { applyClips, type ReadClips } from './apply.ts'
import { shownFile } from './check-clips.ts'
import type { ImportResult, ImportTask } from './import.service.ts'
import type { ImportPlan, MediaPlace, PlannedClip } from './plan.ts'
import { inParallel } from '../media/parallel.ts'
import { type ReadMedia, readMedia } from './read-media.ts'

/** A kill loses at most so many clips, or what was read in so much time. */
const MAX_BATCH_CLIPS = 200
const MAX_BATCH_MS = 2000
const FILES_AT_ONCE = 3

/** Reads every media file that is new and writes its clips, a batch a transaction. */
export async function writeClips(
  context: CorpusContext,
  source: ImportSource,
  plan: ImportPlan,
  task: ImportTask,
): Promise<ImportResult> {
  const { signal, onProgress } = task
  const result: ImportResult = {
    added: 0,
    changed: 0,
    known: 0,
    broken: plan.clips.filter(clip => clip.problem).length,
    issues: [],
  }
  const writer = createBatchWriter(context, source, plan.root, result)
  const files = filesOf(plan.clips)
  let done = 0
  try {
    for await (const { file, read } of inParallel(files, FILES_AT_ONCE, async file => ({
      file,
      read: await readMedia(context.db, file.place, signal),
    }))) {
      signal.throwIfAborted()
      if (read.state === 'broken') reportBroken(plan.root, file, read, result)
      else writer.add({ clips: file.clips, media: read })
      onProgress(++done, files.length, shownFile(plan.root, file.place.path))
    }
  } finally {
    // What has been read is kept when the import is stopped.
    writer.flush()
  }
  return result
}

interface MediaFile {
  place: MediaPlace
  clips: PlannedClip[]
}

function filesOf(clips: readonly PlannedClip[]): MediaFile[] {
  const files = new Map<string, MediaFile>()
  for (const clip of clips) {
    if (clip.problem || !clip.media) continue
    const file = files.get(clip.media.path)
    if (file) file.clips.push(clip)
    else files.set(clip.media.path, { place: clip.media, clips: [clip] })
  }
  return [...files.values()]
}

function reportBroken(
  root: string,
  file: MediaFile,
  { problem }: Extract<ReadMedia, { state: 'broken' }>,
  result: ImportResult,
): void {
  result.broken += file.clips.length
  const issue = (clip: PlannedClip): ImportIssue => ({
    severity: 'error',
    file: shownFile(root, file.place.path),
    line: clip.origin === file.place.path ? null : clip.line,
    message: problem,
  })
  result.issues.push(...file.clips.map(issue))
}

function createBatchWriter(context: CorpusContext, source: ImportSource, root: string, result: ImportResult) {
  const { db } = context
  let batch: ReadClips[] = []
  let clips = 0
  let since = performance.now()

  function add({ clips: all, media }: ReadClips): void {
    for (let from = 0; from < all.length;) {
      const part = all.slice(from, from + MAX_BATCH_CLIPS - clips)
      batch.push({ clips: part, media })
      clips += part.length
      from += part.length
      if (clips >= MAX_BATCH_CLIPS) flush()
    }
    if (performance.now() - since > MAX_BATCH_MS) flush()
  }

  function flush(): void {
    const writing = batch
    batch = []
    clips = 0
    since = performance.now()
    if (writing.length === 0) return
    const applied = write(writing)
    for (const outcome of applied.outcomes) result[outcome]++
    result.issues.push(...applied.issues)
    announce(context, 'clips')
  }

  function write(writing: readonly ReadClips[]) {
    try {
      return db.transaction(() => applyClips(context, source, root, writing)).immediate()
    } catch (error) {
      throw asStorageError(error, context.dir)
    }
  }

  return { add, flush }
}
