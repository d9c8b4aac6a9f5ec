import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import {
  CSL_LANGUAGE,
  type CslSentence,
  readCslPickle,
  readCslSplit,
  readCslVideoMap,
} from '../../formats/csl-daily.ts'
import { shownFile } from './check-clips.ts'
import { listFolder, scanFolder } from './folder-scan.ts'
import { createMediaLookup } from './media-lookup.ts'
import { type ImportPlan, NO_TABLE, type PlannedClip } from './plan.ts'

const MAX_DEPTH = 3

interface CslFiles {
  sentences: string
  split: string | null
}

/** The label files below (or at) a folder; null where there are none. The pickle knows more than the text file. */
export async function findCslFiles(root: string): Promise<CslFiles | null> {
  let folders = [root]
  for (let depth = 0; depth <= MAX_DEPTH && folders.length > 0; depth++) {
    const next: string[] = []
    for (const folder of folders) {
      const entries = await listFolder(folder).catch(() => [])
      const names = entries.filter(entry => entry.isFile()).map(entry => entry.name)
      const labels =
        names.find(name => /^csl2020ct.*\.pkl$/i.test(name)) ?? names.find(name => name === 'video_map.txt')
      const split = names.filter(name => /^split_\d+\.txt$/.test(name)).sort()[0]
      if (labels) return { sentences: join(folder, labels), split: split ? join(folder, split) : null }
      next.push(
        ...entries
          .filter(entry => !entry.isFile() && !/frames|^\./i.test(entry.name))
          .map(entry => join(folder, entry.name)),
      )
    }
    folders = next
  }
  return null
}

/** CSL-Daily: sentences from the labels, each a folder of pictures of its name. */
export async function planCslDaily(source: ImportSource, root: string): Promise<ImportPlan> {
  const files = await findCslFiles(root)
  if (!files)
    throw new AppError(
      'invalid-input',
      `There is neither csl2020ct_v2.pkl nor video_map.txt in ${root}. Choose the folder that holds “sentence_label” and the frames.`,
      { details: { file: root } },
    )
  const file = shownFile(root, files.sentences)
  const bytes = await readFile(files.sentences)
  const sentences = basename(file).endsWith('.pkl')
    ? readCslPickle(bytes, file)
    : readCslVideoMap(bytes, file)
  const splitFile = files.split
  const splits = splitFile
    ? readCslSplit(await readFile(splitFile), shownFile(root, splitFile))
    : new Map<string, string>()
  const lookup = createMediaLookup(root, await scanFolder(root))
  const clips = sentences
    .map(sentence => plannedClip(source, files.sentences, sentence, splits.get(sentence.name) ?? ''))
    .filter(clip => source.split === undefined || clip.split === source.split)
  for (const clip of clips) {
    clip.media = lookup.find(clip.name)[0] ?? null
    if (!clip.media) clip.problem = `There is no folder of pictures named ${clip.name}.`
  }
  const named = new Set(sentences.map(({ name }) => name))
  const missing = [...splits.keys()].filter(name => !named.has(name))
  const issues = missing.map((name): ImportIssue => ({
    severity: 'warning',
    file: shownFile(root, splitFile ?? ''),
    line: null,
    message: `${name} is in the split, but the labels do not have it. It is left out; nothing is put in its place.`,
  }))
  return { ...NO_TABLE, table: file, tables: [file], format: 'csl-daily', root, clips, issues }
}

function plannedClip(
  source: ImportSource,
  origin: string,
  sentence: CslSentence,
  split: string,
): PlannedClip {
  const { name, line, gloss, text, signer } = sentence
  return {
    origin,
    line,
    name,
    split,
    signer,
    language: source.language ?? CSL_LANGUAGE,
    text,
    gloss,
    startMs: null,
    endMs: null,
    media: null,
    recording: name,
    problem: null,
  }
}
