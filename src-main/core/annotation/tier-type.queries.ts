import type { TierType } from '#shared/contract/annotation.ts'
import type { TierTypeId } from '#shared/contract/ids.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'

type TypeRow = Omit<TierType, 'hasGraphicReferences'> & { hasGraphicReferences: number }

const TYPE = `SELECT id, name, stereotype, graphic_references AS hasGraphicReferences, vocabulary_id AS vocabularyId,
  lexicon_ref AS lexiconRef, (SELECT count(*) FROM tier WHERE type_id = tier_type.id) AS tiers FROM tier_type`

const ALL = prepared<[], TypeRow>(`${TYPE} ORDER BY name`)
const BY_ID = prepared<[TierTypeId], TypeRow>(`${TYPE} WHERE id = ?`)
const BY_NAME = prepared<[string], TypeRow>(`${TYPE} WHERE name = ?`)

export function listTypes(db: ReadDb): TierType[] {
  return ALL(db).all().map(typeOf)
}

export function findType(db: ReadDb, id: TierTypeId): TierType | undefined {
  const row = BY_ID(db).get(id)
  return row && typeOf(row)
}

export function findTypeNamed(db: ReadDb, name: string): TierType | undefined {
  const row = BY_NAME(db).get(name)
  return row && typeOf(row)
}

function typeOf({ hasGraphicReferences, ...row }: TypeRow): TierType {
  return { ...row, hasGraphicReferences: hasGraphicReferences === 1 }
}
