import type { RatingFileFormat } from '#shared/contract/campaign.ts'
import { mqmPenalty, PROTOCOLS } from '#shared/domain/rating-protocols.ts'
import { type AppraiseTask, writeAppraise, writeAppraiseBatch } from '../../../formats/ratings/appraise.ts'
import type { JudgementRow, RatingsToWrite } from '../../../formats/ratings/judgement-row.ts'
import { writeMqm } from '../../../formats/ratings/mqm-tsv.ts'
import { writePearmut, writePearmutCampaign } from '../../../formats/ratings/pearmut.ts'
import type { ReadDb } from '../../../db/types.ts'
import { type CampaignRow, listFinished, marksByOutput } from '../campaign/campaign.queries.ts'
import { campaignLanguage, listTasks } from './rating-files.queries.ts'

export interface RatingText {
  text: string
  rows: number
  losses: string[]
  fileName: string
}

const ENDINGS: Record<RatingFileFormat, string> = {
  appraise: 'scores.csv',
  'appraise-batch': 'batch.json',
  pearmut: 'pearmut.jsonl',
  'pearmut-campaign': 'pearmut.json',
  mqm: 'mqm.tsv',
}

/** A campaign as a file of another tool, and what of it the file has no place for. */
export function fileOf(db: ReadDb, campaign: CampaignRow, format: RatingFileFormat): RatingText {
  const fileName = `${campaign.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.${ENDINGS[format]}`
  const facts = {
    name: campaign.name,
    protocol: campaign.protocol,
    signLanguage: '',
    textLanguage: campaignLanguage(db, campaign.id),
  }
  if (format === 'appraise-batch' || format === 'pearmut-campaign') {
    const tasks = listTasks(db, campaign.id)
    const losses = [
      'Repeats and checks: the other tool has its own.',
      ...(format === 'appraise-batch' && PROTOCOLS[campaign.protocol].kind === 'choice'
        ? ['Which outputs stand beside each other.']
        : []),
    ]
    const text =
      format === 'appraise-batch'
        ? writeAppraiseBatch(facts, tasks, campaign.seed)
        : writePearmutCampaign(facts, tasks, campaign.seed)
    return { text, rows: tasks.length, losses, fileName }
  }
  const toWrite = { ...facts, rows: judgementRows(db, campaign) }
  const write = { appraise: writeAppraise, pearmut: writePearmut, mqm: writeMqm }[format]
  return { ...write(withPenalties(toWrite, format)), rows: toWrite.rows.length, fileName }
}

function judgementRows(db: ReadDb, { id }: CampaignRow): JudgementRow[] {
  const marks = marksByOutput(db, id)
  return listFinished(db, id).map(row => ({
    system: row.run,
    segments: [row.clip],
    text: row.text,
    annotator: row.annotator,
    value: row.value,
    marks: marks.get(row.judgedOutputId) ?? [],
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    kind: row.kind,
    place: { line: row.place },
  }))
}

/** Tools that want a number for MQM, too, get its penalty. */
function withPenalties(file: RatingsToWrite, format: RatingFileFormat): RatingsToWrite {
  if (file.protocol !== 'mqm' || format === 'mqm') return file
  return { ...file, rows: file.rows.map(row => ({ ...row, value: mqmPenalty(row.marks) })) }
}

export type { AppraiseTask }
