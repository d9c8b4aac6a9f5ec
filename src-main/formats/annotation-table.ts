import { AppError } from '#shared/contract/errors.ts'
import {
  type AnnotationDocument,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
} from './annotation-document.ts'
import { loss, type Loss, lossesOf, onlyReal } from './annotation-losses.ts'
import { type CsvRow, readCsv, writeCsv } from './csv.ts'
import type { Defect } from './defect.ts'

const COLUMNS = ['tier', 'start_ms', 'end_ms', 'value'] as const

/** Reads a table with the columns tier, start_ms, end_ms and value, in any order; others are counted as extras. */
export function readAnnotationTable(
  bytes: Uint8Array,
  file: string,
  delimiter: ',' | '\t',
): { document: AnnotationDocument; defects: Defect[] } {
  const { rows, ragged } = readCsv(bytes, { delimiter, file })
  const header = rows[0]?.cells.map(cell => cell.trim().toLowerCase()) ?? []
  const places = COLUMNS.map(name => header.indexOf(name))
  const missing = COLUMNS.filter((_, i) => places[i]! < 0)
  if (missing.length)
    throw new AppError(
      'corrupt-file',
      `${file}, line 1, column 1: the first row must name the columns ${COLUMNS.join(', ')}; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      {
        details: { file, line: 1, column: 1, missing },
      },
    )
  const defects: Defect[] = ragged.map(({ line, cells, expected }) => ({
    code: 'cell-count',
    line,
    message: `The row has ${cells.length} cells, not ${expected}.`,
    repair: 'It is left out: which cell is missing, or one too many, cannot be known.',
  }))
  const document = { ...emptyDocument(), tiers: tiersOf(rows.slice(1), places, defects) }
  const more = header.length - COLUMNS.length
  document.extras = onlyReal([
    loss('more-columns', more, 'more column is left out', 'more columns are left out'),
    loss(
      'rows',
      defects.length,
      'row that cannot be read is left out',
      'rows that cannot be read are left out',
    ),
  ])
  return { document, defects }
}

function tiersOf(rows: CsvRow[], places: number[], defects: Defect[]) {
  const tiers = new Map<string, ReturnType<typeof plainTier>>()
  for (const { line, cells } of rows) {
    const [name = '', start = '', end = '', value = ''] = places.map(place => cells[place] ?? '')
    const [startMs, endMs] = [wholeMs(start), wholeMs(end)]
    if (startMs === null || endMs === null) {
      defects.push({
        code: 'bad-time',
        line,
        message: `"${startMs === null ? start : end}" is no number of milliseconds.`,
        repair: 'The row is left out.',
      })
      continue
    }
    if (endMs < startMs)
      defects.push({
        code: 'end-before-begin',
        line,
        message: `The annotation ends (${endMs} ms) before it begins (${startMs} ms).`,
        repair: 'It is kept.',
      })
    let tier = tiers.get(name)
    if (!tier) tiers.set(name, (tier = plainTier(name)))
    tier.annotations.push(plainAnnotation({ id: '', startMs, endMs, value }))
  }
  for (const tier of tiers.values()) tier.annotations = inTimeOrder(tier.annotations)
  return [...tiers.values()]
}

function wholeMs(text: string): number | null {
  return /^\s*-?\d{1,15}(\.\d+)?\s*$/.test(text) ? Math.round(Number(text)) + 0 : null
}

export interface TablePlan {
  losses: Loss[]
  write: () => Uint8Array
}

/** One row an annotation. */
export function planAnnotationTable(document: AnnotationDocument, delimiter: ',' | '\t'): TablePlan {
  const texts = document.tiers.flatMap(({ name, annotations }) => [
    name,
    ...annotations.map(({ value }) => value),
  ])
  const names = document.tiers.filter(({ annotations }) => annotations.length).map(({ name }) => name)
  const losses = [
    ...lossesOf(document, ['tier-names']),
    loss(
      'tiers-joined',
      names.length - new Set(names).size,
      'tier is joined with another one of the same name',
      'tiers are joined with others of the same names',
    ),
    loss(
      'characters',
      texts.filter(text => sound(text) !== text).length,
      'text has characters that the file cannot hold; they become �',
      'texts have characters that the file cannot hold; they become �',
    ),
  ]
  const rows = document.tiers.flatMap(({ name, annotations }) =>
    annotations.map(({ startMs, endMs, value }) => [sound(name), startMs, endMs, sound(value)]),
  )
  return { losses: onlyReal(losses), write: () => Buffer.from(writeCsv([COLUMNS, ...rows], delimiter)) }
}

/** Zero bytes would make the file look like UTF-16. */
function sound(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}
