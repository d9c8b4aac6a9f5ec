import { mkdir, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { asDiskError, writeAtomically } from '../../formats/atomic-file.ts'
import type { Picklable } from '../../formats/pickle/write-pickle.ts'
import { type SpamoEntry, writeSpamoInfo } from '../../formats/spamo-info.ts'
import { findClip, listReferences } from '../clip/clip.queries.ts'
import { resolveSelection } from '../clip/selection.ts'
import type { CorpusContext } from '../context.ts'
import { datasetName, safeName, spanStart } from '../feature/export-features.ts'
import { findMedia } from '../media/media.queries.ts'

/** Languages whose translations SpaMo's training asks for. */
const WANTED = ['en', 'es', 'fr']

export interface SpamoExport {
  files: string[]
  clips: number
  /** Clips for which the multilingual file lacks one of the translations that training asks for. */
  withoutTranslations: number
}

/** `preprocess/NAME/SPLIT_info.npy` and `SPLIT_info_ml.npy`, as SpaMo's scripts and loader read them. */
export async function exportSpamo(
  context: CorpusContext,
  { outDir, selection }: { outDir: string; selection: ClipSelection },
): Promise<SpamoExport> {
  const bySplit = new Map<string, SpamoEntry[]>()
  for (const clipId of resolveSelection(context.db, selection)) {
    const found = entryOf(context, clipId)
    if (found) bySplit.set(found.split, [...(bySplit.get(found.split) ?? []), found.entry])
  }
  const entries = [...bySplit.values()].flat()
  if (entries.length === 0)
    throw new AppError('invalid-input', 'No clips are selected. Import clips first, or select others.')
  const folder = join(outDir, 'preprocess', datasetName(context))
  const files: string[] = []
  try {
    await mkdir(folder, { recursive: true })
    for (const [split, samples] of bySplit)
      for (const isMultilingual of [false, true]) {
        const path = join(folder, `${split || 'all'}_info${isMultilingual ? '_ml' : ''}.npy`)
        const bytes = writeSpamoInfo(`./dataset/${datasetName(context)}`, samples, isMultilingual)
        await writeAtomically(path, temporary => writeFile(temporary, bytes))
        files.push(path)
      }
  } catch (error) {
    throw error instanceof AppError ? error : asDiskError(error, folder)
  }
  const isLacking = ({ translations = {} }: SpamoEntry) => WANTED.some(language => !translations[language])
  return { files, clips: entries.length, withoutTranslations: entries.filter(isLacking).length }
}

function entryOf(
  { db }: CorpusContext,
  clipId: Parameters<typeof findClip>[1],
): { split: string; entry: SpamoEntry } | null {
  const clip = findClip(db, clipId)
  const media = clip && findMedia(db, clip.mediaId)
  if (!clip || !media) return null
  const references = listReferences(db, clipId)
  const [first] = references
  const others = references.filter(({ language }) => language !== '' && language !== first?.language)
  const fileId = safeName(clip.name)
  const text = first?.text ?? ''
  const split = clip.split || 'all'
  const signer = clip.signer ?? 'unknown'
  const start = spanStart(clip, media)
  return {
    split: clip.split,
    entry: {
      fileId,
      folder: media.role === 'frames' ? `${split}/${fileId}/*.png` : media.path,
      signer,
      gloss: clip.gloss,
      text,
      frames: clip.lastFrame - clip.firstFrame + 1,
      originalInfo:
        start === null
          ? [fileId, `${fileId}/1/*.png`, '-1', '-1', signer, clip.gloss, text].join('|')
          : new Map<string, Picklable>([
              ['VIDEO_NAME', basename(media.path, extname(media.path))],
              ['SENTENCE_NAME', fileId],
              ['START_REALIGNED', { float: start }],
              ['END_REALIGNED', { float: clip.endMs / 1000 }],
              ['SENTENCE', text],
            ]),
      tag: 'signwright',
      translations: Object.fromEntries(others.map(reference => [reference.language, reference.text])),
    },
  }
}
