import type { JudgedText } from '#shared/contract/campaign.ts'
import type { CampaignItemId } from '#shared/contract/ids.ts'
import type { ErrorMark } from '#shared/domain/rating-protocols.ts'
import type { CorpusContext } from '../../context.ts'
import type { EditTransaction } from '../../edit/edit.service.ts'
import { findJudgement, listJudged, listMarks } from './campaign.queries.ts'

/** Makes the current annotator's judgement of a screen what `judged` says; what is the same stays untouched. */
export function writeJudgement(
  context: CorpusContext,
  tx: EditTransaction,
  input: { itemId: CampaignItemId; judged: readonly JudgedText[]; startedAt: number; isFinished: boolean },
): void {
  const { db, now, author } = context
  const { itemId, judged, startedAt, isFinished } = input
  const known = findJudgement(db, itemId, author())
  const finishedAt = isFinished ? (known?.finishedAt ?? now()) : null
  const id =
    known?.id ??
    tx.insert('judgement', {
      item_id: itemId,
      annotator: author(),
      started_at: startedAt,
      finished_at: finishedAt,
    })
  if (known) tx.update('judgement', id, { finished_at: finishedAt })
  const rows = new Map(known ? listJudged(db, id).map(row => [row.outputId, row]) : [])
  for (const { outputId, value, marks } of judged) {
    const row = rows.get(outputId)
    const judgedId = row?.id ?? tx.insert('judged_output', { judgement_id: id, output_id: outputId, value })
    if (row) tx.update('judged_output', judgedId, { value })
    writeMarks(context, tx, judgedId, marks)
  }
}

function keyOf({ startCp, endCp, isMissing, severity, category, comment }: ErrorMark): string {
  return JSON.stringify([startCp, endCp, isMissing, severity, category, comment])
}

function writeMarks(
  { db }: CorpusContext,
  tx: EditTransaction,
  judgedId: number,
  marks: readonly ErrorMark[],
): void {
  const wanted = new Map(marks.map(mark => [keyOf(mark), mark]))
  for (const mark of listMarks(db, judgedId))
    if (!wanted.delete(keyOf(mark))) tx.remove('error_span', mark.id)
  for (const { startCp, endCp, isMissing, severity, category, comment } of wanted.values())
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
