import type { Stereotype, TierType } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TierTypeId, VocabularyId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { listTiersOfType } from './annotation.queries.ts'
import { findType, findTypeNamed, listTypes } from './tier-type.queries.ts'
import { linkValues } from './tier-values.ts'

interface TypeFacts {
  name: string
  stereotype: Stereotype
  vocabularyId: VocabularyId | null
}

export function createTierTypeService({ db }: CorpusContext, { editing }: { editing: Editing }) {
  function createType({ name, stereotype, vocabularyId }: TypeFacts): TierType {
    checkTypeName(db, name)
    const row = { name, stereotype, vocabulary_id: vocabularyId }
    const id = editing.run(`Create tier type ${name}`, {}, tx => tx.insert('tier_type', row))
    return existingType(db, id as TierTypeId)
  }

  function updateType({ typeId, changes }: { typeId: TierTypeId; changes: Partial<TypeFacts> }): TierType {
    const type = existingType(db, typeId)
    const { name = type.name, stereotype = type.stereotype, vocabularyId = type.vocabularyId } = changes
    if (name !== type.name) checkTypeName(db, name)
    if (stereotype !== type.stereotype && type.tiers > 0)
      throw new AppError(
        'conflict',
        `${type.tiers === 1 ? 'A tier is' : `${type.tiers} tiers are`} of the type “${type.name}”: its stereotype stays. Make another type and give it to the tiers.`,
      )
    editing.run(`Change tier type ${type.name}`, {}, tx => {
      tx.update('tier_type', typeId, { name, stereotype, vocabulary_id: vocabularyId })
      if (vocabularyId !== type.vocabularyId)
        for (const tier of listTiersOfType(db, typeId)) linkValues(db, tx, tier)
    })
    return existingType(db, typeId)
  }

  function removeType(typeId: TierTypeId): void {
    const type = existingType(db, typeId)
    if (type.tiers > 0)
      throw new AppError(
        'conflict',
        `${type.tiers === 1 ? 'A tier is' : `${type.tiers} tiers are`} of the type “${type.name}”. Give them another type first.`,
      )
    editing.run(`Remove tier type ${type.name}`, {}, tx => tx.remove('tier_type', typeId))
  }

  return { types: () => listTypes(db), createType, updateType, removeType }
}

export function existingType(db: ReadDb, typeId: TierTypeId): TierType {
  const type = findType(db, typeId)
  if (!type) throw new AppError('not-found', 'This tier type has been removed.', { details: { typeId } })
  return type
}

function checkTypeName(db: ReadDb, name: string): void {
  if (findTypeNamed(db, name))
    throw new AppError('conflict', `There already is a tier type “${name}”. Choose another name.`)
}
