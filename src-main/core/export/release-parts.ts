import { writeCsv } from '#main/formats/csv.ts'
import { stableJson } from '#main/formats/jsonl.ts'
import { parquetPieces } from '#main/formats/parquet.ts'
import { plots } from '../report/plots.ts'
import { reportHtml } from '../report/report-html.ts'
import { reportLatex } from '../report/report-latex.ts'
import { datasetCard } from './dataset-card.ts'
import type { ListedFile, Pieces } from './dataset-folder.ts'
import {
  hypothesisLines,
  IDS_FILE,
  idLines,
  plainFilesOf,
  type PlainText,
  REFERENCE_FILE,
  referenceLines,
} from './dataset-plain.ts'
import { CLIP_COLUMNS, clipCells, clipFormats, clipRow, hypothesisRows, isoTime } from './dataset-rows.ts'
import type { DatasetClip, EvaluatedDataset } from './dataset.types.ts'
import { agreementRows, isJudgedByMany } from './release-agreement.ts'
import { campaignParts } from './release-campaigns.ts'
import { changelog, changesOf } from './release-changes.ts'
import { preparedParts } from './prepared-text.ts'
import { citationCff, croissant, datacite, type Described, roCrate } from './release-descriptions.ts'
import { editLines } from './release-edits.ts'
import { interopParts } from './release-interop.ts'
import type { Outline } from './release-outline.ts'
import { consentTsv, licencesTsv, licenceText } from './release-rights.ts'
import { taskParts } from './release-tasks.ts'
import { type ReleaseTable, releaseTables } from './release-tables.ts'
import { reproduceScript } from './reproduce.ts'
import { runCardParts } from './run-card.ts'
import type { ReleaseScores } from './release-scores.ts'

/** What is known when a part is written: the scores, and the files before it. */
export interface Made extends ReleaseScores {
  files: readonly ListedFile[]
}

/** A file of a release. */
export interface ReleasePart {
  path: string
  /** Items of the dataset that are walked for it. */
  steps: number
  pieces: (made: Made) => Pieces
  /** Nothing turned out to belong into it. */
  isEmpty?: (made: Made) => boolean
}

/** What parts are made from. */
export interface PartSource {
  dataset: EvaluatedDataset
  outline: Outline
}

/** Every file that is written from the dataset, in the order of writing: descriptions name the files before them. */
export function releaseParts(source: PartSource): ReleasePart[] {
  const tables = clipFormats(source.dataset).includes('parquet')
    ? releaseTables(source.dataset, source.outline)
    : []
  return [
    ...clipParts(source),
    ...tables.map(table => tablePart(table, source.outline)),
    ...plainParts(source),
    ...preparedParts(source),
    ...evaluationParts(source),
    ...interopParts(source),
    ...taskParts(source),
    ...descriptionParts(source, tables),
  ]
}

const hypothesesOf = ({ runs }: Outline) => runs.reduce((sum, { hypotheses }) => sum + hypotheses, 0)

function clipParts({ dataset, outline }: PartSource): ReleasePart[] {
  const pieces = {
    jsonl: () => jsonLines(dataset.clips, clipRow),
    csv: () => csvLines(dataset.clips),
  }
  const ofFormat = clipFormats(dataset).flatMap(format =>
    format === 'parquet'
      ? []
      : [{ path: `data/clips.${format}`, steps: outline.clips.length, pieces: pieces[format] }],
  )
  return [
    ...ofFormat,
    { path: 'data/media.jsonl', steps: 0, pieces: () => jsonLines(dataset.media, file => file) },
    {
      path: 'hypotheses.jsonl',
      steps: hypothesesOf(outline),
      *pieces({ plain }) {
        for (const [i, run] of dataset.runs.entries())
          yield* jsonLines(hypothesisRows(run, plain.runs[i]!, outline), row => row)
      },
    },
    ...(dataset.runs.some(({ documentRatings }) => documentRatings.length > 0)
      ? [{ path: 'document-ratings.jsonl', steps: 0, pieces: () => documentRatingLines(dataset) }]
      : []),
  ]
}

function* documentRatingLines({ runs }: EvaluatedDataset): Generator<string> {
  for (const { name, documentRatings } of runs)
    yield* jsonLines(documentRatings, ({ ratedAt, ...rating }) => ({
      run: name,
      ...rating,
      ratedAt: new Date(ratedAt).toISOString(),
    }))
}

function tablePart({ path, columns, walks, rows }: ReleaseTable, outline: Outline): ReleasePart {
  const steps = { clips: outline.clips.length, hypotheses: hypothesesOf(outline), nothing: 0 }[walks]
  return { path, steps, pieces: ({ plain }) => parquetPieces(columns, rows(plain)) }
}

function* jsonLines<T>(items: Iterable<T>, row: (item: T) => unknown): Generator<string> {
  for (const item of items) yield `${stableJson(row(item))}\n`
}

