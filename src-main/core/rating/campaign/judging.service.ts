import type { CampaignScreen, JudgedText } from '#shared/contract/campaign.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CampaignId, CampaignItemId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../../context.ts'
import type { Editing } from '../../edit/edit.service.ts'
import {
  type CampaignRow,
  findItem,
  findJudgement,
  firstReference,
  type ItemRow,
  itemAt,
  listJudged,
  listMarks,
  listOutputs,
  nextItem,
} from './campaign.queries.ts'
import { checkJudged } from './check-judged.ts'
import { describeCampaign, requireCampaign } from './describe-campaign.ts'
import { writeJudgement } from './write-judgement.ts'

/** What a rater sees and says, screen by screen. */
export function createJudgingService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function screenOf(row: CampaignRow, item: ItemRow): CampaignScreen {
    const annotator = context.author()
    const reference = firstReference(db, item.clipId)
    const judgement = findJudgement(db, item.id, annotator)
    return {
      itemId: item.id,
      campaign: row.name,
      protocol: row.protocol,
      place: item.place,
      screens: row.screens,
      finished: describeCampaign(context, row).finished,
      clipId: item.clipId,
      reference: row.showsReference === 1 ? (reference?.text ?? '') : null,
      language: reference?.language ?? '',
      outputs: listOutputs(db, item.id),
      judged: judgement ? judgedTexts(judgement.id) : [],
      startedAt: judgement?.startedAt ?? null,
      isFinished: judgement?.finishedAt != null,
    }
  }

  function judgedTexts(judgementId: number): JudgedText[] {
    return listJudged(db, judgementId).map(({ id, outputId, value }) => ({
      outputId,
      value,
      marks: listMarks(db, id).map(({ id: _id, ...mark }) => mark),
    }))
  }

  function open(campaignId: CampaignId, place?: number): CampaignScreen | null {
    const row = requireCampaign(db, campaignId)
    const item =
      place === undefined ? nextItem(db, campaignId, context.author()) : itemAt(db, campaignId, place)
    return item ? screenOf(row, item) : null
  }

  function judge(input: {
    itemId: CampaignItemId
    judged: JudgedText[]
    startedAt: number
    isFinished: boolean
  }): void {
    const item = findItem(db, input.itemId)
    if (!item)
      throw new AppError('not-found', 'The campaign of this screen has been removed. Undo brings it back.')
    const row = requireCampaign(db, item.campaignId)
    checkJudged(row.protocol, listOutputs(db, item.id), input.judged, input.isFinished)
    // The label names no system: the history is read by raters, too.
    const label = `Judge ${item.place + 1} of ${row.screens} in ${row.name}`
    editing.run(label, { clipId: item.clipId }, tx => writeJudgement(context, tx, input))
  }

  return { open, judge }
}
