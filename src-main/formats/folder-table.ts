import type { ColumnRole } from '#shared/contract/transfer.ts'
import type { TableRow, TimeUnit } from './listed-clip.ts'

/** What header cells are called in tables that people keep, in English, German and Chinese. */
const HEADER_NAMES: Readonly<Record<Exclude<ColumnRole, 'ignore'>, readonly string[]>> = {
  id: [
    'id',
    'name',
    'clip',
    'clip id',
    'clip name',
    'segment',
    'segment id',
    'sentence name',
    'sentence id',
    'utterance',
    'key',
    'fileid',
    'kennung',
    'bezeichnung',
    'satz id',
    'clipname',
    'abschnitt',
    'segmentname',
    '编号',
    '名称',
    '片段',
    '片段编号',
    '句子编号',
  ],
  file: [
    'file',
    'filename',
    'file name',
    'video',
    'video name',
    'video file',
    'path',
    'folder',
    'media',
    'movie',
    'datei',
    'dateiname',
    'pfad',
    'videodatei',
    'ordner',
    '文件',
    '文件名',
    '视频',
    '视频文件',
    '视频名',
    '路径',
  ],
  text: [
    'text',
    'sentence',
    'translation',
    'reference',
    'caption',
    'transcript',
    'transcription',
    'subtitle',
    'target',
    'meaning',
    'english',
    'german',
    'chinese',
    'satz',
    'übersetzung',
    'uebersetzung',
    'referenz',
    'untertitel',
    'transkript',
    'bedeutung',
    'deutsch',
    'englisch',
    '翻译',
    '句子',
    '文本',
    '参考',
    '参考译文',
    '译文',
    '字幕',
    '中文',
    '英文',
  ],
  gloss: [
    'gloss',
    'glosses',
    'orth',
    'annotation',
    'signs',
    'label',
    'glosse',
    'glossen',
    'gebärden',
    '手语',
    '手语词',
    '词目',
    '注释',
    '标注',
  ],
  signer: [
    'signer',
    'signer id',
    'speaker',
    'participant',
    'person',
    'informant',
    'gebärdende',
    'gebärdender',
    'sprecher',
    'sprecherin',
    'teilnehmer',
    '手语者',
    '说话人',
    '打手语者',
    '被试',
  ],
  split: [
    'split',
    'set',
    'subset',
    'partition',
    'fold',
    'aufteilung',
    'teilmenge',
    'menge',
    '划分',
    '数据集',
    '集合',
    '子集',
  ],
  language: ['language', 'lang', 'text language', 'sprache', '语言', '语种'],
  start: [
    'start',
    'start time',
    'begin',
    'from',
    'onset',
    'start realigned',
    'von',
    'anfang',
    'beginn',
    'startzeit',
    '开始',
    '开始时间',
    '起始',
    '起始时间',
  ],
  end: [
    'end',
    'end time',
    'stop',
    'to',
    'offset',
    'end realigned',
    'bis',
    'ende',
    'endzeit',
    '结束',
    '结束时间',
    '终止',
  ],
}

const ROLE_OF_NAME = new Map(
  Object.entries(HEADER_NAMES).flatMap(([role, names]) =>
    names.map(name => [name, role as ColumnRole] as const),
  ),
)

/** `clip_id` and `Clip-ID (neu)` → `clip id`; units stay out of the name. */
function headerKey(cell: string): string {
  return cell
    .toLowerCase()
    .normalize('NFC')
    .replace(/[([（【].*?[)\]）】]/g, ' ')
    .replace(/[\s_./:-]+/g, ' ')
    .replace(/ (ms|msec|milliseconds?|millisekunden|s|sec|seconds?|sekunden)$/, '')
    .trim()
}

export interface TableGuess {
  hasHeader: boolean
  columns: ColumnRole[]
  unit: TimeUnit
}

/**
 * What the columns of a table of references mean: by the names in its header, then by what stands in them.
 * `isMedia` knows the names of the files beside the table.
 */
