import type { Stereotype, Tier } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { RecordingId, TierId, TierTypeId } from '#shared/contract/ids.ts'
import { recordingOfSentenceTier } from '#shared/domain/sentence-view.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing, EditTransaction } from '../edit/edit.service.ts'
import {
  countFamily,
  findTier,
  findTierNamed,
  findTypeOf,
  hasRecording,
  hasTypeNamed,
  listTiers,
  nextTierOrdinal,
  shownTier,
  type TierRecord,
} from './annotation.queries.ts'
import { sentenceTier } from './sentence-view.ts'
import { refit } from './refit-tier.ts'
import { existingType } from './tier-type.service.ts'

interface NewTier {
  recordingId: RecordingId
  name: string
  typeId?: TierTypeId | undefined
  stereotype: Stereotype
  parentId: TierId | null
  participant?: string
  annotator?: string | undefined
  language?: string
  defaultLocale?: string
}

interface TierChanges {
  name?: string
  typeId?: TierTypeId
  parentId?: TierId | null
  participant?: string
  annotator?: string
  language?: string
  defaultLocale?: string
}

export function createTierService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function tiers(recordingId: RecordingId): Tier[] {
    const view = sentenceTier(db, recordingId)
    return [...(view ? [view] : []), ...listTiers(db, recordingId).map(shownTier)]
  }

  function createTier(tier: NewTier): Tier {
    const { recordingId, name, parentId } = tier
    checkRecording(db, recordingId)
    const stereotype = tier.typeId === undefined ? tier.stereotype : existingType(db, tier.typeId).stereotype
    checkParent(db, { recordingId, stereotype, parentId })
    checkName(db, recordingId, name)
    const id = editing.run(`Create tier ${name}`, {}, tx =>
      insertTier(db, tx, {
        ...tier,
        typeId: tier.typeId ?? typeWith(db, tx, stereotype),
        annotator: tier.annotator ?? context.author(),
      }),
    )
    return shownTier(existingTier(db, id))
  }

  function renameTier({ tierId, name }: { tierId: TierId; name: string }): Tier {
    const tier = existingTier(db, tierId)
    if (name !== tier.name) checkName(db, tier.recordingId, name)
    editing.run(`Rename tier ${tier.name} to ${name}`, {}, tx => tx.update('tier', tierId, { name }))
    return shownTier(existingTier(db, tierId))
  }

  function updateTier({ tierId, changes }: { tierId: TierId; changes: TierChanges }): Tier {
    const tier = existingTier(db, tierId)
    const { typeId, parentId, defaultLocale, ...facts } = changes
    if (facts.name !== undefined && facts.name !== tier.name) checkName(db, tier.recordingId, facts.name)
    const given = { ...facts, ...(defaultLocale !== undefined && { default_locale: defaultLocale }) }
    editing.run(`Change tier ${tier.name}`, {}, tx => {
      tx.update('tier', tierId, given)
      refitTo(db, tx, tier, {
        typeId: typeId ?? tier.typeId,
        parentId: parentId === undefined ? tier.parentId : parentId,
      })
    })
    return shownTier(existingTier(db, tierId))
  }

  function orderTiers(input: { recordingId: RecordingId; tierIds: TierId[] }): Tier[] {
    const known = new Set(listTiers(db, input.recordingId).map(({ id }) => id))
    const own = input.tierIds.filter(id => recordingOfSentenceTier(id) === null)
    const isComplete = own.length === known.size && own.every(id => known.delete(id))
    if (!isComplete)
      throw new AppError('invalid-input', 'Name every tier of the recording once, in the new order.')
    editing.run('Order tiers', {}, tx => own.forEach((id, ordinal) => tx.update('tier', id, { ordinal })))
    return tiers(input.recordingId)
  }

  /** Its child tiers and all their annotations go with it. */
  function removeTier(tierId: TierId): void {
    const tier = existingTier(db, tierId)
    const label = removalLabel(tier, countFamily(db, { tierIds: [tierId] }))
    editing.run(label, {}, tx => tx.remove('tier', tierId))
  }

  return { tiers, createTier, renameTier, updateTier, orderTiers, removeTier }
}

