import type { DateDiff, RowChange } from '#shared/contract/history.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Row, RowStore } from '../edit/row-store.ts'
import { changeOf, isTold, listTold, placeOf, type FindRow, type RowPlace } from './describe.ts'
import { differences, pastsAt, type RowPast } from './past.ts'

type Group = DateDiff['groups'][number]

const GROUP_KINDS: Record<string, Group['kind']> = {
  annotation: 'tier',
  tier: 'tier',
  reference: 'references',
  clip: 'clips',
  clip_tag: 'clips',
}

/** Enough to walk through; the counts are of all. */
const TOLD = 2000

export function diffOf(
  db: ReadDb,
  rows: RowStore,
  {
    recordingId,
    ...dates
  }: { recordingId?: RecordingId | undefined; fromAt: number; toAt?: number | undefined },
): DateDiff {
  const { from, to, acts } = pastsAt(db, rows, dates)
  const find = remembered((table, id) => to.find(table, id) ?? from.find(table, id))
  const found = differences(from, to)
    .filter(row => GROUP_KINDS[row.table] !== undefined && isTold(row))
    .map(row => foundOf(row, find))
    .filter(({ place }) => recordingId === undefined || place.recordingId === recordingId)
    .sort(byPlace)
  const list = listTold(
    found.map(({ row }) => row),
    find,
    TOLD,
  )
  return { groups: groupsOf(found, find), ...list, acts }
}

interface Found {
  row: RowPast
  place: RowPlace
  order: readonly number[]
}

function foundOf(row: RowPast, find: FindRow): Found {
  const now = row.after ?? row.before ?? {}
  const place = placeOf(row.table, now, find)
  const order = [place.recordingId ?? 0, place.tierId ?? 0, Number(now['start_ms'] ?? 0), row.id]
  return { row, place, order }
}

/** Thousands of annotations hang on the same few tiers. */
function remembered(find: FindRow): FindRow {
  const known = new Map<string, Row | null>()
  return (table, id) => {
    const key = `${table} ${id}`
    const row = known.get(key)
    if (row !== undefined) return row
    const found = find(table, id)
    known.set(key, found)
    return found
  }
}

function byPlace({ order: left }: Found, { order: right }: Found): number {
  const at = left.findIndex((value, n) => value !== right[n])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

function groupsOf(found: readonly Found[], find: FindRow): Group[] {
  const groups = new Map<string, Group>()
  for (const { row, place } of found) {
    const kind = GROUP_KINDS[row.table]
    if (kind === undefined || place.recordingId === null) continue
    const key = `${place.recordingId} ${kind} ${kind === 'tier' ? place.tierId : ''}`
    const group = groups.get(key) ?? emptyGroup(kind, place, find)
    groups.set(key, group)
    group[changeOf(row) satisfies RowChange['change']] += 1
  }
  return [...groups.values()].sort(
    (a, b) => a.recording.localeCompare(b.recording) || a.name.localeCompare(b.name),
  )
}

function emptyGroup(kind: Group['kind'], place: RowPlace, find: FindRow): Group {
  const tierId = kind === 'tier' ? place.tierId : null
  const nameOf = (table: string, id: number | null) =>
    String((id === null ? null : find(table, id)?.['name']) ?? '')
  return {
    recordingId: place.recordingId as RecordingId,
    recording: nameOf('recording', place.recordingId),
    kind,
    tierId,
    name: nameOf('tier', tierId),
    added: 0,
    changed: 0,
    removed: 0,
  }
}
