import type { CampaignPlan, CampaignPreview } from '#shared/contract/campaign.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, HypothesisId } from '#shared/contract/ids.ts'
import { PROTOCOLS } from '#shared/domain/rating-protocols.ts'
import { seededRandom } from '#shared/domain/seeded-random.ts'
import type { ReadDb } from '../../../db/types.ts'
import { listCandidates } from './campaign.queries.ts'
import { type ClipToJudge, planItems, type PlannedItem } from './plan-items.ts'

/** Only clips that every run has translated: a system must not look better for what it was not asked. */
function clipsToJudge(
  db: ReadDb,
  { runIds, split, clips, seed }: CampaignPlan,
): {
  chosen: ClipToJudge[]
  leftOut: number
} {
  const candidates = Map.groupBy(listCandidates(db, runIds, split), row => row.clipId)
  const whole = [...candidates].filter(([, rows]) => rows.length === runIds.length)
  const all: ClipToJudge[] = whole.map(([clipId, rows]) => ({
    clipId: clipId as ClipId,
    outputs: rows.map(({ hypothesisId, text }) => ({ hypothesisId: hypothesisId as HypothesisId, text })),
  }))
  const chosen = clips === null ? all : seededRandom(seed).shuffled(all).slice(0, clips)
  return { chosen, leftOut: candidates.size - whole.length }
}

export function planCampaign(
  db: ReadDb,
  plan: CampaignPlan,
): { items: PlannedItem[]; clips: number; leftOut: number } {
  checkPlan(plan)
  const { chosen, leftOut } = clipsToJudge(db, plan)
  return { items: planItems(chosen, plan), clips: chosen.length, leftOut }
}

export function previewCampaign(db: ReadDb, plan: CampaignPlan): CampaignPreview {
  const { items, clips, leftOut } = planCampaign(db, plan)
  const count = (kind: PlannedItem['kind']) => items.filter(item => item.kind === kind).length
  return { clips, leftOut, screens: items.length, repeats: count('repeat'), checks: count('check') }
}

function checkPlan({ protocol, runIds }: CampaignPlan): void {
  if (PROTOCOLS[protocol].kind !== 'choice' || runIds.length >= 2) return
  throw new AppError('invalid-input', 'To compare systems, choose two runs or more.')
}
