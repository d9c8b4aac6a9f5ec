import type { Campaign } from '#shared/contract/campaign.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CampaignId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { CorpusContext } from '../../context.ts'
import { type CampaignRow, findCampaign, listProgress } from './campaign.queries.ts'

/** @throws AppError 'not-found' */
export function requireCampaign(db: ReadDb, id: CampaignId): CampaignRow {
  const found = findCampaign(db, id)
  if (found) return found
  throw new AppError('not-found', 'This rating campaign has been removed. Undo brings it back.', {
    details: { campaignId: id },
  })
}

/** A campaign with how far everybody is. */
export function describeCampaign(
  { db, author }: CorpusContext,
  { showsReference, ...row }: CampaignRow,
): Campaign {
  const progress = listProgress(db, row.id)
  const mine = progress.find(({ annotator }) => annotator === author())
  return { ...row, showsReference: showsReference === 1, progress, finished: mine?.finished ?? 0 }
}
