import { readFile, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type {
  Campaign,
  RatingExportPreview,
  RatingFileFormat,
  RatingImportPreview,
} from '#shared/contract/campaign.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CampaignId } from '#shared/contract/ids.ts'
import { writeAtomically } from '../../../formats/atomic-file.ts'
import { isAppraiseFile, readAppraise } from '../../../formats/ratings/appraise.ts'
import type { RatingFile } from '../../../formats/ratings/judgement-row.ts'
import { isMqmFile, readMqm } from '../../../formats/ratings/mqm-tsv.ts'
import { readPearmut } from '../../../formats/ratings/pearmut.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { CorpusContext } from '../../context.ts'
import type { Editing } from '../../edit/edit.service.ts'
import { listCampaigns } from '../campaign/campaign.queries.ts'
import { describeCampaign, requireCampaign } from '../campaign/describe-campaign.ts'
import { fileOf } from './file-of.ts'
import { matchRows, type MatchedRatings } from './match-rows.ts'
import { writeRatings } from './write-ratings.ts'

const TOLD = 200

/** Judgements from and to the files of other rating tools. */
export function createRatingFiles(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context

  function previewExport({
    campaignId,
    format,
  }: {
    campaignId: CampaignId
    format: RatingFileFormat
  }): RatingExportPreview {
    const { text, rows, losses, fileName } = fileOf(db, requireCampaign(db, campaignId), format)
    return { rows, bytes: Buffer.byteLength(text), losses, fileName }
  }

  async function exportFile(input: {
    campaignId: CampaignId
    format: RatingFileFormat
    path: string
  }): Promise<{ path: string }> {
    const { text } = fileOf(db, requireCampaign(db, input.campaignId), input.format)
    const path = resolve(input.path)
    await writeAtomically(path, temporary => writeFile(temporary, text))
    return { path }
  }

  const previewImport = async (path: string) => previewOf(await readMatched(db, path))

  /** The judgements become a campaign of their own, with the texts that the file says were judged. */
  async function importFile({ path, name }: { path: string; name: string }): Promise<Campaign> {
    const { file, matched } = await readMatched(db, path)
    if (matched.rows.length === 0)
      throw new AppError(
        'invalid-input',
        `Nothing in ${path} is about an output of this corpus. Its systems have to be named like runs, and its segments like clips.`,
        { details: { file: path } },
      )
    if (listCampaigns(db).some(each => each.name === name))
      throw new AppError(
        'conflict',
        `There is a campaign named “${name}” already. Give this one another name.`,
      )
    const id = editing.run(`Import ratings ${name}`, {}, tx =>
      writeRatings(context, tx, {
        name,
        source: basename(path),
        protocol: file.protocol,
        rows: matched.rows,
      }),
    )
    return describeCampaign(context, requireCampaign(db, id))
  }

  return { previewExport, exportFile, previewImport, importFile }
}

interface MatchedFile {
  format: RatingImportPreview['format']
  file: RatingFile
  matched: MatchedRatings
}

/** A file with the outputs of this corpus that its judgements are about. */
async function readMatched(db: ReadDb, path: string): Promise<MatchedFile> {
  const { format, file } = await readRatings(resolve(path))
  return { format, file, matched: matchRows(db, file) }
}

function previewOf({ format, file, matched }: MatchedFile): RatingImportPreview {
  const leftOut = [...file.skipped, ...matched.skipped].toSorted((a, b) => a.line - b.line)
  const named = (of: (row: MatchedRatings['rows'][number]) => string) =>
    [...new Set(matched.rows.map(of))].toSorted()
  return {
    format,
    protocol: file.protocol,
    imported: matched.rows.length,
    skipped: leftOut.length,
    annotators: named(({ row }) => row.annotator),
    systems: named(({ row }) => row.system),
    clips: new Set(matched.rows.map(({ clipId }) => clipId)).size,
    losses: file.losses,
    leftOut: leftOut.slice(0, TOLD),
  }
}

/** Finds out what a file is by its content. @throws AppError 'not-found' or 'corrupt-file' */
async function readRatings(
  path: string,
): Promise<{ format: RatingImportPreview['format']; file: RatingFile }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('not-found', `${path} cannot be read. Check its name and place.`, {
      cause,
      details: { file: path },
    })
  })
  const text = bytes.toString('utf8')
  if (isMqmFile(text)) return { format: 'mqm', file: readMqm(text) }
  if (text.trimStart().startsWith('{')) return { format: 'pearmut', file: readPearmut(text) }
  if (isAppraiseFile(bytes, path)) return { format: 'appraise', file: readAppraise(bytes, path) }
  throw new AppError(
    'corrupt-file',
    `${path} is no file of ratings: neither scores of Appraise (eleven columns with commas), nor annotations of Pearmut (JSON lines), nor MQM in Google's columns (tabs, with a header).`,
    { details: { file: path } },
  )
}
