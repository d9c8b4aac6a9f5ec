import type { RecordingId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { AnnotationDocument } from '../../formats/annotation-document.ts'
import { listOfTier, listTiers } from '../annotation/annotation.queries.ts'
import type { Row } from '../edit/row-store.ts'
import type { Past } from '../history/past.ts'
import type { Item, MergeDocument, MergeTier } from './merge-types.ts'

/** How a tier is called in all copies; by name, unless the copies share their ids. */
export type TierKey = (tier: { id: number; name: string }) => string

export const byName: TierKey = ({ name }) => name

export function documentOfRecording(db: ReadDb, recordingId: RecordingId, keyOf: TierKey): MergeDocument {
  const tiers = listTiers(db, recordingId)
  const keys = new Map(tiers.map(tier => [tier.id as number, keyOf(tier)]))
  return {
    tiers: tiers.map(tier => ({
      ...tier,
      key: keyOf(tier),
      parent: tier.parentId === null ? null : (keys.get(tier.parentId) ?? null),
    })),
    items: tiers.flatMap(tier =>
      listOfTier(db, tier.id).map(({ id, parentId, startMs, endMs, value }) => ({
        id: String(id),
        tier: keyOf(tier),
        parentId: parentId === null ? null : String(parentId),
        startMs,
        endMs,
        value,
      })),
    ),
  }
}

/** The recording as it was; tiers keep their ids, so that the key of one that was renamed is still its own. */
export function documentOfPast(
  db: ReadDb,
  past: Past,
  recordingId: RecordingId,
  keyOf: TierKey,
): MergeDocument {
  const tierRows = rowsThen(
    past,
    'tier',
    listTiers(db, recordingId).map(({ id }) => id),
  ).filter(row => row['recording_id'] === recordingId)
  const keys = new Map(
    tierRows.map(row => [Number(row['id']), keyOf({ id: Number(row['id']), name: String(row['name']) })]),
  )
  const ids = listTiers(db, recordingId).flatMap(({ id }) => listOfTier(db, id).map(each => each.id))
  const items = rowsThen(past, 'annotation', ids).flatMap((row): Item[] => {
    const tier = keys.get(Number(row['tier_id']))
    return tier === undefined ? [] : [itemOf(row, tier)]
  })
  return { tiers: tierRows.map(row => tierOf(past, row, keys)), items }
}

function rowsThen(past: Past, table: string, ids: readonly number[]): Row[] {
  const all = new Set(ids)
  for (const touched of past.touched()) if (touched.table === table) all.add(touched.id)
  return [...all].map(id => past.find(table, id)).filter(row => row !== null)
}

function itemOf(row: Row, tier: string): Item {
  return {
    id: String(row['id']),
    tier,
    parentId: row['parent_id'] === null ? null : String(row['parent_id']),
    startMs: Number(row['start_ms']),
    endMs: Number(row['end_ms']),
    value: String(row['value']),
  }
}

function tierOf(past: Past, row: Row, keys: ReadonlyMap<number, string>): MergeTier {
  const type = past.find('tier_type', Number(row['type_id']))
  return {
    key: keys.get(Number(row['id'])) ?? '',
    name: String(row['name']),
    stereotype: (type?.['stereotype'] ?? 'none') as MergeTier['stereotype'],
    typeName: String(type?.['name'] ?? ''),
    parent: row['parent_id'] === null ? null : (keys.get(Number(row['parent_id'])) ?? null),
    participant: String(row['participant']),
    annotator: String(row['annotator']),
    language: String(row['language']),
  }
}

/** Formats without ids, and files that give one twice, get ids of their own where they need them. */
export function documentOfFile(document: AnnotationDocument): MergeDocument {
  const taken = new Set<string>()
  const idOf = (id: string, place: string): string => {
    const own = id === '' || taken.has(id) ? `#${place}` : id
    taken.add(own)
    return own
  }
  return {
    tiers: document.tiers.map(tier => ({ ...tier, key: tier.name })),
    items: document.tiers.flatMap((tier, place) =>
      tier.annotations.map(({ id, parentId, startMs, endMs, value }, n) => ({
        id: idOf(id, `${place}.${n}`),
        tier: tier.name,
        parentId,
        startMs,
        endMs,
        value,
      })),
    ),
  }
}
