import type { PredictionRole } from '#shared/contract/predictions.ts'
import { type PredictionEntry, predictionEntry } from './prediction-entry.ts'

export interface PredictionTable {
  header: string[]
  rows: { line: number | null; cells: readonly string[] }[]
}

/** Names of columns as SLT code and evaluation tools write them, in lower case. */
const NAMES: Record<Exclude<PredictionRole, 'ignore'>, RegExp> = {
  id: /^(?:id|name|names|clip|clip_?name|segment(?:_?id)?|seg(?:_?id)?|sentence_?(?:id|name)|video(?:_?(?:id|name))?|file(?:_?(?:id|name))?|fileid|key|sample(?:_?id)?|utterance(?:_?id)?|片段)$/,
  text: /^(?:hyp|hyps|hypo|hypothesis|hypotheses|pred|preds|prediction|predictions|predicted|output|outputs|system_?output|translation_?hypothesis|generated|decoded|mt|candidate|txt_?hyp|ausgabe|译文)$/,
  reference:
    /^(?:ref|refs|reference|references|gold|gt|target|tgt|label|translation|text|sentence|ground_?truth|txt_?ref|referenz|参考)$/,
  system: /^(?:system|system_?(?:id|name)|model|run)$/,
  score: /^(?:score|logprob|log_?prob|log_?likelihood|likelihood)$/,
}
const ROLES = Object.keys(NAMES) as (keyof typeof NAMES)[]

/** What each column means, by its name; each meaning once. */
export function guessPredictionRoles(header: readonly string[]): PredictionRole[] {
  const taken = new Set<PredictionRole>()
  const roles = header.map((name): PredictionRole => {
    const key = name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_')
    const role = ROLES.find(each => NAMES[each].test(key))
    if (!role || taken.has(role)) return 'ignore'
    taken.add(role)
    return role
  })
  // A table of names and sentences alone: what would be the reference is the output.
  if (!taken.has('text') && taken.has('reference')) roles[roles.indexOf('reference')] = 'text'
  return roles
}

/** Whether a first row is a header: at least two of its cells are names of columns. */
export function isPredictionHeader(cells: readonly string[]): boolean {
  return guessPredictionRoles(cells).filter(role => role !== 'ignore').length >= Math.min(2, cells.length)
}

export function readPredictionTable(
  { header, rows }: PredictionTable,
  columns: readonly PredictionRole[],
  file: string,
): PredictionEntry[] {
  const at = (role: PredictionRole) => columns.indexOf(role)
  const places = {
    id: at('id'),
    text: at('text'),
    reference: at('reference'),
    system: at('system'),
    score: at('score'),
  }
  return rows.map(({ line, cells }) => {
    const cell = (column: number) => (column < 0 ? '' : (cells[column] ?? ''))
    const reference = cell(places.reference).trim()
    const score = cell(places.score).trim()
    const isRagged = cells.length !== header.length
    return predictionEntry(
      { file, line },
      {
        name: cell(places.id).trim(),
        text: cell(places.text),
        references: reference === '' ? [] : [reference],
        system: cell(places.system).trim(),
        score: score === '' || !Number.isFinite(Number(score)) ? null : Number(score),
        problem: isRagged ? `The row has ${cells.length} cells; the header has ${header.length}.` : null,
      },
    )
  })
}
