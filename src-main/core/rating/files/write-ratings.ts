import type { CampaignId } from '#shared/contract/ids.ts'
import type { RatingProtocol } from '#shared/domain/rating-protocols.ts'
import type { CorpusContext } from '../../context.ts'
import type { EditTransaction } from '../../edit/edit.service.ts'
import type { PlannedItem } from '../campaign/plan-items.ts'
import { writeCampaign } from '../campaign/write-campaign.ts'
import type { MatchedRow } from './match-rows.ts'

interface Imported {
  name: string
  source: string
  protocol: RatingProtocol
  rows: readonly MatchedRow[]
}

/** One screen per output and text; what an annotator says of it once more goes to a repeat of that screen. */
function screensOf(rows: readonly MatchedRow[]): { first: MatchedRow; turns: MatchedRow[][] }[] {
  const outputs = Map.groupBy(rows, ({ hypothesisId, text }) => JSON.stringify([hypothesisId, text]))
  return [...outputs.values()].map(own => {
    const turns: MatchedRow[][] = []
    const seen = new Map<string, number>()
    for (const each of own) {
      const turn = seen.get(each.row.annotator) ?? 0
      seen.set(each.row.annotator, turn + 1)
      turns[turn] = [...(turns[turn] ?? []), each]
    }
    return { first: own[0]!, turns }
  })
}

export function writeRatings(
  context: CorpusContext,
  tx: EditTransaction,
  { name, source, protocol, rows }: Imported,
): CampaignId {
  const items: (PlannedItem & { judged: MatchedRow[] })[] = []
  for (const { first, turns } of screensOf(rows)) {
    const origin = items.length
    const { clipId, hypothesisId, text } = first
    turns.forEach((judged, turn) =>
      items.push({
        clipId,
        kind: turn === 0 ? 'judge' : 'repeat',
        origin: turn === 0 ? null : origin,
        outputs: [{ hypothesisId, text, damage: null }],
        judged,
      }),
    )
  }
  const facts = { name, protocol, seed: 0, showsReference: false, source }
  const written = writeCampaign(context, tx, facts, items)
  items.forEach(({ judged }, place) => {
    const { id, outputs } = written.items[place]!
    for (const each of judged) writeRow(context, tx, each, { itemId: id, outputId: outputs[0]! })
  })
  return written.id
}

function writeRow(
  { now }: CorpusContext,
  tx: EditTransaction,
  { row }: MatchedRow,
  { itemId, outputId }: { itemId: number; outputId: number },
): void {
  const at = row.finishedAt || now()
  const judgement = {
    item_id: itemId,
    annotator: row.annotator,
    started_at: row.startedAt || at,
    finished_at: at,
  }
  const judgementId = tx.insert('judgement', judgement)
  const judgedId = tx.insert('judged_output', {
    judgement_id: judgementId,
    output_id: outputId,
    value: row.value,
  })
  for (const { startCp, endCp, isMissing, severity, category, comment } of row.marks)
    tx.insert('error_span', {
      judged_output_id: judgedId,
      start_cp: startCp,
      end_cp: endCp,
      is_missing: Number(isMissing),
      severity,
      category,
      comment,
    })
}
