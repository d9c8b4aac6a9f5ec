import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import type { CorpusContext } from '../context.ts'
import { MANIFEST } from './dataset-folder.ts'
import { plainFiles, plainLines } from './dataset-plain.ts'
import { clipFormats } from './dataset-rows.ts'
import { inCanonicalOrder, writeEvaluatedDataset } from './dataset.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import { type Generator, readDataset, type Request } from './export-dataset.ts'

export interface ExportPreview {
  clips: number
  runs: string[]
  files: string[]
  issues: ImportIssue[]
}

export interface ExportTask {
  signal: AbortSignal
  onProgress: (doneFiles: number, totalFiles: number) => void
}

/** Releases of a corpus: what is in the database, written so that the same corpus gives the same bytes. */
export function createExportService(context: CorpusContext, generator: Generator) {
  const { db } = context

  async function preview(request: Request): Promise<ExportPreview> {
    const dataset = readDataset(db, request, generator)
    return {
      clips: dataset.clips.length,
      runs: dataset.runs.map(run => run.name),
      files: filesOf(dataset),
      issues: [...(await folderIssues(request.outDir)), ...datasetIssues(dataset)],
    }
  }

  async function run(
    request: Request,
    { signal, onProgress }: ExportTask,
  ): Promise<{ clips: number; files: string[] }> {
    signal.throwIfAborted()
    const dataset = readDataset(db, request, generator)
    if (dataset.clips.length === 0)
      throw new AppError('invalid-input', 'No clip matches: choose another split, or all.')
    const total = filesOf(dataset).length
    onProgress(0, total)
    const { clips, files } = await writeEvaluatedDataset(dataset, resolve(request.outDir), { signal })
    onProgress(total, total)
    return { clips, files: files.map(file => file.path) }
  }

  return { preview, run }
}

export type ExportService = ReturnType<typeof createExportService>

function filesOf(dataset: EvaluatedDataset): string[] {
  const { clips, runs, corpus } = inCanonicalOrder(dataset)
  return [
    'README.md',
    ...clipFormats(dataset).map(format => `data/clips.${format}`),
    'hypotheses.jsonl',
    MANIFEST,
    ...plainFiles(plainLines(clips, runs, corpus.textLanguage)),
    'scores.json',
  ]
}

/** Only a new folder, an empty one or an earlier release is written to. */
async function folderIssues(outDir: string): Promise<ImportIssue[]> {
  const names: string[] = await readdir(resolve(outDir)).catch(() => [])
  if (names.length === 0 || names.includes(MANIFEST)) return []
  return [
    {
      severity: 'error',
      file: outDir,
      line: null,
      message: 'The folder holds other files. Choose a new or empty one.',
    },
  ]
}

function datasetIssues({ clips, runs, corpus }: EvaluatedDataset): ImportIssue[] {
  const issues: ImportIssue[] = []
  const report = (severity: ImportIssue['severity'], message: string) =>
    issues.push({ severity, file: '', line: null, message })
  const count = (test: (clip: (typeof clips)[number]) => boolean) => clips.filter(test).length
  const withoutLicence = count(clip => clip.licence === '')
  const withoutConsent = count(clip => clip.consent === '')
  const withoutReference = count(clip => clip.references.length === 0)
  const flagged = count(clip => clip.state === 'flagged')
  if (clips.length === 0) report('error', 'No clip matches.')
  if (withoutLicence > 0)
    report(
      'warning',
      `${clipsOf(withoutLicence)} of video without a stated licence: nobody may use what has none.`,
    )
  if (withoutConsent > 0)
    report('warning', `${clipsOf(withoutConsent)} without a note of the signer’s consent.`)
  if (withoutReference > 0)
    report('warning', `${clipsOf(withoutReference)} without a reference: in the release, but in no score.`)
  if (flagged > 0) report('info', `${clipsOf(flagged)} flagged.`)
  if (corpus.textLanguage === '')
    report(
      'info',
      'The language of the references is not stated: scores use the tokenizer for European languages.',
    )
  for (const { name, hypotheses } of runs) {
    const translated = new Set(hypotheses.map(({ clip }) => clip)).size
    if (translated < clips.length)
      report('info', `${name} has translated ${translated} of the ${clips.length} clips.`)
  }
  return issues
}

function clipsOf(count: number): string {
  return count === 1 ? '1 clip' : `${count} clips`
}
