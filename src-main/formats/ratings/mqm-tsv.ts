/**
 * MQM in Google's columns: an error a row, its span between `<v>` and `</v>` in the target; a row `No-error` for an
 * output without any (google/wmt-mqm-human-evaluation). Comments are a column of ours behind the others, which readers
 * that go by names pass over; it is there only where somebody commented.
 */
import { ERROR_CATEGORIES, type ErrorMark, PROTOCOLS, SEVERITIES } from '#shared/domain/rating-protocols.ts'
import { categoryNamed, nameOfCategory } from './category-names.ts'
import {
  counted,
  type JudgementRow,
  type RatingFile,
  type RatingsToWrite,
  type WrittenRatings,
} from './judgement-row.ts'

const COLUMNS = [
  'system',
  'doc',
  'doc_id',
  'seg_id',
  'rater',
  'source',
  'target',
  'category',
  'severity',
] as const
const COMMENT = 'comment'
const NO_ERROR = 'No-error'

/** Breaks and tabs would be new rows and cells. */
const flat = (text: string) => text.replaceAll(/[\t\r\n]+/g, ' ')

export function writeMqm({ protocol, rows }: RatingsToWrite): WrittenRatings {
  const { kind, hasCategories } = PROTOCOLS[protocol]
  const losses: string[] = []
  const judgements = rows.filter(row => row.kind === 'judge')
  if (rows.length > judgements.length)
    losses.push(
      `${counted(rows.length - judgements.length, 'repeat or check', 'repeats and checks')}: MQM files have no place for them.`,
    )
  if (kind !== 'errors') losses.push(`${counted(judgements.length, 'value')}: only errors are written.`)
  if (!hasCategories) losses.push('Errors have no category in this protocol: they are written as Other.')
  losses.push('When and how long people judged.')
  const missing = judgements.flatMap(({ marks }) => marks).filter(({ isMissing }) => isMissing).length
  if (missing > 0)
    losses.push(`${counted(missing, 'mark')} of missing content: written without a place in the text.`)
  const hasComments = judgements.some(({ marks }) => marks.some(({ comment }) => comment !== ''))
  const columns = hasComments ? [...COLUMNS, COMMENT] : COLUMNS
  const lines = judgements.flatMap((row, at) => linesOf(row, at).map(cells => cells.slice(0, columns.length)))
  return { text: [columns, ...lines].map(cells => `${cells.join('\t')}\n`).join(''), losses }
}

function linesOf({ system, segments, annotator, text, marks }: JudgementRow, at: number): string[][] {
  const segment = segments[0] ?? ''
  const cells = (target: string, category: string, severity: string, comment = '') => [
    flat(system),
    flat(segment),
    '1',
    flat(segment) || String(at + 1),
    flat(annotator),
    '',
    target,
    category,
    severity,
    flat(comment),
  ]
  if (marks.length === 0) return [cells(flat(text ?? ''), NO_ERROR, NO_ERROR)]
  return marks.map(mark =>
    cells(
      tagged(text ?? '', mark),
      mark.category ? nameOfCategory(mark.category) : nameOfCategory('other'),
      mark.severity[0]!.toUpperCase() + mark.severity.slice(1),
      mark.comment,
    ),
  )
}

function tagged(text: string, { startCp, endCp, isMissing }: ErrorMark): string {
  if (isMissing) return flat(text)
  const signs = [...text]
  const part = (from: number, to: number) => flat(signs.slice(from, to).join(''))
  return `${part(0, startCp)}<v>${part(startCp, endCp)}</v>${part(endCp, signs.length)}`
}

export function isMqmFile(text: string): boolean {
  const header = text.split(/\r?\n/, 1)[0]?.split('\t') ?? []
  return ['system', 'seg_id', 'rater', 'target', 'category', 'severity'].every(name => header.includes(name))
}

export function readMqm(text: string): RatingFile {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const header = head.split('\t')
  const found: RatingFile = { protocol: 'mqm', rows: [], skipped: [], losses: [] }
  const rows = new Map<string, JudgementRow & { marks: ErrorMark[] }>()
  const unknown = new Set<string>()
  lines.forEach((line, at) => {
    if (line === '') return
    const cells = Object.fromEntries(line.split('\t').map((cell, column) => [header[column] ?? '', cell]))
    const reason = problemOf(cells)
    if (reason) return void found.skipped.push({ line: at + 2, reason })
    const row = rowOf(cells, at + 2)
    const key = JSON.stringify([row.system, row.segments, row.annotator])
    const known = rows.get(key) ?? row
    rows.set(key, known)
    const mark = markOf(cells)
    if (mark && categoryNamed(cells['category'] ?? '') === undefined) unknown.add(cells['category'] ?? '')
    if (mark) known.marks.push(mark)
  })
  found.rows = [...rows.values()]
  if (unknown.size > 0)
    found.losses.push(`Categories that we do not have are read as “other”: ${[...unknown].join(', ')}.`)
  return found
}

type Cells = Readonly<Record<string, string>>

function problemOf({ system, rater, category, severity }: Cells): string | null {
  if (!system || !rater) return 'The row names no system or no rater.'
  if (!category && !severity) return 'The row says nothing of errors.'
  return null
}

function withoutTags(target: string): string {
  return target.replaceAll(/<\/?v>/g, '')
}

function rowOf(
  { system = '', doc = '', seg_id: segment = '', rater = '', target = '' }: Cells,
  line: number,
) {
  return {
    system,
    segments: [segment, `${doc}.${segment}`, doc],
    text: withoutTags(target),
    annotator: rater,
    value: null,
    marks: [] as ErrorMark[],
    startedAt: 0,
    finishedAt: 0,
    kind: 'judge' as const,
    place: { line },
  }
}

function markOf({ target = '', category = '', severity = '', comment = '' }: Cells): ErrorMark | null {
  if (/^no-?error$/i.test(category) || /^no-?error$/i.test(severity)) return null
  const length = [...withoutTags(target)].length
  const [before, inside] = target.split(/<\/?v>/)
  const isMissing = inside === undefined
  const startCp = isMissing ? length : [...(before ?? '')].length
  return {
    startCp,
    endCp: isMissing ? length : startCp + [...inside].length,
    isMissing,
    severity: SEVERITIES.find(each => each === severity.toLowerCase()) ?? 'minor',
    category: categoryNamed(category) ?? ERROR_CATEGORIES.at(-1)!,
    comment,
  }
}
