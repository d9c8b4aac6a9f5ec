/** Sentences that another program has tagged, in the forms that such programs write. */
import { AppError } from '#shared/contract/errors.ts'
import { isUpos, type Upos } from '#shared/domain/pos.ts'
import { z } from 'zod'
import { readConllu } from './conllu.ts'
import { readCsv } from './csv.ts'
import { readProcessedWords } from './processed-words.ts'

export interface TaggedText {
  text: string
  /** Part of speech null: a pseudo-gloss without the word that it came from. */
  words: { surface: string; lemma: string; pos: Upos | null }[]
}

export const TAGGED_FORMATS = ['conllu', 'spacy', 'tsv', 'pickle', 'csv', 'json'] as const
export type TaggedFormat = (typeof TAGGED_FORMATS)[number]

/** By name, and where that says nothing by the first bytes. */
export function taggedFormatOf(file: string, bytes: Uint8Array): TaggedFormat {
  const name = file.toLowerCase()
  if (/\.conllu?$/.test(name)) return 'conllu'
  if (/pkl$|\.pickle$/.test(name) || bytes[0] === 0x80) return 'pickle'
  if (name.endsWith('.tsv')) return 'tsv'
  if (name.endsWith('.csv')) return 'csv'
  if (/\.jsonl?$/.test(name))
    return Buffer.from(bytes.subarray(0, 4096)).includes('"pseudo-glosses"') ? 'json' : 'spacy'
  throw new AppError(
    'invalid-input',
    `${file}: its form cannot be told from its name. Name it .conllu, .json (spaCy), .csv, .tsv or .pkl, or choose the format.`,
    { details: { file } },
  )
}

/** @throws AppError naming file and place; unsafe-file for pickles with anything but plain data */
export function readTaggedText(bytes: Uint8Array, format: TaggedFormat, file: string): TaggedText[] {
  if (format === 'pickle') return fromPickle(bytes, file)
  if (format === 'csv' || format === 'tsv') return fromTable(bytes, format, file)
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  if (format === 'spacy') return fromSpacy(content, file)
  if (format === 'json') return fromOwnJson(content, file)
  return Array.from(readConllu(content, file), ({ text, words }) => ({
    text,
    words: words.map(({ form, lemma, upos }) => ({ surface: form, lemma, pos: upos })),
  }))
}

function fromPickle(bytes: Uint8Array, file: string): TaggedText[] {
  return Array.from(readProcessedWords(bytes, file).sentences, ([text, glosses]) => ({
    text,
    words: glosses.map(gloss => ({ surface: gloss, lemma: gloss, pos: null })),
  }))
}

const SpacyToken = z.looseObject({
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  pos: z.string(),
  lemma: z.string().optional(),
})
/** `Doc.to_json()` of spaCy 3; https://spacy.io/api/doc#to_json */
const SpacyDoc = z.looseObject({
  text: z.string(),
  tokens: z.array(SpacyToken),
  sents: z.array(z.looseObject({ start: z.int(), end: z.int() })).optional(),
})
type SpacyDoc = z.infer<typeof SpacyDoc>

/** spaCy's own names beside those of UD. */
const SPACY_POS: Record<string, Upos> = { CONJ: 'CCONJ', SPACE: 'X', EOL: 'X' }

function fromSpacy(content: string, file: string): TaggedText[] {
  return documentsOf(content, file).flatMap((value, at) => {
    const doc = SpacyDoc.safeParse(value)
    if (!doc.success)
      throw damaged(`${file}, document ${at + 1}`, 'is not what Doc.to_json() of spaCy writes')
    return sentencesOfDoc(doc.data, `${file}, document ${at + 1}`)
  })
}

