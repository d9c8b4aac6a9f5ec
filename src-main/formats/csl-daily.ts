/**
 * CSL-Daily: `sentence_label/csl2020ct_v2.pkl` (a dictionary whose `info` lists the sentences) or the older
 * `video_map.txt`, with `split_1.txt` beside it. Frames lie in a folder of the sentence's name.
 */
import { AppError } from '#shared/contract/errors.ts'
import { readObjectPickle } from './pickle/object-array.ts'
import { plainValue, type PlainRecord, type PlainValue } from './pickle/plain-value.ts'
import { readSentenceLines } from './predictions/sentence-lines.ts'

export interface CslSentence {
  name: string
  /** Null in the pickle, which has no lines. */
  line: number | null
  frames: number | null
  gloss: string
  /** Characters without spaces between them. */
  text: string
  signer: string | null
}

export const CSL_LANGUAGE = 'zh'

export function readCslPickle(bytes: Uint8Array, file: string): CslSentence[] {
  const content = plainValue(readObjectPickle(bytes, file), file)
  const info = isRecord(content) ? content['info'] : undefined
  if (!Array.isArray(info)) throw wrong(file, 'has no list “info” of sentences')
  return info.map((item, at) => {
    if (!isRecord(item) || typeof item['name'] !== 'string')
      throw wrong(file, `has no name in sentence ${at + 1}`)
    return {
      name: item['name'],
      line: null,
      frames: wholeNumber(item['length']),
      gloss: words(item['label_gloss']).join(' '),
      text: words(item['label_char']).join(''),
      signer:
        item['signer'] === undefined || item['signer'] === null
          ? null
          : `Signer${String(item['signer']).padStart(2, '0')}`,
    }
  })
}

/** `index|name|length|gloss|char|word|postag`, with or without that line as a header. */
export function readCslVideoMap(bytes: Uint8Array, file: string): CslSentence[] {
  return rowsOf(bytes, file, 5)
    .filter(({ cells }) => cells[1] !== 'name')
    .map(({ line, cells: [, name = '', length = '', gloss = '', characters = ''] }) => ({
      name,
      line,
      frames: wholeNumber(length),
      gloss,
      text: characters.replaceAll(' ', ''),
      signer: null,
    }))
}

/** `name|split` → the split of each sentence. */
export function readCslSplit(bytes: Uint8Array, file: string): Map<string, string> {
  const rows = rowsOf(bytes, file, 2).filter(({ cells }) => cells[0] !== 'name')
  return new Map(rows.map(({ cells: [name = '', split = ''] }) => [name, split.trim()]))
}

function rowsOf(bytes: Uint8Array, file: string, width: number): { line: number; cells: string[] }[] {
  return readSentenceLines(bytes, file).lines.flatMap((content, at) => {
    if (content.trim() === '') return []
    const cells = content.split('|').map(cell => cell.trim())
    if (cells.length < width)
      throw wrong(file, `has ${cells.length} cells in line ${at + 1}, where ${width} are needed`)
    return [{ line: at + 1, cells }]
  })
}

function words(value: PlainValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function wholeNumber(value: PlainValue | undefined): number | null {
  const number = Number(value ?? NaN)
  return Number.isSafeInteger(number) && number >= 0 ? number : null
}

function isRecord(value: PlainValue | undefined): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(file: string, what: string): AppError {
  return new AppError(
    'corrupt-file',
    `${file} ${what}. Take the file from the corpus as it was downloaded.`,
    {
      details: { file },
    },
  )
}
