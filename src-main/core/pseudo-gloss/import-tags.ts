import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { GlossImport, GlossSetting } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { sha256 } from '../../formats/sha256.ts'
import { readTaggedText, type TaggedText, taggedFormatOf } from '../../formats/tagged-text.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { JobControl, JobOutcome } from '../job/handler.ts'
import { listReferences, type ReferenceRow, saveSentence, saveTagging } from './pseudo-gloss.queries.ts'

const SHOWN = 20

/** Gives references the tags that files have for the same text. */
export async function importTags(
  context: CorpusContext,
  setting: GlossSetting,
  { files, format, source }: GlossImport,
  control: JobControl,
): Promise<JobOutcome> {
  const byText = groupByText(listReferences(context.db, setting.language))
  const met = new Set<string>()
  let unknown = 0
  control.progress(0, files.length)
  for (const [at, file] of files.entries()) {
    control.signal.throwIfAborted()
    const bytes = await bytesOf(file)
    const sentences = readTaggedText(bytes, format === 'auto' ? taggedFormatOf(file, bytes) : format, file)
    const found = sentences.filter(({ text }) => byText.has(plain(text)))
    save(context, { file, source, sha256: sha256(bytes) }, found, byText)
    for (const { text } of found) met.add(plain(text))
    const left = sentences.filter(({ text }) => !byText.has(plain(text)))
    unknown += left.length
    control.log(
      'info',
      `${basename(file)}: ${found.length} of ${sentences.length} sentences are in the corpus.`,
    )
    for (const { text } of left.slice(0, SHOWN)) control.log('warning', `Not in the corpus: ${text}`)
    control.progress(at + 1, files.length)
  }
  const references = [...byText.values()].reduce((sum, rows) => sum + rows.length, 0)
  const tagged = [...met].reduce((sum, text) => sum + (byText.get(text)?.length ?? 0), 0)
  control.log('info', `${tagged} of ${references} references now have imported tags.`)
  if (tagged === 0)
    throw new AppError(
      'invalid-input',
      `None of the sentences is a reference of this corpus in the language “${setting.language}”. Sentences are found by their exact text; the log of this job shows those of the file.`,
    )
  if (unknown > 0) control.warn(`${unknown} sentences of the files are no references of this corpus.`)
  announce(context, 'pseudo-gloss')
  return {}
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new AppError('not-found', `${file} cannot be read. Check its name and rights.`, {
      cause: error,
      details: { file },
    })
  }
}

/** Tools put blanks and composed letters in their own ways. */
const plain = (text: string) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()

function groupByText(rows: readonly ReferenceRow[]): Map<string, ReferenceRow[]> {
  return Map.groupBy(rows, ({ text }) => plain(text))
}

function save(
  context: CorpusContext,
  { file, source, sha256 }: { file: string; source: string; sha256: string },
  sentences: readonly TaggedText[],
  byText: ReadonlyMap<string, readonly ReferenceRow[]>,
): void {
  const { db } = context
  const name = source === '' ? basename(file) : source
  db.transaction(() => {
    const facts = { providerId: 'imported', name, version: '', sha256, isImported: 1 }
    const taggingId = saveTagging(db, { ...facts, madeAt: context.now() })
    for (const { text, words } of sentences)
      for (const row of byText.get(plain(text)) ?? [])
        saveSentence(db, {
          referenceId: row.referenceId,
          taggingId,
          text: row.text,
          words: words.map(({ surface, lemma, pos }) => [surface, lemma, pos, 0]),
        })
  }).immediate()
}
