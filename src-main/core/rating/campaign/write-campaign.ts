import type { CampaignId } from '#shared/contract/ids.ts'
import type { RatingProtocol } from '#shared/domain/rating-protocols.ts'
import type { CorpusContext } from '../../context.ts'
import type { EditTransaction } from '../../edit/edit.service.ts'
import type { PlannedItem } from './plan-items.ts'

export interface CampaignFacts {
  name: string
  protocol: RatingProtocol
  seed: number
  showsReference: boolean
  source: string
}

/** Ids of the rows that were written, items in order and their outputs by slot. */
export interface WrittenCampaign {
  id: CampaignId
  items: { id: number; outputs: number[] }[]
}

export function writeCampaign(
  { now, author }: CorpusContext,
  tx: EditTransaction,
  { name, protocol, seed, showsReference, source }: CampaignFacts,
  items: readonly PlannedItem[],
): WrittenCampaign {
  const id = tx.insert('campaign', {
    name,
    protocol,
    seed,
    shows_reference: Number(showsReference),
    source,
    created_at: now(),
    created_by: author(),
  }) as CampaignId
  const ids = new Map<number, number>()
  const insert = ({ clipId, kind, origin }: PlannedItem, place: number) =>
    ids.set(
      place,
      tx.insert('campaign_item', {
        campaign_id: id,
        place,
        clip_id: clipId,
        kind,
        origin_id: origin === null ? null : ids.get(origin)!,
      }),
    )
  // A check may come before what it was made from: what others point to is written first.
  items.forEach((item, place) => item.origin === null && insert(item, place))
  items.forEach((item, place) => item.origin !== null && insert(item, place))
  return {
    id,
    items: items.map(({ outputs }, place) => {
      const itemId = ids.get(place)!
      return {
        id: itemId,
        outputs: outputs.map(({ hypothesisId, text, damage }, slot) =>
          tx.insert('campaign_output', { item_id: itemId, slot, hypothesis_id: hypothesisId, text, damage }),
        ),
      }
    }),
  }
}