function refitTo(
  db: ReadDb,
  tx: EditTransaction,
  tier: TierRecord,
  wanted: { typeId: TierTypeId; parentId: TierId | null },
): void {
  if (wanted.typeId === tier.typeId && wanted.parentId === tier.parentId) return
  const { stereotype } = existingType(db, wanted.typeId)
  for (let at = wanted.parentId; at !== null; at = existingTier(db, at).parentId)
    if (at === tier.id)
      throw new AppError('invalid-input', `“${tier.name}” cannot hang on itself or on a tier below it.`)
  checkParent(db, { recordingId: tier.recordingId, stereotype, parentId: wanted.parentId })
  refit(db, tx, tier, wanted)
}

function removalLabel(
  tier: TierRecord,
  { annotations, tiers }: { annotations: number; tiers: number },
): string {
  const more = [
    ...(tiers > 1 ? [tiers === 2 ? 'a tier below it' : `${tiers - 1} tiers below it`] : []),
    ...(annotations > 0 ? [annotations === 1 ? '1 annotation' : `${annotations} annotations`] : []),
  ]
  return `Remove tier ${tier.name}${more.length > 0 ? ` with ${more.join(' and ')}` : ''}`
}

export function insertTier(
  db: ReadDb,
  tx: EditTransaction,
  tier: Omit<NewTier, 'stereotype'> & { typeId: TierTypeId },
): TierId {
  return tx.insert('tier', {
    recording_id: tier.recordingId,
    parent_id: tier.parentId,
    type_id: tier.typeId,
    name: tier.name,
    ordinal: nextTierOrdinal(db, tier.recordingId),
    participant: tier.participant ?? '',
    annotator: tier.annotator ?? '',
    language: tier.language ?? '',
    default_locale: tier.defaultLocale ?? '',
  }) as TierId
}

export function existingTier(db: ReadDb, tierId: TierId): TierRecord {
  const tier = findTier(db, tierId)
  if (tier) return tier
  if (recordingOfSentenceTier(tierId) !== null)
    throw new AppError(
      'invalid-input',
      'The sentence tier is a view of the clips: it has no type or parent of its own, and stays.',
      { details: { tierId } },
    )
  throw new AppError('not-found', 'This tier has been removed.', { details: { tierId } })
}

export function checkRecording(db: ReadDb, recordingId: RecordingId): void {
  if (!hasRecording(db, recordingId))
    throw new AppError('not-found', 'This recording is no longer in the corpus.', {
      details: { recordingId },
    })
}

function checkName(db: ReadDb, recordingId: RecordingId, name: string): void {
  if (findTierNamed(db, recordingId, name) !== undefined)
    throw new AppError(
      'conflict',
      `There already is a tier “${name}” on this recording. Choose another name.`,
    )
}

function checkParent(
  db: ReadDb,
  {
    recordingId,
    stereotype,
    parentId,
  }: { recordingId: RecordingId; stereotype: Stereotype; parentId: TierId | null },
): void {
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
  if (!stereotype.startsWith('symbolic') && parent.stereotype.startsWith('symbolic'))
    throw new AppError(
      'invalid-input',
      `Annotations on “${parent.name}” have no times of their own: a tier below it can only be symbolic.`,
    )
}

/** The oldest type with this stereotype, or a new one. */
export function typeWith(db: ReadDb, tx: EditTransaction, stereotype: Stereotype): TierTypeId {
  const known = findTypeOf(db, stereotype)
  if (known !== undefined) return known as TierTypeId
  const wanted = stereotype === 'none' ? 'default' : stereotype
  let name: string = wanted
  for (let n = 2; hasTypeNamed(db, name); n++) name = `${wanted} ${n}`
  return tx.insert('tier_type', { name, stereotype }) as TierTypeId
}
