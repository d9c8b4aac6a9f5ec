import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { raterOfFile, readAppraiseScores } from '../../../formats/predictions/appraise-scores.ts'
import { readWmtXml } from '../../../formats/predictions/wmt-xml.ts'
import { NOTHING_READ, type ReadPredictions, type SourceFile } from './what-was-read.ts'

/** Files of a WMT task: one submission, or all of them with references and scores of raters. */
export function readWmt(files: readonly SourceFile[]): ReadPredictions {
  const isXml = ({ path }: SourceFile) => /\.xml$/i.test(path)
  const documents = files.filter(isXml).map(({ bytes, path }) => readWmtXml(bytes, basename(path)))
  const scores = files
    .filter(file => !isXml(file))
    .map(({ bytes, path }) => ({
      file: basename(path),
      ...readAppraiseScores(bytes, basename(path), raterOfFile(basename(path))),
    }))
  const references = documents.flatMap(document => document.references)
  const ratings = scores.flatMap(score => score.ratings)
  const rated = new Set(ratings.map(({ system }) => system))
  // Raters judged the human translation too, without knowing which it was: there it is a system like any other.
  const outputs = documents.flatMap(document => document.entries)
  const judged = references.filter(({ system }) => rated.has(system) || outputs.length === 0)
  const entries = [...outputs, ...judged]
  if (entries.length === 0 && references.length === 0)
    throw new AppError(
      'invalid-input',
      `${files[0]?.path ?? 'The file'} holds no <hyp> and no <ref>. Choose a submission.`,
      {
        details: { file: files[0]?.path },
      },
    )
  return {
    ...NOTHING_READ,
    format: 'wmt',
    files: [...files],
    entries,
    references,
    ratings,
    videos: new Map(documents.flatMap(document => [...document.videos])),
    language: documents.find(({ language }) => language !== '')?.language ?? '',
    issues: scores.flatMap(({ file, skipped }) => skippedScores(file, skipped)),
  }
}

function skippedScores(file: string, skipped: readonly { line: number; reason: string }[]): ImportIssue[] {
  return skipped.map(({ line, reason }) => ({ severity: 'info', file, line, message: `Left out: ${reason}` }))
}
