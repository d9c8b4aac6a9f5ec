import { prepared } from '../../../db/prepared.ts'
import type { WriteDb } from '../../../db/types.ts'
import type { Release } from './read-release.ts'

type Item = Release['items'][number]

const CAMPAIGN = prepared<
  {
    name: string
    protocol: string
    seed: number
    showsReference: number
    source: string
    createdAt: number
    createdBy: string
  },
  number
>(
  `INSERT INTO campaign (name, protocol, seed, shows_reference, source, created_at, created_by)
   VALUES (:name, :protocol, :seed, :showsReference, :source, :createdAt, :createdBy)
   ON CONFLICT (name) DO NOTHING RETURNING id`,
)
const ITEM = prepared<
  { campaignId: number; place: number; clip: string; kind: string; originId: number | null },
  number
>(
  `INSERT INTO campaign_item (campaign_id, place, clip_id, kind, origin_id)
   VALUES (:campaignId, :place, (SELECT id FROM clip WHERE name = :clip), :kind, :originId) RETURNING id`,
)
const OUTPUT = prepared<
  {
    itemId: number
    clip: string
    slot: number
    run: string
    rank: number
    text: string
    damage: string | null
  },
  number
>(
  `INSERT INTO campaign_output (item_id, slot, hypothesis_id, text, damage)
   VALUES (:itemId, :slot, (SELECT hypothesis.id FROM hypothesis JOIN run ON run.id = run_id JOIN clip ON clip.id = clip_id
     WHERE run.name = :run AND clip.name = :clip AND rank = :rank), :text, :damage) RETURNING id`,
)
const JUDGEMENT = prepared<
  { itemId: number; annotator: string; startedAt: number; finishedAt: number | null },
  number
>(
  `INSERT INTO judgement (item_id, annotator, started_at, finished_at)
   VALUES (:itemId, :annotator, :startedAt, :finishedAt) RETURNING id`,
)
const VALUE = prepared<{ judgementId: number; outputId: number; value: number | null }, number>(
  `INSERT INTO judged_output (judgement_id, output_id, value) VALUES (:judgementId, :outputId, :value) RETURNING id`,
)
const SPAN = prepared<{
  judgedId: number
  startCp: number
  endCp: number
  isMissing: number
  severity: string
  category: string | null
  comment: string
}>(
  `INSERT INTO error_span (judged_output_id, start_cp, end_cp, is_missing, severity, category, comment)
   VALUES (:judgedId, :startCp, :endCp, :isMissing, :severity, :category, :comment)`,
)

/** The rating campaigns of a release, whole ones: what is there already was written before an import was stopped. */
export function writeCampaigns(db: WriteDb, { campaigns, items }: Release): void {
  const byCampaign = Map.groupBy(items, ({ campaign }) => campaign)
  for (const { showsReference, ...campaign } of campaigns) {
    const campaignId = CAMPAIGN(db)
      .pluck()
      .get({ ...campaign, showsReference: Number(showsReference) }) as number | undefined
    if (campaignId !== undefined) writeItems(db, campaignId, byCampaign.get(campaign.name) ?? [])
  }
}

/** What a repeat was made from may come after it. */
function writeItems(db: WriteDb, campaignId: number, items: readonly Item[]): void {
  const byPlace = new Map(items.map(item => [item.place, item]))
  const ids = new Map<number, number>()
  const write = (item: Item): number | null => {
    const { place, clip, kind, originPlace } = item
    const known = ids.get(place)
    if (known !== undefined) return known
    const origin = originPlace === null ? undefined : byPlace.get(originPlace)
    // A repeat of something that is not in the release is a repeat of nothing.
    if (originPlace !== null && !origin) return null
    const originId = origin ? write(origin) : null
    const itemId = ITEM(db).pluck().get({ campaignId, place, clip, kind, originId }) as number
    ids.set(place, itemId)
    writeJudgements(db, itemId, item)
    return itemId
  }
  for (const item of items) write(item)
}

function writeJudgements(db: WriteDb, itemId: number, { clip, outputs, judgements }: Item): void {
  const slots = new Map(
    outputs.map(output => [
      output.slot,
      OUTPUT(db)
        .pluck()
        .get({ itemId, clip, ...output }) as number,
    ]),
  )
  for (const { values, ...judgement } of judgements) {
    const judgementId = JUDGEMENT(db)
      .pluck()
      .get({ itemId, ...judgement }) as number
    for (const { slot, value, spans } of values) {
      const outputId = slots.get(slot)!
      const judgedId = VALUE(db).pluck().get({ judgementId, outputId, value }) as number
      for (const { isMissing, ...span } of spans)
        SPAN(db).run({ judgedId, ...span, isMissing: Number(isMissing) })
    }
  }
}
