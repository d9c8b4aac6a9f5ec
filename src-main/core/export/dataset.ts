import { writeCsv } from '#main/formats/csv.ts'
import { stableJson } from '#main/formats/jsonl.ts'
import { writeParquet } from '#main/formats/parquet.ts'
import { datasetCard } from './dataset-card.ts'
import {
  DATASET_FORMAT,
  type FolderOptions,
  type FolderWriter,
  type ListedFile,
  MANIFEST,
  writeFolder,
} from './dataset-folder.ts'
import { type PlainText, plainText, REFERENCE_FILE } from './dataset-plain.ts'
import { byCodeUnit, CLIP_COLUMNS, clipCells, clipFormats, clipRow, hypothesisRows } from './dataset-rows.ts'
import { citationCff, croissant, datacite, roCrate } from './release-descriptions.ts'
import { editLines } from './release-edits.ts'
import { consentTsv, licencesTsv } from './release-rights.ts'
import { type ReleaseTable, releaseTables } from './release-tables.ts'
import { reproduceScript } from './reproduce.ts'
import type { ClipFormat, DatasetClip, DatasetRun, EvaluatedDataset } from './dataset.types.ts'

/** What a release is scored by unless the dataset says otherwise. */
export const DATASET_METRICS = ['bleu-1', 'bleu-2', 'bleu-3', 'bleu', 'chrf', 'chrf++', 'ter'] as const

export interface DatasetSummary {
  clips: number
  files: ListedFile[]
}

/**
 * Writes a release: clips with references and their versions, outputs, scores, ratings, provenance and a
 * manifest with the hash of every file. The same dataset gives the same bytes. An earlier release in
 * `outDir` is replaced as a whole; anything else there is a conflict. Nothing is left behind on failure.
 */
export async function writeEvaluatedDataset(
  dataset: EvaluatedDataset,
  outDir: string,
  options: FolderOptions = {},
): Promise<DatasetSummary> {
  const sorted = inCanonicalOrder(dataset)
  let files: ListedFile[] = []
  await writeFolder(
    outDir,
    async folder => {
      const plain = await plainText(sorted.clips, sorted.runs, {
        language: sorted.corpus.textLanguage,
        metrics: sorted.metrics ?? DATASET_METRICS,
      })
      const tables = clipFormats(sorted).includes('parquet') ? releaseTables(sorted, plain) : []
      await writeClips(folder, sorted)
      for (const { path, columns, rows } of tables) await folder.write(path, [writeParquet(columns, rows)])
      await writeHypotheses(folder, sorted, plain)
      await writePlain(folder, plain)
      await folder.write('scores.json', [`${stableJson(scoresJson(plain), 2)}\n`])
      await writeDescriptions(folder, { dataset: sorted, tables, plain })
      await folder.write(CHECKSUMS, checksumLines(folder.files()))
      files = folder.files()
      await folder.write(MANIFEST, [`${stableJson(manifest(sorted, plain, files), 2)}\n`])
    },
    options,
  )
  return { clips: sorted.clips.length, files }
}

/** By name, so that the order of rows in a database does not show in a release. */
export function inCanonicalOrder(dataset: EvaluatedDataset): EvaluatedDataset {
  return {
    ...dataset,
    clips: dataset.clips.toSorted((a, b) => byCodeUnit(a.name, b.name)),
    runs: dataset.runs.toSorted((a, b) => byCodeUnit(a.name, b.name)),
  }
}

export const CHECKSUMS = 'SHA256SUMS'

/** As `sha256sum --check` reads them. */
function* checksumLines(files: readonly ListedFile[]): Generator<string> {
  for (const { path, sha256 } of files) yield `${sha256}  ${path}\n`
}

interface Descriptions {
  dataset: EvaluatedDataset
  tables: readonly ReleaseTable[]
  plain: PlainText
}

/** Rights, the history of the references, and what machines and people read first; data files come before them. */
async function writeDescriptions(
  folder: FolderWriter,
  { dataset, tables, plain }: Descriptions,
): Promise<void> {
  await folder.write('LICENSES.tsv', licencesTsv(dataset))
  await folder.write('CONSENT.tsv', consentTsv(dataset))
  await folder.write('edits.jsonl', editLines(dataset))
  await folder.write('reproduce.sh', reproduceScript(plain))
  await folder.write('README.md', [datasetCard(dataset, plain, tables)])
  const described = { dataset, tables, files: folder.files() }
  await folder.write('CITATION.cff', citationCff(described))
  await folder.write('datacite.json', datacite(described))
  await folder.write('croissant.json', croissant(described))
  await folder.write('ro-crate-metadata.json', roCrate(described))
}

