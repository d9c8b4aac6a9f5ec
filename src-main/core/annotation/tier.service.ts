import type { Stereotype, Tier } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import {
  findTier,
  findTierNamed,
  findTypeOf,
  hasRecording,
  hasTypeNamed,
  listTiers,
  nextTierOrdinal,
} from './annotation.queries.ts'

interface NewTier {
  recordingId: RecordingId
  name: string
  stereotype: Stereotype
  parentId: TierId | null
}

export function createTierService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function tiers(recordingId: RecordingId): Tier[] {
    return listTiers(db, recordingId)
  }

  function createTier({ recordingId, name, stereotype, parentId }: NewTier): Tier {
    if (!hasRecording(db, recordingId))
      throw new AppError('not-found', 'This recording is no longer in the corpus.', {
        details: { recordingId },
      })
    checkParent(db, { recordingId, stereotype, parentId })
    checkName(db, recordingId, name)
    const id = editing.run(`Create tier ${name}`, {}, tx =>
      tx.insert('tier', {
        recording_id: recordingId,
        parent_id: parentId,
        type_id: findTypeOf(db, stereotype) ?? createType(db, tx, stereotype),
        name,
        ordinal: nextTierOrdinal(db, recordingId),
        annotator: context.author(),
      }),
    )
    return existingTier(db, id as TierId)
  }

  function renameTier({ tierId, name }: { tierId: TierId; name: string }): Tier {
    const tier = existingTier(db, tierId)
    if (name !== tier.name) checkName(db, tier.recordingId, name)
    editing.run(`Rename tier ${tier.name} to ${name}`, {}, tx => tx.update('tier', tierId, { name }))
    return existingTier(db, tierId)
  }

  /** Its child tiers and all their annotations go with it. */
  function removeTier(tierId: TierId): void {
    const tier = existingTier(db, tierId)
    editing.run(`Remove tier ${tier.name}`, {}, tx => tx.remove('tier', tierId))
  }

  return { tiers, createTier, renameTier, removeTier }
}

export function existingTier(db: ReadDb, tierId: TierId): Tier {
  const tier = findTier(db, tierId)
  if (!tier) throw new AppError('not-found', 'This tier has been removed.', { details: { tierId } })
  return tier
}

function checkName(db: ReadDb, recordingId: RecordingId, name: string): void {
  if (findTierNamed(db, recordingId, name) !== undefined)
    throw new AppError(
      'conflict',
      `There already is a tier “${name}” on this recording. Choose another name.`,
    )
}

function checkParent(db: ReadDb, { recordingId, stereotype, parentId }: Omit<NewTier, 'name'>): void {
  if (parentId === null) {
    if (stereotype === 'none') return
    throw new AppError(
      'invalid-input',
      `A tier with the rule “${stereotype}” needs a parent tier. Choose one.`,
    )
  }
  const parent = existingTier(db, parentId)
  if (parent.recordingId !== recordingId)
    throw new AppError('invalid-input', `The tier “${parent.name}” belongs to another recording.`)
  if (stereotype === 'none')
    throw new AppError(
      'invalid-input',
      `A tier below “${parent.name}” needs a rule that ties it to its parent.`,
    )
}

function createType(db: ReadDb, tx: EditTransaction, stereotype: Stereotype): number {
  const wanted = stereotype === 'none' ? 'default' : stereotype
  let name: string = wanted
  for (let n = 2; hasTypeNamed(db, name); n++) name = `${wanted} ${n}`
  return tx.insert('tier_type', { name, stereotype })
}
