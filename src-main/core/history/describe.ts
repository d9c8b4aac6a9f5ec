import type { ChangeList, FieldChange, RowChange } from '#shared/contract/history.ts'
import type { ClipId, RecordingId, TierId } from '#shared/contract/ids.ts'
import type { Row, SqlValue } from '../edit/row-store.ts'
import type { RowPast } from './past.ts'

/** Finds rows of the moment that is described, the present or a past one. */
export type FindRow = (table: string, id: number) => Row | null

const TOLD = 200

/** Columns that the program keeps for itself, or that another row of the same edit tells better. */
const HIDDEN = new Set([
  'id',
  'file_place',
  'file_id',
  'annotation_id',
  'version',
  'changed_at',
  'changed_by',
  'source',
  'frame_index',
  'motion',
  'audio_peaks',
  'facts',
  'mtime_ms',
])

/** Rows that only accompany others: telling them would count one correction twice. */
const UNTOLD = new Set([
  'reference_version',
  'repeated_rating',
  'campaign_item',
  'campaign_output',
  'judged_output',
  'error_span',
  'ctc_lattice',
])

/** What people see of a row's columns, by the names of the schema. */
export function fieldsOf(row: Row): Record<string, string> {
  const shown = Object.entries(row).filter(([name, value]) => !HIDDEN.has(name) && value !== null)
  return Object.fromEntries(shown.map(([name, value]) => [name, textOf(value)]))
}

export function fieldChanges(before: Row | null, after: Row | null): FieldChange[] {
  const [was, is] = [before ? fieldsOf(before) : {}, after ? fieldsOf(after) : {}]
  return Object.keys({ ...was, ...is })
    .filter(field => was[field] !== is[field])
    .map(field => ({ field, before: was[field] ?? null, after: is[field] ?? null }))
}

export function changeOf({ before, after }: Pick<RowPast, 'before' | 'after'>): RowChange['change'] {
  if (before === null) return 'added'
  return after === null ? 'removed' : 'changed'
}

export function isTold({ table, before, after }: RowPast): boolean {
  if (UNTOLD.has(table)) return false
  return before === null || after === null || isShownOtherwise(before, after)
}

/** Whether `fieldChanges` would hold something, without making it: a diff asks this of every row. */
function isShownOtherwise(before: Row, after: Row): boolean {
  const isAbsent = (value: SqlValue | undefined) => value === null || value === undefined
  return Object.keys({ ...before, ...after }).some(name => {
    const [was, is] = [before[name], after[name]]
    if (was === is || HIDDEN.has(name)) return false
    return isAbsent(was) || isAbsent(is) ? isAbsent(was) !== isAbsent(is) : textOf(was!) !== textOf(is!)
  })
}

/** Counts all, tells the first; `find` knows the rows that a change hangs on. */
export function listChanges(rows: readonly RowPast[], find: FindRow, limit = TOLD): ChangeList {
  return listTold(rows.filter(isTold), find, limit)
}

/** The same for rows that are all told. */
export function listTold(told: readonly RowPast[], find: FindRow, limit = TOLD): ChangeList {
  const count = { added: 0, changed: 0, removed: 0 }
  for (const row of told) count[changeOf(row)] += 1
  return { ...count, changes: told.slice(0, limit).map(row => describeRow(row, find)) }
}

export function describeRow({ table, id, before, after }: RowPast, find: FindRow): RowChange {
  const row = after ?? before ?? {}
  const place = placeOf(table, row, find)
  return {
    table,
    id,
    change: changeOf({ before, after }),
    ...place,
    recording: nameOf(place.recordingId === null ? null : find('recording', place.recordingId)),
    text: textOfRow(row),
    startMs: typeof row['start_ms'] === 'number' ? row['start_ms'] : null,
    fields: fieldChanges(before, after),
  }
}

export interface RowPlace {
  recordingId: RecordingId | null
  tierId: TierId | null
  clipId: ClipId | null
  place: string
}

/** The recording, tier and clip that a row belongs to, as far as they are known. */
export function placeOf(table: string, row: Row, find: FindRow): RowPlace {
  const linked = (column: string, target: string) => {
    const id = row[column]
    return typeof id === 'number' ? { id, row: find(target, id) } : null
  }
  const tier = table === 'tier' ? { id: numberOf(row['id']), row } : linked('tier_id', 'tier')
  const reference = linked('reference_id', 'reference')
  const clipId = table === 'clip' ? row['id'] : (row['clip_id'] ?? reference?.row?.['clip_id'])
  const clip = typeof clipId === 'number' ? { id: clipId, row: find('clip', clipId) } : null
  const recordingId =
    table === 'recording'
      ? row['id']
      : (row['recording_id'] ?? tier?.row?.['recording_id'] ?? clip?.row?.['recording_id'])
  return {
    recordingId: typeof recordingId === 'number' ? (recordingId as RecordingId) : null,
    tierId: tier ? (tier.id as TierId | null) : null,
    clipId: clip ? (clip.id as ClipId) : null,
    place: table === 'tier' || table === 'clip' ? '' : nameOf(tier?.row ?? clip?.row ?? null),
  }
}

function textOfRow(row: Row): string {
  const text = row['value'] ?? row['text'] ?? row['name'] ?? row['tag'] ?? ''
  return textOf(text).slice(0, 200)
}

function nameOf(row: Row | null): string {
  return row ? textOf(row['name'] ?? '') : ''
}

function numberOf(value: SqlValue | undefined): number | null {
  return typeof value === 'number' ? value : null
}

function textOf(value: SqlValue): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return value === null ? '' : String(value)
}