export function guessColumns(rows: readonly TableRow[], isMedia: (cell: string) => boolean): TableGuess {
  const first = rows[0]?.cells ?? []
  const named = first.map(cell => ROLE_OF_NAME.get(headerKey(cell)) ?? 'ignore')
  const hasHeader = isHeader(rows, named, isMedia)
  const width = hasHeader ? first.length : usualWidth(rows)
  const columns: ColumnRole[] = Array.from({ length: width }, (_, at) =>
    hasHeader ? (named[at] ?? 'ignore') : 'ignore',
  )
  keepFirstOfEach(columns)
  const body = (hasHeader ? rows.slice(1) : rows).slice(0, 500)
  placeMediaColumn(columns, body, isMedia)
  placeTextColumn(columns, body)
  return { hasHeader, columns, unit: guessUnit(first, body, columns) }
}

/** Lines in which a text was cut at a delimiter are wider than the table. */
function usualWidth(rows: readonly TableRow[]): number {
  const counts = new Map<number, number>()
  for (const { cells } of rows.slice(0, 200)) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

/** Known names make a header; so does a first line that names no file above lines that do. */
function isHeader(
  rows: readonly TableRow[],
  named: readonly ColumnRole[],
  isMedia: (cell: string) => boolean,
): boolean {
  const first = rows[0]?.cells ?? []
  const known = named.filter(role => role !== 'ignore').length
  if (known >= 2 || (known === 1 && !first.some(isMedia))) return true
  const body = rows.slice(1, 50)
  return first.some((cell, at) => {
    const matches = body.filter(row => isMedia(row.cells[at] ?? '')).length
    return !isMedia(cell) && !/\.[a-z0-9]{2,5}$/i.test(cell) && matches > 0 && matches * 10 >= body.length * 9
  })
}

function keepFirstOfEach(columns: ColumnRole[]): void {
  const seen = new Set<ColumnRole>()
  for (const [at, role] of columns.entries()) {
    if (role !== 'ignore' && seen.has(role)) columns[at] = 'ignore'
    seen.add(role)
  }
}

/** A column whose cells name the files is the file, or the id where the cells leave out the ending. */
function placeMediaColumn(
  columns: ColumnRole[],
  body: readonly TableRow[],
  isMedia: (cell: string) => boolean,
): void {
  const matches = columns.map((_, at) => body.filter(row => isMedia(row.cells[at] ?? '')).length)
  const most = Math.max(0, ...matches)
  const at = matches.indexOf(most)
  if (most === 0 || most * 2 < body.length) return
  if (columns[at] === 'file' || columns[at] === 'id') return
  const hasEndings = body.some(row => /\.[a-z0-9]{2,5}$/i.test(row.cells[at] ?? ''))
  const role = hasEndings || columns.includes('id') ? 'file' : 'id'
  const former = columns.indexOf(role)
  if (former >= 0) columns[former] = 'ignore'
  columns[at] = role
}

/** Without a column named so, the longest free text is the reference. */
function placeTextColumn(columns: ColumnRole[], body: readonly TableRow[]): void {
  if (columns.includes('text')) return
  const lengths = columns.map((role, at) => (role === 'ignore' ? meanTextLength(body, at) : 0))
  const longest = Math.max(0, ...lengths)
  if (longest > 0) columns[lengths.indexOf(longest)] = 'text'
}

function meanTextLength(body: readonly TableRow[], at: number): number {
  const cells = body.map(row => (row.cells[at] ?? '').trim()).filter(cell => cell !== '')
  const words = cells.filter(cell => /\p{L}{2}|\p{Script=Han}/u.test(cell))
  if (cells.length === 0 || words.length * 2 < cells.length) return 0
  return cells.reduce((sum, cell) => sum + cell.length, 0) / cells.length
}

/** Seconds, unless the header says milliseconds or whole numbers are too large to be seconds of one recording. */
function guessUnit(
  header: readonly string[],
  body: readonly TableRow[],
  columns: readonly ColumnRole[],
): TimeUnit {
  const at = columns.indexOf('end') >= 0 ? columns.indexOf('end') : columns.indexOf('start')
  if (at < 0) return 'seconds'
  if (/(^|[\s_.([（])(ms|msec|millis|毫秒)/i.test(header[at] ?? '')) return 'milliseconds'
  const values = body.map(row => (row.cells[at] ?? '').trim()).filter(value => value !== '')
  const areWhole = values.length > 0 && values.every(value => /^\d+$/.test(value))
  return areWhole && Math.max(...values.map(Number)) > 36_000 ? 'milliseconds' : 'seconds'
}