/** The whole document as one text and, where it has several sentences, each of them too. */
function sentencesOfDoc(doc: SpacyDoc, place: string): TaggedText[] {
  const whole = { start: 0, end: doc.text.length }
  const spans = [whole, ...((doc.sents?.length ?? 0) > 1 ? (doc.sents ?? []) : [])]
  return spans.map(({ start, end }) => ({
    text: doc.text.slice(start, end),
    words: doc.tokens
      .filter(token => token.start >= start && token.end <= end && token.pos !== 'SPACE')
      .map(token => {
        const surface = doc.text.slice(token.start, token.end)
        const pos = SPACY_POS[token.pos] ?? token.pos
        if (!isUpos(pos))
          throw damaged(place, `has the part of speech '${token.pos.slice(0, 40)}' for '${surface}'`)
        return { surface, lemma: token.lemma ?? surface, pos }
      }),
  }))
}

/** One document, a list of them, or one a line. */
function documentsOf(content: string, file: string): unknown[] {
  try {
    const value = JSON.parse(content) as unknown
    return Array.isArray(value) ? value : [value]
  } catch (error) {
    const lines = content.split('\n').filter(line => line.trim() !== '')
    if (lines.length < 2) throw damaged(file, 'is no JSON', error)
    return lines.map((line, at) => {
      try {
        return JSON.parse(line) as unknown
      } catch (cause) {
        throw damaged(`${file}, line ${at + 1}`, 'is no JSON', cause)
      }
    })
  }
}

const OwnJson = z.looseObject({
  sentences: z.array(
    z.looseObject({
      text: z.string(),
      tokens: z.array(z.looseObject({ surface: z.string(), lemma: z.string(), pos: z.string().nullable() })),
    }),
  ),
})

function fromOwnJson(content: string, file: string): TaggedText[] {
  const parsed = OwnJson.safeParse(documentsOf(content, file)[0])
  if (!parsed.success) throw damaged(file, 'is not what this program exports')
  return parsed.data.sentences.map(({ text, tokens }) => ({
    text,
    words: tokens.map(({ surface, lemma, pos }) => ({ surface, lemma, pos: posOf(pos ?? '', file) })),
  }))
}

const COLUMNS = ['sentence', 'token', 'lemma', 'pos'] as const

/** A row a token: `sentence`, `token`, `lemma`, `pos`, and `position` from 0, which tells equal sentences apart. */
function fromTable(bytes: Uint8Array, format: 'csv' | 'tsv', file: string): TaggedText[] {
  const table = readCsv(bytes, { file, delimiter: format === 'tsv' ? '\t' : ',', quote: format === 'csv' })
  const header = table.rows[0]?.cells.map(cell => cell.trim().toLowerCase()) ?? []
  const [sentence, token, lemma, pos] = COLUMNS.map(name => header.indexOf(name)) as [
    number,
    number,
    number,
    number,
  ]
  const missing = COLUMNS.filter(name => !header.includes(name))
  if (missing.length > 0) throw damaged(file, `has no column ${missing.join(', ')} in its first line`)
  const position = header.indexOf('position')
  const found: TaggedText[] = []
  for (const { line, cells } of table.rows.slice(1)) {
    const text = cells[sentence] ?? ''
    const last = found.at(-1)
    const isFirst = position === -1 ? last?.text !== text : cells[position] === '0' || last?.text !== text
    const open = isFirst || !last ? { text, words: [] } : last
    if (open !== last) found.push(open)
    const surface = cells[token] ?? ''
    open.words.push({
      surface,
      lemma: cells[lemma] || surface,
      pos: posOf(cells[pos] ?? '', `${file}, line ${line}`),
    })
  }
  return found
}

function posOf(text: string, place: string): Upos | null {
  if (text === '') return null
  if (isUpos(text)) return text
  throw damaged(place, `has the part of speech '${text.slice(0, 40)}'`)
}

function damaged(place: string, what: string, cause?: unknown): AppError {
  return new AppError(
    'corrupt-file',
    `${place} ${what}. Export it again with universal parts of speech, or choose its format.`,
    { details: { file: place }, cause },
  )
}
