import type { Campaign, CampaignPlan } from '#shared/contract/campaign.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CampaignId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../../context.ts'
import type { Editing } from '../../edit/edit.service.ts'
import { listCampaigns } from './campaign.queries.ts'
import { describeCampaign, requireCampaign } from './describe-campaign.ts'
import { planCampaign, previewCampaign } from './plan-campaign.ts'
import { writeCampaign } from './write-campaign.ts'

/** What is judged, how and in which order. */
export function createCampaignService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  const preview = (plan: CampaignPlan) => previewCampaign(db, plan)

  /** @throws AppError 'invalid-input' where nothing would be judged, 'conflict' where the name is taken */
  function create({ name, ...plan }: CampaignPlan & { name: string }): Campaign {
    const { items } = planCampaign(db, plan)
    if (items.length === 0)
      throw new AppError(
        'invalid-input',
        'These runs have no clip of this split in common, so there is nothing to judge. Choose other runs or another split.',
      )
    if (listCampaigns(db).some(each => each.name === name))
      throw new AppError(
        'conflict',
        `There is a campaign named “${name}” already. Give this one another name.`,
      )
    const { protocol, seed, showsReference } = plan
    const id = editing.run(
      `Start rating campaign ${name}`,
      {},
      tx => writeCampaign(context, tx, { name, protocol, seed, showsReference, source: '' }, items).id,
    )
    return describeCampaign(context, requireCampaign(db, id))
  }

  function remove(id: CampaignId): void {
    const { name } = requireCampaign(db, id)
    editing.run(`Remove rating campaign ${name}`, {}, tx => tx.remove('campaign', id))
  }

  return { list: () => listCampaigns(db).map(row => describeCampaign(context, row)), preview, create, remove }
}
