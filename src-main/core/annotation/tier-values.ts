import { AppError } from '#shared/contract/errors.ts'
import type { ReadDb } from '../../db/types.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import { valueOnTier } from '../vocabulary/tier-value.ts'
import { listOfTier, type TierRecord } from './annotation.queries.ts'

/**
 * After a tier has got another vocabulary: its annotations become entries of that one.
 *
 * @throws AppError 'conflict' where values are no entries and the vocabulary is not free
 */
export function linkValues(db: ReadDb, tx: EditTransaction, tier: TierRecord): void {
  const strange = new Set<string>()
  for (const { id, value } of listOfTier(db, tier.id)) {
    try {
      tx.update('annotation', id, { entry_id: valueOnTier(db, tier, { value }).entryId })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      strange.add(value)
    }
  }
  if (strange.size === 0) return
  const some = [...strange].slice(0, 3).map(value => `“${value.slice(0, 40)}”`)
  throw new AppError(
    'conflict',
    `${strange.size === 1 ? 'A value' : `${strange.size} values`} on the tier “${tier.name}” would be no entries of the vocabulary: ${some.join(', ')}${strange.size > 3 ? ' …' : ''}. Add them to it, change the annotations, or let the vocabulary be free.`,
    { details: { tierId: tier.id } },
  )
}
