import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { EXCLUSIONS, type Exclusion } from '#shared/contract/rights.ts'
import { ExportRequest, type ImportIssue } from '#shared/contract/transfer.ts'
import type { CorpusContext } from '../context.ts'
import { MANIFEST } from './dataset-folder.ts'
import { plainFiles, plainLines } from './dataset-plain.ts'
import { clipFormats } from './dataset-rows.ts'
import { CHECKSUMS, inCanonicalOrder, writeEvaluatedDataset } from './dataset.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'
import { type Generator, readDataset, releaseName, type Request } from './export-dataset.ts'
import { tableFiles } from './release-tables.ts'
import { pseudonyms, secretOf } from './pseudonyms.ts'

export interface ExportPreview {
  clips: number
  excluded: { reason: Exclusion; clips: number }[]
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
  const { db, now } = context

  /** Pseudonyms are made for a release alone: a look at what it would hold writes nothing, not even a secret. */
  function read(request: Request, secret: string): EvaluatedDataset {
    const pseudonymOf = pseudonyms(secret, releaseName(db, request))
    return readDataset(db, request, { generator, pseudonymOf, at: now() })
  }

  function last(): Request | null {
    const known = findFact(db, 'last-release')
    // A request of an older program may not be one any more: then there is nothing to start from.
    return known === undefined ? null : (ExportRequest.safeParse(JSON.parse(known)).data ?? null)
  }

  async function preview(request: Request): Promise<ExportPreview> {
    const dataset = read(request, '')
    return {
      clips: dataset.clips.length,
      excluded: EXCLUSIONS.flatMap(reason => {
        const clips = dataset.excluded[reason]
        return clips === undefined ? [] : [{ reason, clips }]
      }),
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
    const dataset = read(request, secretOf(db))
    if (dataset.clips.length === 0) throw nothingToExport(dataset)
    setFact(db, 'last-release', JSON.stringify(request))
    const total = filesOf(dataset).length
    onProgress(0, total)
    const { clips, files } = await writeEvaluatedDataset(dataset, resolve(request.outDir), {
      signal,
      onFile: written => onProgress(written, total),
    })
    onProgress(total, total)
    return { clips, files: files.map(file => file.path) }
  }

  return { preview, run, last }
}

export type ExportService = ReturnType<typeof createExportService>

const RELEASE_FILES = [
  'README.md',
  'LICENSES.tsv',
  'CONSENT.tsv',
  'CITATION.cff',
  'croissant.json',
  'ro-crate-metadata.json',
  'datacite.json',
  'edits.jsonl',
  'reproduce.sh',
  CHECKSUMS,
]

function filesOf(dataset: EvaluatedDataset): string[] {
  const sorted = inCanonicalOrder(dataset)
  const { clips, runs, corpus } = sorted
  return [
    ...RELEASE_FILES,
    ...clipFormats(dataset).flatMap(format => (format === 'parquet' ? [] : `data/clips.${format}`)),
    ...(clipFormats(dataset).includes('parquet') ? tableFiles(sorted) : []),
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

function datasetIssues({ clips, runs, corpus, excluded, licences }: EvaluatedDataset): ImportIssue[] {
  const issues: ImportIssue[] = []
  const report = (severity: ImportIssue['severity'], message: string) =>
    issues.push({ severity, file: '', line: null, message })
  const count = (test: (clip: (typeof clips)[number]) => boolean) => clips.filter(test).length
  const withoutReference = count(clip => clip.references.length === 0)
  const flagged = count(clip => clip.state === 'flagged')
  if (clips.length === 0) report('error', nothingToExport({ excluded }).message)
  for (const problem of licenceProblems(clips, licences)) report('warning', problem)
  if (withoutReference > 0)
    report('warning', `${clipsOf(withoutReference)} without a reference: in the release, but in no score.`)
  if (flagged > 0) report('info', `${clipsOf(flagged)} flagged.`)
  const unstated = unstatedOf(corpus)
  if (unstated.length > 0)
    report('info', `The release does not state its ${unstated.join(', ')}: catalogues ask for it.`)
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

/** What DataCite and Croissant require of a published dataset and nobody has filled in. */
function unstatedOf({ creators, publisher, doi, homepage, licence }: EvaluatedDataset['corpus']): string[] {
  return [
    ...(creators && creators.length > 0 ? [] : ['creators']),
    ...(publisher ? [] : ['publisher']),
    ...(doi || homepage ? [] : ['DOI or address']),
    ...(licence ? [] : ['licence as a whole']),
  ]
}

/** Terms that a release as a whole has to keep. */
function licenceProblems(clips: EvaluatedDataset['clips'], licences: EvaluatedDataset['licences']): string[] {
  const alike = licences.filter(({ shareAlike }) => shareAlike).map(({ name }) => name)
  const named = new Set(clips.map(({ licence }) => licence))
  if (alike.length > 1)
    return [`${alike.join(' and ')} each ask to be the licence of the whole: publish their clips apart.`]
  if (alike.length === 1 && named.size > 1)
    return [`${alike[0]} asks to be the licence of the whole, and other clips are under another.`]
  return []
}

function nothingToExport({ excluded }: Pick<EvaluatedDataset, 'excluded'>): AppError {
  const { 'not-selected': _asked, flagged: _flagged, ...barred } = excluded
  const count = Object.values(barred).reduce((sum, clips) => sum + clips, 0)
  if (count === 0) return new AppError('invalid-input', 'No clip matches: choose another split, or all.')
  const reasons = Object.entries(barred).map(([reason, clips]) => `${reason} (${clips})`)
  return new AppError(
    'not-permitted',
    `No clip may leave: ${reasons.join(', ')}. Record what signers consented to and the licence of the media, or choose another purpose.`,
    { details: { excluded } },
  )
}

function clipsOf(count: number): string {
  return count === 1 ? '1 clip' : `${count} clips`
}