async function writeClips(folder: FolderWriter, dataset: EvaluatedDataset): Promise<void> {
  const pieces: Record<Exclude<ClipFormat, 'parquet'>, () => Iterable<string>> = {
    jsonl: () => jsonLines(dataset.clips, clipRow),
    csv: () => csvLines(dataset.clips),
  }
  for (const format of clipFormats(dataset))
    if (format !== 'parquet') await folder.write(`data/clips.${format}`, pieces[format]())
}

function* jsonLines<T>(items: Iterable<T>, row: (item: T) => unknown): Generator<string> {
  for (const item of items) yield `${stableJson(row(item))}\n`
}

function* csvLines(clips: readonly DatasetClip[]): Generator<string> {
  yield writeCsv([CLIP_COLUMNS])
  for (const clip of clips) yield writeCsv([clipCells(clip)])
}

async function writeHypotheses(
  folder: FolderWriter,
  dataset: EvaluatedDataset,
  plain: PlainText,
): Promise<void> {
  const orderOf = new Map(dataset.clips.map(({ name }, i) => [name, i]))
  function* rows(): Generator<string> {
    for (const [i, run] of dataset.runs.entries())
      yield* jsonLines(hypothesisRows(run, plain.runs[i]!, orderOf), row => row)
  }
  await folder.write('hypotheses.jsonl', rows())
}

async function writePlain(folder: FolderWriter, plain: PlainText): Promise<void> {
  const lines = (texts: readonly string[]) => texts.map(text => `${text}\n`)
  const streams = plain.references[0]?.length ?? 0
  await folder.write('plain/ids.txt', lines(plain.clips))
  for (let i = 0; i < streams; i++)
    await folder.write(REFERENCE_FILE(i), lines(plain.references.map(texts => texts[i]!)))
  for (const run of plain.runs) {
    await folder.write(run.files.hypotheses, lines(run.hypotheses))
    if (run.files.ids === 'plain/ids.txt') continue
    await folder.write(run.files.ids, lines(run.clips))
    for (const [i, file] of run.files.references.entries())
      await folder.write(file, lines(run.references.map(texts => texts[i]!)))
  }
}

function scoresJson(plain: PlainText) {
  return {
    tokenize: plain.tokenize,
    sentenceSignatures: plain.sentenceSignatures,
    runs: plain.runs.map(({ run, clips, files, scores, untranslated, references }) => ({
      run,
      clips: clips.length,
      untranslated,
      references: references[0]?.length ?? 0,
      files,
      scores,
    })),
  }
}

function manifest(dataset: EvaluatedDataset, plain: PlainText, files: readonly ListedFile[]) {
  const { corpus, generator, clips, runs, excluded } = dataset
  return {
    format: DATASET_FORMAT,
    formatVersion: 1,
    generator,
    corpus,
    use: dataset.use,
    counts: {
      clips: clips.length,
      withReference: plain.clips.length,
      bySplit: countsBy(clips.map(({ split }) => split)),
      byState: countsBy(clips.map(({ state }) => state)),
      excluded: Object.values(excluded).reduce((sum, count) => sum + count, 0),
    },
    licences: countsBy(clips.map(({ licence }) => licence)),
    excluded,
    runs: runs.map(run => ({
      ...provenanceOf(run),
      files: plain.runs.find(({ run: name }) => name === run.name)?.files,
    })),
    signatures: signaturesOf(plain),
    files,
  }
}

function provenanceOf({ hypotheses, createdAt, ...run }: DatasetRun) {
  return { ...run, createdAt: new Date(createdAt).toISOString(), hypotheses: hypotheses.length }
}

function signaturesOf({ runs, sentenceSignatures }: PlainText) {
  const corpusSignatures = runs.flatMap(({ scores }) =>
    scores.map(({ metric, signature }) => [metric, signature] as const),
  )
  return { corpus: Object.fromEntries(corpusSignatures), sentence: sentenceSignatures }
}

function countsBy(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries(counts)
}
