import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { BulkOutcome } from '#shared/contract/annotation-bulk.ts'
import {
  ANNOTATION_FORMATS,
  type AnnotationFile,
  type AnnotationImport,
} from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationFileId, RecordingId } from '#shared/contract/ids.ts'
import type { BulkService } from '../annotation/bulk/bulk.service.ts'
import { findTierNamed } from '../annotation/annotation.queries.ts'
import { listClipsOf } from '../annotation/sentence-view.queries.ts'
import { checkRecording } from '../annotation/tier.service.ts'
import type { ReadDb } from '../../db/types.ts'
import { announce, type CorpusContext } from '../context.ts'
import { readMedia } from '../import/read-media.ts'
import { type AnnotationFileRecord, findFile, isKnownContent, listFiles } from './annotation-file.queries.ts'
import type { FileActs } from './file-acts.ts'
import { type ImportedFile, inTransaction, makeWholeClip, takeMedium } from './import-file.ts'
import { sha256 } from '../../formats/sha256.ts'
import { locateMedia } from './named-media.ts'
import { readAnnotationFile, type WantedFormat } from './read-file.ts'
import { writeModel } from './write-rows.ts'

export interface AnnotationImportTask {
  signal: AbortSignal
  /** After each file, with what came of it. */
  onFile: (told: {
    file: string
    result: ImportedFile | AppError | 'known'
    done: number
    total: number
  }) => void
}

export type AnnotationFilesService = ReturnType<typeof createAnnotationFilesService>

const TAKEN_IN = ['tier', 'annotation', 'vocabulary', 'media', 'clips'] as const

/** Annotation files of other programs: into the corpus with their bytes kept, and out again. */
export function createAnnotationFilesService(
  context: CorpusContext,
  { bulk, acts }: { bulk: BulkService; acts: FileActs },
) {
  const { db } = context

  const resolved = ({ file, format }: { file: string; format: WantedFormat }) => ({
    file: resolve(file),
    format,
  })
  const preview = (input: { file: string; format: WantedFormat }) => acts.preview(resolved(input))
  const check = (input: { file: string; format: WantedFormat }) => acts.check(resolved(input))

  /**
   * File by file; one that cannot be read is told and left out, unless it is the only one. Of several, those that are
   * known are passed over, so that a stopped import goes on.
   */
  async function run(options: AnnotationImport, { signal, onFile }: AnnotationImportTask): Promise<void> {
    const files = await filesOf(options.sources)
    for (const [at, file] of files.entries()) {
      signal.throwIfAborted()
      const told = { file, done: at + 1, total: files.length }
      try {
        const isKnown = files.length > 1 && isKnownContent(db, sha256(await readFile(file)))
        const result = isKnown ? 'known' : await acts.importFile({ file, options }, signal)
        if (!isKnown) for (const kind of TAKEN_IN) announce(context, kind)
        onFile({ ...told, result })
      } catch (error) {
        if (!(error instanceof AppError) || files.length === 1) throw error
        onFile({ ...told, result: error })
      }
    }
  }

  async function applyTemplate(input: { recordingId: RecordingId; file: string }): Promise<BulkOutcome> {
    const { recordingId } = input
    checkRecording(db, recordingId)
    const { document } = await readAnnotationFile(resolve(input.file), 'eaf', { acceptRepairs: true })
    return bulk.run(({ tx, leftOut }) => {
      const tiers = document.tiers.filter(({ name }) => {
        const isThere = findTierNamed(db, recordingId, name) !== undefined
        if (isThere) leftOut.add(`There is a tier “${name}” already.`)
        return !isThere
      })
      writeModel(db, tx, { ...document, tiers }, { recordingId, fileId: null })
      return `Apply template ${input.file}`
    })
  }

  async function find({ sources }: { sources: string[] }) {
    const files = await filesOf(sources)
    return Promise.all(files.map(async file => ({ file, bytes: (await stat(file)).size })))
  }

  return {
    find,
    preview,
    check,
    run,
    linkMedia: (input: Parameters<typeof linkMedia>[1]) => linkMedia(context, input),
    applyTemplate,
    list: ({ recordingId }: { recordingId?: RecordingId | undefined }) =>
      listFiles(db, recordingId).map(file => shown(db, file)),
    previewExport: acts.previewExport,
    export: acts.exportFile,
  }
}

async function linkMedia(
  context: CorpusContext,
  input: {
    fileId: AnnotationFileId
    url: string
    path: string
  },
): Promise<AnnotationFile> {
  const { db } = context
  const file = existing(db, input.fileId)
  const named = locateMedia(db, file.path, file.media, [input]).find(({ url }) => url === input.url)
  if (!named?.path)
    throw new AppError('not-found', `There is no ${input.path}.`, { details: { file: input.path } })
  const read = await readMedia(db, { kind: 'video', path: named.path }, new AbortController().signal)
  if (read.state === 'broken')
    throw new AppError('corrupt-file', read.problem, { details: { file: named.path } })
  const { recordingId } = file
  inTransaction(context, () => {
    const mediaId = takeMedium(db, recordingId, { named, read })
    if (listClipsOf(db, { recordingId }).length === 0)
      makeWholeClip(db, { recordingId, mediaId, file: file.path })
  })
  announce(context, 'media')
  announce(context, 'clips')
  return shown(db, existing(db, file.id))
}

function existing(db: ReadDb, id: AnnotationFileId): AnnotationFileRecord {
  const file = findFile(db, id)
  if (!file) throw new AppError('not-found', 'This file is no longer in the corpus.', { details: { id } })
  return file
}

function shown(
  db: ReadDb,
  { media, names: _names, baseHash, ...file }: AnnotationFileRecord,
): AnnotationFile {
  const missing = locateMedia(db, file.path, media).filter(
    ({ kind, mediaId }) => kind === 'video' && mediaId === null,
  )
  return { ...file, isRepaired: baseHash !== file.contentHash, missingMedia: missing }
}

/** Folders stand for the annotation files in them, sub-folders included. */
async function filesOf(sources: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const source of sources.map(each => resolve(each))) {
    const facts = await stat(source).catch((cause: unknown) => {
      throw new AppError('not-found', `There is no ${source}.`, { details: { file: source }, cause })
    })
    if (!facts.isDirectory()) files.push(source)
    else
      for (const name of (await readdir(source, { recursive: true })).sort())
        if (ANNOTATION_FORMATS.some(format => extname(name).toLowerCase() === `.${format}`))
          files.push(join(source, name))
  }
  if (files.length === 0)
    throw new AppError('invalid-input', `There is no annotation file in ${sources.join(', ')}.`)
  return files
}
