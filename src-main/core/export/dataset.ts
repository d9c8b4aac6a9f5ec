import { stableJson } from '#main/formats/jsonl.ts'
import {
  DATASET_FORMAT,
  type FolderOptions,
  type FolderWriter,
  type ListedFile,
  MANIFEST,
  writeFolder,
} from './dataset-folder.ts'
import type { PlainText } from './dataset-plain.ts'
import { isoTime } from './dataset-rows.ts'
import type { DatasetRun, EvaluatedDataset } from './dataset.types.ts'
import { countedDataset, createEffort, type Effort } from './effort.ts'
import { type Outline, outlineOf } from './release-outline.ts'
import { changesOf, contentsOf, type WrittenRelease } from './release-changes.ts'
import { versionOf } from './release-descriptions.ts'
import { releaseParts } from './release-parts.ts'
import { scoreRelease } from './release-scores.ts'
import { releasedWays } from './scored-ways.ts'
import { type ReleaseVideos, videoParts } from './release-videos.ts'

export interface DatasetSummary {
  clips: number
  files: ListedFile[]
  /** What the next release is held against. */
  written: WrittenRelease
}

export interface WriteOptions extends FolderOptions {
  /** Between 0 and 1; never falls. */
  onShare?: (share: number) => void
  videos?: ReleaseVideos
}

/** To score a clip is so much more work than to write a line of it. */
const SCORING_WEIGHT = 6
/** A clip's share in the thousand resamples of the intervals of a run, measured beside the others. */
const INTERVAL_WEIGHT = 4
/** A clip's share in the ten thousand trials of a test. */
const TEST_WEIGHT = 7

/**
 * Writes a release: clips with references and their versions, outputs, scores, ratings, provenance and a
 * manifest with the hash of every file. The same dataset gives the same bytes. An earlier release in
 * `outDir` is replaced as a whole; anything else there is a conflict. Nothing is left behind on failure.
 */
export async function writeEvaluatedDataset(
  dataset: EvaluatedDataset,
  outDir: string,
  { onShare = () => {}, videos, ...options }: WriteOptions = {},
): Promise<DatasetSummary> {
  const effort = createEffort(onShare)
  const counted = countedDataset(dataset, effort)
  let summary: DatasetSummary | undefined
  await writeFolder(
    outDir,
    async folder => {
      const outline = await outlineOf(counted, options.signal)
      const plain = await writeParts(folder, {
        dataset: counted,
        outline,
        videos,
        effort,
        signal: options.signal,
      })
      await folder.write(CHECKSUMS, checksumLines(folder.files()))
      const files = folder.files()
      const version = versionOf(dataset)
      const written = {
        version,
        changes: changesOf(dataset, outline),
        contents: contentsOf(dataset, outline),
      }
      summary = { clips: outline.clips.length, files, written }
      await folder.write(MANIFEST, [`${stableJson(manifest(dataset, { outline, plain, files }), 2)}\n`])
    },
    options,
  )
  return summary!
}

interface Writing {
  dataset: EvaluatedDataset
  outline: Outline
  videos: ReleaseVideos | undefined
  effort: Effort
  signal: AbortSignal | undefined
}

async function writeParts(
  folder: FolderWriter,
  { dataset, outline, videos, effort, signal }: Writing,
): Promise<PlainText> {
  const parts = releaseParts({ dataset, outline })
  const ofVideos = videos ? videoParts({ dataset, outline }, videos) : []
  const hypotheses = outline.runs.reduce((sum, run) => sum + run.hypotheses, 0)
  const lines = parts.reduce((sum, { steps }) => sum + steps, 0)
  const cuts = ofVideos.reduce((sum, { steps }) => sum + steps, 0)
  const test = TEST_WEIGHT * outline.scored
  const scoredRuns = outline.runs.filter(({ scored }) => scored > 0).length
  const tests = test * Math.max(0, scoredRuns - 1)
  const interval = INTERVAL_WEIGHT * outline.scored
  const intervals = interval * scoredRuns * releasedWays(dataset).length
  effort.expect(SCORING_WEIGHT * (outline.clips.length + hypotheses) + intervals + tests + lines + cuts)
  effort.weigh(SCORING_WEIGHT)
  const scores = await scoreRelease(dataset, outline, {
    signal,
    onResampled: share => effort.step((share * interval) / SCORING_WEIGHT),
    onTested: share => effort.step((share * test) / SCORING_WEIGHT),
  })
  effort.weigh(1)
  for (const part of ofVideos) {
    await part.write(folder, signal)
    effort.step(part.steps)
  }
  for (const { path, pieces, isEmpty } of parts) {
    const made = { ...scores, files: folder.files() }
    if (!isEmpty?.(made)) await folder.write(path, pieces(made))
  }
  return scores.plain
}

export const CHECKSUMS = 'SHA256SUMS'

/** As `sha256sum --check` reads them. */
function* checksumLines(files: readonly ListedFile[]): Generator<string> {
  for (const { path, sha256 } of files) yield `${sha256}  ${path}\n`
}

/** The paths of a release, without writing it. */
export function releasePaths(dataset: EvaluatedDataset, outline: Outline, videos?: ReleaseVideos): string[] {
  return [
    ...(videos ? videoParts({ dataset, outline }, videos).flatMap(({ paths }) => paths) : []),
    ...releaseParts({ dataset, outline }).map(({ path }) => path),
    CHECKSUMS,
    MANIFEST,
  ]
}

interface Written {
  outline: Outline
  plain: PlainText
  files: readonly ListedFile[]
}

function manifest(dataset: EvaluatedDataset, { outline, plain, files }: Written) {
  const { corpus, generator, runs, excluded } = dataset
  const { clips } = outline
  return {
    format: DATASET_FORMAT,
    formatVersion: 2,
    generator,
    corpus,
    use: dataset.use,
    counts: {
      clips: clips.length,
      withReference: outline.scored,
      bySplit: countsBy(clips.map(({ split }) => split)),
      byState: countsBy(clips.map(({ state }) => state)),
      excluded: Object.values(excluded).reduce((sum, count) => sum + count, 0),
    },
    licences: countsBy(clips.map(({ licence }) => licence)),
    excluded,
    evaluation: dataset.evaluation,
    runs: runs.map((run, i) => ({
      ...provenanceOf(run, outline.runs[i]!.hypotheses),
      files: plain.runs[i]!.files,
    })),
    signatures: signaturesOf(plain),
    changes: changesOf(dataset, outline),
    files,
  }
}

function provenanceOf(
  { hypotheses: _texts, documentRatings: _ratings, createdAt, ...run }: DatasetRun,
  hypotheses: number,
) {
  return { ...run, createdAt: isoTime(createdAt), hypotheses }
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
