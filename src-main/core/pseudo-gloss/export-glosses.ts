import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { GlossSentence } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { type Picklable, writePickle } from '../../formats/pickle/write-pickle.ts'
import type { CorpusContext } from '../context.ts'
import type { GlossIndex } from './gloss-index.ts'
import type { GlossLens } from './gloss-lens.ts'
import { sentenceOf } from './gloss-view.ts'
import { listTaggings, type TaggingRecord } from './pseudo-gloss.queries.ts'
import type { Inputs } from './gloss-inputs.ts'

interface ExportDeps {
  version: string
  current: () => Promise<{ index: GlossIndex; lens: GlossLens; corrections: number }>
}

/** Writes the pseudo-glosses of whole splits, and beside them where every one of them comes from. */
export function createGlossExport(context: CorpusContext, { version, current }: ExportDeps) {
  async function write({ file, format, splits = [], overwrite = false }: Inputs['export']) {
    const provenanceFile = format === 'json' ? file : `${file}.provenance.json`
    if (!overwrite) for (const each of [file, provenanceFile]) assertFree(each)
    const { index, lens, corrections } = await current()
    const taggings = listTaggings(context.db)
    const rows = rowsOf(index, splits)
    const sentences = rows.map(row => sentenceOf(index, lens, row, taggings))
    const facts = provenance(context, { index, rows, lens, corrections, taggings, version })
    const content =
      format === 'pickle'
        ? pickleOf(sentences, lens)
        : format === 'csv'
          ? csvOf(sentences)
          : jsonOf(sentences, lens, facts)
    await writeAtomically(file, part => writeFile(part, content))
    if (format !== 'json')
      await writeAtomically(provenanceFile, part => writeFile(part, `${JSON.stringify(facts, null, 2)}\n`))
    return { file, provenance: provenanceFile, sentences: sentences.length, glosses: lens.vocabulary.length }
  }

  return { export: write }
}

function assertFree(file: string): void {
  if (!existsSync(file)) return
  throw new AppError('conflict', `${file} is there already. Choose another name, or let it be replaced.`, {
    details: { file },
  })
}

function rowsOf({ rows }: GlossIndex, splits: readonly string[]): number[] {
  const wanted = new Set(splits)
  const chosen: number[] = []
  rows.forEach(({ split, taggingId }, at) => {
    if (taggingId !== null && (wanted.size === 0 || wanted.has(split))) chosen.push(at)
  })
  if (chosen.length === 0)
    throw new AppError('invalid-input', 'No sentence of these splits is tagged yet. Tag the corpus first.')
  return chosen
}

interface ProvenanceFacts {
  index: GlossIndex
  rows: readonly number[]
  lens: GlossLens
  corrections: number
  taggings: readonly TaggingRecord[]
  version: string
}

function provenance(
  context: CorpusContext,
  { index, rows, lens, corrections, taggings, version }: ProvenanceFacts,
) {
  const used = new Map<number, number>()
  for (const row of rows) {
    const id = index.rows[row]?.taggingId ?? 0
    used.set(id, (used.get(id) ?? 0) + 1)
  }
  const { language, rule, splits } = lens.setting
  return {
    format: 'pseudo-glosses',
    program: `Signwright ${version}`,
    made: new Date(context.now()).toISOString(),
    language,
    rule,
    vocabularySplits: splits.length === 0 ? 'all' : splits,
    sentencesCounted: lens.counted.sentences,
    uniqueSentences: lens.counted.unique,
    vocabulary: lens.vocabulary.length,
    tooFrequentForTargets: [...lens.frequent].sort(),
    corrections,
    taggers: taggings
      .filter(({ id }) => used.has(id))
      .map(({ id, providerId, name, version: tagger, sha256, isImported, madeAt }) => ({
        id: providerId,
        name,
        version: tagger,
        sha256,
        isImported: isImported === 1,
        at: new Date(madeAt).toISOString(),
        sentences: used.get(id) ?? 0,
      })),
    warning:
      'A checkpoint means only the dictionary that it was trained with: numbers of glosses differ between dictionaries.',
  }
}

/** Sign2GPT's `processed_words`: three dictionaries. Ids are in the order of the sorted glosses. */
function pickleOf(sentences: readonly GlossSentence[], { vocabulary, counted }: GlossLens): Buffer {
  const known = new Set(vocabulary)
  const bySentence = new Map<string, Picklable>()
  for (const { text, glosses } of sentences)
    bySentence.set(
      text,
      glosses.filter(gloss => known.has(gloss)),
    )
  return writePickle(
    new Map<string, Picklable>([
      ['dict_sentence', bySentence],
      ['dict_lem_to_id', new Map(vocabulary.map((gloss, id) => [gloss, id]))],
      ['dict_lem_counter', new Map(vocabulary.map(gloss => [gloss, counted.counts.get(gloss) ?? 0]))],
    ]),
  )
}

const HEADER = ['clip', 'split', 'sentence', 'position', 'token', 'lemma', 'pos', 'gloss', 'reason', 'tagger']

function csvOf(sentences: readonly GlossSentence[]): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const lines = sentences.flatMap(({ clip, split, text, tokens, source }) =>
    tokens.map(({ surface, lemma, pos, gloss, reason }, at) =>
      [clip, split, text, String(at), surface, lemma, pos ?? '', gloss ?? '', reason, source]
        .map(quoted)
        .join(','),
    ),
  )
  return `${[HEADER.join(','), ...lines].join('\r\n')}\r\n`
}

function jsonOf(
  sentences: readonly GlossSentence[],
  { vocabulary, counted }: GlossLens,
  facts: ReturnType<typeof provenance>,
): string {
  const glosses = vocabulary.map((gloss, id) => ({ id, gloss, count: counted.counts.get(gloss) ?? 0 }))
  const rows = sentences.map(({ clip, split, text, tokens, glosses: found, targets, source }) => ({
    clip,
    split,
    text,
    tagger: source,
    tokens: tokens.map(({ surface, lemma, pos, gloss, reason }) => ({ surface, lemma, pos, gloss, reason })),
    glosses: found,
    targets,
  }))
  return `${JSON.stringify({ provenance: facts, vocabulary: glosses, sentences: rows }, null, 1)}\n`
}