function* csvLines(clips: Iterable<DatasetClip>): Generator<string> {
  yield writeCsv([CLIP_COLUMNS])
  for (const clip of clips) yield writeCsv([clipCells(clip)])
}

/** The scored sentences, one a line. */
function plainParts({ dataset, outline }: PartSource): ReleasePart[] {
  const { clips, streams } = outline
  const ordinals = Array.from({ length: streams }, (_, ordinal) => ordinal)
  const referencePart = (path: string, ordinal: number, run?: Outline['runs'][number]): ReleasePart => ({
    path,
    steps: clips.length,
    pieces: () => referenceLines(dataset, outline, ordinal, run),
  })
  const files = plainFilesOf(outline)
  return [
    { path: IDS_FILE, steps: 0, pieces: () => idLines(outline) },
    ...ordinals.map(ordinal => referencePart(REFERENCE_FILE(ordinal), ordinal)),
    ...outline.runs.flatMap((run, i): ReleasePart[] => {
      if (!run.isScored) return []
      const { hypotheses, ids, references } = files[i]!
      const lines = {
        path: hypotheses,
        steps: run.hypotheses,
        pieces: () => hypothesisLines(dataset.runs[i]!.hypotheses, outline),
      }
      if (ids === IDS_FILE) return [lines]
      return [
        lines,
        { path: ids, steps: 0, pieces: () => idLines(outline, run) },
        ...references.map((path, ordinal) => referencePart(path, ordinal, run)),
      ]
    }),
  ]
}

export const PAIRS_FILE = 'eval/pairwise_tests.json'

function evaluationParts(source: PartSource): ReleasePart[] {
  const { outline } = source
  const json = (path: string, value: (made: Made) => unknown): ReleasePart => ({
    path,
    steps: 0,
    pieces: made => [`${stableJson(value(made), 2)}\n`],
  })
  const parts = [
    json('scores.json', ({ plain }) => scoresJson(plain)),
    json('eval/corpus_scores.json', ({ scores }) => scores),
  ]
  if (outline.runs.filter(({ scored }) => scored > 0).length > 1)
    parts.push(json('eval/significance.json', ({ tests }) => tests))
  if (isJudgedByMany(source.dataset, outline))
    parts.push(json('eval/agreement.json', () => agreementRows(source.dataset)))
  if (source.dataset.tests.length > 0)
    parts.push({
      ...json(PAIRS_FILE, ({ pairs }) => pairs.map(pair => ({ ...pair, testedAt: isoTime(pair.testedAt) }))),
      isEmpty: ({ pairs }) => pairs.length === 0,
    })
  return [...parts, ...campaignParts(source.dataset), ...runCardParts(source), ...reportParts(source)]
}

/** The same page and tables as the Report screen makes. */
function reportParts({ dataset, outline }: PartSource): ReleasePart[] {
  if (outline.runs.every(({ scored }) => scored === 0)) return []
  return [
    {
      path: 'report.html',
      steps: 0,
      async *pieces({ files: _files, ...made }) {
        const source = { dataset, outline, ...made }
        yield reportHtml(source, await plots(source))
      },
    },
    {
      path: 'tables.tex',
      steps: 0,
      pieces: ({ files: _files, ...made }) => [reportLatex({ dataset, outline, ...made })],
    },
  ]
}

function scoresJson({ tokenize, sentenceSignatures, runs }: PlainText) {
  return {
    tokenize,
    sentenceSignatures,
    runs: runs.map(({ run, clips, untranslated, references, files, scores }) => ({
      run,
      clips,
      untranslated,
      references,
      files,
      scores,
    })),
  }
}

/** Rights, the history of the references, and what machines and people read first. */
function descriptionParts({ dataset, outline }: PartSource, tables: readonly ReleaseTable[]): ReleasePart[] {
  const described =
    (write: (described: Described) => Pieces) =>
    ({ files }: Made) =>
      write({ dataset, outline, tables, files })
  return [
    { path: 'LICENSE', steps: 0, pieces: () => licenceText(dataset, outline) },
    { path: 'LICENSES.tsv', steps: 0, pieces: () => licencesTsv(dataset) },
    { path: 'CONSENT.tsv', steps: 0, pieces: () => consentTsv(dataset) },
    { path: 'edits.jsonl', steps: outline.clips.length, pieces: () => editLines(dataset) },
    {
      path: 'reproduce.sh',
      steps: 0,
      pieces: ({ plain }) => reproduceScript({ dataset, outline, plain }),
    },
    { path: 'README.md', steps: 0, pieces: ({ plain }) => [datasetCard(dataset, outline, plain, tables)] },
    { path: 'CHANGELOG.md', steps: 0, pieces: () => [changelog(dataset, changesOf(dataset, outline))] },
    { path: 'CITATION.cff', steps: 0, pieces: described(citationCff) },
    { path: 'datacite.json', steps: 0, pieces: described(datacite) },
    { path: 'croissant.json', steps: 0, pieces: described(croissant) },
    { path: 'ro-crate-metadata.json', steps: 0, pieces: described(roCrate) },
  ]
}
