import { stableJson } from '#main/formats/jsonl.ts'
import { parquetPieces, type ParquetColumns } from '#main/formats/parquet.ts'
import { isoTime } from './dataset-rows.ts'
import type { DatasetCampaign, DatasetItem, DatasetJudgement, EvaluatedDataset } from './dataset.types.ts'
import type { ReleasePart } from './release-parts.ts'

/** `campaigns.jsonl`, `judgements.jsonl` and the same as tables: what people were shown, and what they said of it. */
export function campaignParts({ campaigns, formats }: EvaluatedDataset): ReleasePart[] {
  if (campaigns.length === 0) return []
  const table = (name: string, columns: ParquetColumns, rows: () => Iterable<Record<string, unknown>>) => ({
    path: `eval/${name}.parquet`,
    steps: 0,
    pieces: () => parquetPieces(columns, rows()),
  })
  const tables = [
    table('judgements', JUDGEMENT_COLUMNS, () => judgedRows(campaigns, judgementRow)),
    table('error_spans', SPAN_COLUMNS, () => judgedRows(campaigns, spanRows)),
  ]
  return [
    { path: 'campaigns.jsonl', steps: 0, pieces: () => campaignLines(campaigns) },
    { path: 'judgements.jsonl', steps: 0, pieces: () => itemLines(campaigns) },
    ...(formats?.includes('parquet') === false ? [] : tables),
  ]
}

function* campaignLines(campaigns: readonly DatasetCampaign[]): Generator<string> {
  for (const { items: _items, createdAt, ...campaign } of campaigns)
    yield `${stableJson({ ...campaign, createdAt: isoTime(createdAt) })}\n`
}

function* itemLines(campaigns: readonly DatasetCampaign[]): Generator<string> {
  for (const { name, items } of campaigns)
    for (const { judgements, ...item } of items)
      yield `${stableJson({ campaign: name, ...item, judgements: judgements.map(dated) })}\n`
}

const dated = ({ startedAt, finishedAt, ...judgement }: DatasetJudgement) => ({
  ...judgement,
  startedAt: isoTime(startedAt),
  finishedAt: finishedAt === null ? null : isoTime(finishedAt),
})

const JUDGED = {
  campaign: 'string',
  rater_id: 'string',
  segment_id: 'string',
  system_id: 'string',
  rank: 'int',
} as const

const JUDGEMENT_COLUMNS = {
  ...JUDGED,
  protocol: 'string',
  score: 'double',
  shown_order: 'int',
  slot: 'int',
  saw_reference: 'bool',
  is_repeat: 'bool',
  is_check: 'bool',
  started_at: 'string',
  ended_at: 'string',
} as const satisfies ParquetColumns

const SPAN_COLUMNS = {
  ...JUDGED,
  start_cp: 'int',
  end_cp: 'int',
  is_missing: 'bool',
  severity: 'string',
  category: 'string',
  comment: 'string',
} as const satisfies ParquetColumns

interface Judged {
  campaign: DatasetCampaign
  item: DatasetItem
  judgement: DatasetJudgement
  value: DatasetJudgement['values'][number]
  output: DatasetItem['outputs'][number]
}

function* judgedRows(
  campaigns: readonly DatasetCampaign[],
  rowsOf: (judged: Judged) => Record<string, unknown>[],
): Generator<Record<string, unknown>> {
  for (const campaign of campaigns)
    for (const item of campaign.items)
      for (const judgement of item.judgements)
        for (const value of judgement.values) {
          const output = item.outputs.find(({ slot }) => slot === value.slot)
          if (output) yield* rowsOf({ campaign, item, judgement, value, output })
        }
}

const judgedOf = ({ campaign, item, judgement, output }: Judged) => ({
  campaign: campaign.name,
  rater_id: judgement.annotator,
  segment_id: item.clip,
  system_id: output.run,
  rank: output.rank,
})

function judgementRow(judged: Judged): Record<string, unknown>[] {
  const { campaign, item, judgement, value } = judged
  return [
    {
      ...judgedOf(judged),
      protocol: campaign.protocol,
      score: value.value,
      shown_order: item.place,
      slot: value.slot,
      saw_reference: campaign.showsReference,
      is_repeat: item.kind === 'repeat',
      is_check: item.kind === 'check',
      started_at: isoTime(judgement.startedAt),
      ended_at: judgement.finishedAt === null ? null : isoTime(judgement.finishedAt),
    },
  ]
}

function spanRows(judged: Judged): Record<string, unknown>[] {
  return judged.value.spans.map(({ startCp, endCp, isMissing, severity, category, comment }) => ({
    ...judgedOf(judged),
    start_cp: startCp,
    end_cp: endCp,
    is_missing: isMissing,
    severity,
    category,
    comment: comment || null,
  }))
}
