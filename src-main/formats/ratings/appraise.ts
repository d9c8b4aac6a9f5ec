/**
 * Scores of Appraise: eleven columns without a header, times in seconds
 * (`username,system,itemid,itemtype,srclang,trglang,score,documentid,isdocumentlevelscore,timestart,timeend`).
 */
import { readCsv } from '../csv.ts'
import { isAppraiseRow } from '../predictions/appraise-scores.ts'
import { wmtClipName } from '../predictions/wmt-xml.ts'
import { PROTOCOLS } from '#shared/domain/rating-protocols.ts'
import {
  counted,
  type JudgementRow,
  marksIn,
  type RatingFile,
  type RatingsToWrite,
  type WrittenRatings,
} from './judgement-row.ts'

/** Documents of WMT-SLT are judged in pieces of so many segments. */
const PIECE = 10
const SECOND = 1000
/** What Appraise calls a true output, and one made worse on purpose. */
const TYPES = { judge: 'TGT', repeat: 'TGT', check: 'BAD' } as const

export function writeAppraise({
  protocol,
  signLanguage,
  textLanguage,
  rows,
}: RatingsToWrite): WrittenRatings {
  const { kind, min, max } = PROTOCOLS[protocol]
  const losses: string[] = []
  const written = rows.filter(({ value }) => value !== null)
  const marks = marksIn(rows)
  if (marks > 0) losses.push(`${counted(marks, 'mark')} of errors: Appraise's scores have no place for them.`)
  if (written.length < rows.length)
    losses.push(`${counted(rows.length - written.length, 'judgement')} without a number.`)
  if (kind === 'choice')
    losses.push('Which outputs stood beside each other: only the value of each is written.')
  if (max - min !== 100)
    losses.push(`The scale: values go from ${min} to ${max} and stay so, where Appraise expects 0 to 100.`)
  if (rows.some(row => row.kind === 'repeat'))
    losses.push('Which judgements repeat another: they stand as further rows of the same item.')
  const lines = written.map(
    ({ annotator, system, segments, value, startedAt, finishedAt, kind: of, place }) =>
      [
        annotator,
        system,
        place.line,
        TYPES[of],
        signLanguage || 'sgn',
        textLanguage || 'und',
        value,
        segments[0] ?? '',
        'False',
        startedAt / SECOND,
        finishedAt / SECOND,
      ]
        .map(quoted)
        .join(','),
  )
  return { text: lines.map(line => `${line}\n`).join(''), losses }
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function isAppraiseFile(bytes: Uint8Array, file: string): boolean {
  const [first] = readCsv(bytes, { file, delimiter: ',' }).rows
  return first !== undefined && (first.cells[0] === 'username' || isAppraiseRow(first.cells))
}

export function readAppraise(bytes: Uint8Array, file: string): RatingFile {
  const table = readCsv(bytes, { file, delimiter: ',' })
  const found: RatingFile = { protocol: 'da', rows: [], skipped: [], losses: [] }
  for (const { line, cells } of [...table.rows, ...table.ragged].sort((a, b) => a.line - b.line)) {
    if (cells[0] === 'username') continue
    const reason = problemOf(cells)
    if (reason) found.skipped.push({ line, reason })
    else found.rows.push(rowOf(cells, line))
  }
  return found
}

function problemOf(cells: readonly string[]): string | null {
  if (!isAppraiseRow(cells)) return 'The row is no score of Appraise: it has not the eleven columns.'
  if (cells[3] !== 'TGT') return `The item is of type ${cells[3]}: a check on the rater, not a judgement.`
  if (cells[8] === 'True') return 'The score is of a whole document: a campaign judges clips.'
  const value = Number(cells[6])
  return value >= 0 && value <= 100 ? null : `The score ${cells[6]} is not in 0–100.`
}

function rowOf(cells: readonly string[], line: number): JudgementRow {
  const [annotator = '', system = '', item = '', , , , score = '', document = '', , start = '', end = ''] =
    cells
  const [, name = '', piece = '0'] = /^(.*)\.(\d+)$/.exec(document) ?? []
  const counted = name === '' ? [] : [wmtClipName(name, Number(piece) * PIECE + Number(item) + 1)]
  return {
    annotator,
    system,
    segments: [document, ...counted],
    text: null,
    value: Number(score),
    marks: [],
    startedAt: Math.round(Number(start) * SECOND) || 0,
    finishedAt: Math.round(Number(end) * SECOND) || 0,
    kind: 'judge',
    place: { line },
  }
}

export interface AppraiseTask {
  clip: string
  document: string
  video: string
  system: string
  text: string
}

/** A batch of tasks for an Appraise campaign: one item per output, the video's address as source. */
export function writeAppraiseBatch(
  { name, signLanguage, textLanguage }: Pick<RatingsToWrite, 'name' | 'signLanguage' | 'textLanguage'>,
  tasks: readonly AppraiseTask[],
  seed: number,
): string {
  const items = tasks.map(({ clip, document, video, system, text }, at) => ({
    _block: -1,
    _item: at,
    documentID: document,
    isCompleteDocument: false,
    itemID: at,
    itemType: 'TGT',
    sourceID: clip,
    sourceText: video,
    sourceContextLeft: '',
    targetID: system,
    targetText: text,
    targetContextLeft: '',
  }))
  const task = {
    batchNo: 1,
    batchSize: items.length,
    campaign: name,
    randomSeed: seed,
    requiredAnnotations: 1,
    sourceLanguage: signLanguage || 'sgn',
    targetLanguage: textLanguage || 'und',
  }
  return `${JSON.stringify([{ items, task }], null, 2)}\n`
}
