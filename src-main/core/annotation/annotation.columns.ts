import type { TierColumns } from '#shared/contract/annotation.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { recordingOfSentenceTier } from '#shared/domain/sentence-view.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import { listSentences } from './sentence-view.ts'

const COLUMNS_OF = prepared<[TierId]>(
  `SELECT id, start_ms, end_ms, coalesce(parent_id, 0), value FROM annotation
   WHERE tier_id = ? ORDER BY start_ms, end_ms, id`,
)

type Cells = [id: number, startMs: number, endMs: number, parentId: number, value: string]

/** A tier's annotations as the wire carries them: numbers as bytes, each different text once. */
export function tierColumns(db: ReadDb, tierId: TierId): TierColumns {
  const recordingId = recordingOfSentenceTier(tierId)
  const rows =
    recordingId === null ? (COLUMNS_OF(db).raw().all(tierId) as Cells[]) : sentenceCells(db, recordingId)
  const column = () => new Uint32Array(rows.length)
  const [ids, starts, ends, parents, values] = [column(), column(), column(), column(), column()]
  const positions = new Map<string, number>()
  rows.forEach(([id, startMs, endMs, parentId, value], at) => {
    ids[at] = id
    starts[at] = Math.max(0, startMs)
    ends[at] = Math.max(0, endMs)
    parents[at] = parentId
    const position = positions.get(value) ?? positions.size
    positions.set(value, position)
    values[at] = position
  })
  return {
    tierId,
    count: rows.length,
    ids: base64(ids),
    startsMs: base64(starts),
    endsMs: base64(ends),
    parentIds: base64(parents),
    texts: [...positions.keys()],
    values: base64(values),
  }
}

function sentenceCells(db: ReadDb, recordingId: RecordingId): Cells[] {
  return listSentences(db, { recordingId }).map(({ id, startMs, endMs, value }) => [
    id,
    startMs,
    endMs,
    0,
    value,
  ])
}

/** Little-endian, which every machine is that Node and Electron run on. */
function base64(column: Uint32Array): string {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64')
}
