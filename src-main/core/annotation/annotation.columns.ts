import type { TierColumns } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

const COLUMNS_OF = prepared<[TierId]>(
  `SELECT id, start_ms, end_ms, coalesce(parent_id, 0), value FROM annotation
   WHERE tier_id = ? ORDER BY start_ms, end_ms, id`,
)

type Cells = [id: number, startMs: number, endMs: number, parentId: number, value: string]

/** A tier's annotations as the wire carries them: numbers as bytes, each different text once. */
export function tierColumns(db: ReadDb, tierId: TierId): TierColumns {
  const rows = COLUMNS_OF(db).raw().all(tierId) as Cells[]
  const column = () => new Uint32Array(rows.length)
  const [ids, starts, ends, parents, values] = [column(), column(), column(), column(), column()]
  const positions = new Map<string, number>()
  rows.forEach(([id, startMs, endMs, parentId, value], at) => {
    ids[at] = id
    starts[at] = startMs
    ends[at] = endMs
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

/** Little-endian, which every machine is that Node and Electron run on. */
function base64(column: Uint32Array): string {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64')
}
