import type { CampaignId } from '#shared/contract/ids.ts'
import {
  type ErrorMark,
  mqmPenalty,
  PROTOCOLS,
  type RatingProtocol,
} from '#shared/domain/rating-protocols.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { Judged, JudgedCheck, JudgedSet } from '../judged.ts'
import { type CampaignRow, type FinishedRow, listFinished, marksByOutput } from './campaign.queries.ts'

type Valued = FinishedRow & { value: number }

/** The finished judgements of a campaign, repeats beside what they repeat, checks apart. */
export function judgedCampaign(db: ReadDb, { id, name, protocol }: CampaignRow): JudgedSet {
  const rows = valued(listFinished(db, id), protocol, () => marksByOutput(db, id))
  const judged = new Map<string, Judged & { repeats: number[] }>()
  for (const row of rows)
    if (row.kind === 'judge') judged.set(keyOf(row.itemId, row), { ...judgedOf(row, protocol), repeats: [] })
  for (const row of rows)
    if (row.kind === 'repeat') judged.get(keyOf(row.originId, row))?.repeats.push(row.value)
  const checks = rows
    .filter(({ kind, damage }) => kind === 'check' && damage !== null)
    .map(row => checkOf(row, judged.get(keyOf(row.originId, row))?.value ?? null, protocol))
  return { name, protocol, judged: [...judged.values()], checks }
}

function valued(
  rows: readonly FinishedRow[],
  protocol: RatingProtocol,
  marks: () => Map<number, ErrorMark[]>,
): Valued[] {
  const isCounted = PROTOCOLS[protocol].kind === 'errors'
  const byOutput = isCounted ? marks() : new Map<number, ErrorMark[]>()
  return rows.flatMap(row => {
    const value = isCounted ? mqmPenalty(byOutput.get(row.judgedOutputId) ?? []) : row.value
    return value === null ? [] : [{ ...row, value }]
  })
}

function keyOf(itemId: CampaignId | number | null, { annotator, hypothesisId }: FinishedRow): string {
  return `${itemId} ${hypothesisId} ${annotator}`
}

function judgedOf(row: Valued, protocol: RatingProtocol): Omit<Judged, 'repeats'> {
  const { itemId, hypothesisId, runId, run, clipId, clip, text, annotator, value, startedAt, finishedAt } =
    row
  // The same output stands against different ones in different pairs.
  const unit = protocol === 'pairwise' ? `screen ${itemId} output ${hypothesisId}` : `output ${hypothesisId}`
  const seconds = (finishedAt - startedAt) / 1000
  return {
    unit,
    runId,
    run,
    clipId,
    hypothesisId,
    name: clip,
    text,
    annotator,
    value,
    at: finishedAt,
    // Read from a file, both times may be the same.
    seconds: seconds > 0 ? seconds : null,
  }
}

/** A damaged text has to be found worse than the true one; where that is at the bottom already, nothing can be. */
function checkOf(row: Valued, original: number | null, protocol: RatingProtocol): JudgedCheck {
  const { isHigherBetter, kind, min, max } = PROTOCOLS[protocol]
  const worst = isHigherBetter ? min : max
  const check = { ...judgedOf(row, protocol), original }
  if (kind === 'choice') return { ...check, isPassed: row.value < max }
  if (original === null || original === worst) return { ...check, isPassed: null }
  return { ...check, isPassed: isHigherBetter ? row.value < original : row.value > original }
}
