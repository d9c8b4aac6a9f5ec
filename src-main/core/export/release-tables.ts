import { stableJson } from '#main/formats/jsonl.ts'
import type { ParquetColumns } from '#main/formats/parquet.ts'
import type { PlainText } from './dataset-plain.ts'
import type { Outline, OutlinedClip } from './release-outline.ts'
import { inRaterOrder, isoTime } from './dataset-rows.ts'
import type { DatasetClip, DatasetRun, EvaluatedDataset } from './dataset.types.ts'

/** A table of a release: its file and its columns. */
export interface ReleaseTable {
  /** Its record set in `croissant.json`. */
  name: string
  path: string
  columns: ParquetColumns
  /** Items of the dataset that its rows are made from. */
  walks: 'clips' | 'hypotheses' | 'nothing'
  /** In canonical order, made as they are asked for. */
  rows: (plain: PlainText) => Iterable<Record<string, unknown>>
}

const VERSION = {
  version: 'int',
  text: 'string',
  source: 'string',
  changed_at: 'string',
  changed_by: 'string',
} as const

const SEGMENT_COLUMNS = {
  segment_id: 'string',
  document_id: 'string',
  split: 'string',
  file_name: 'string',
  video_hash: 'string',
  start_ms: 'int',
  end_ms: 'int',
  first_frame: 'int',
  last_frame: 'int',
  n_frames: 'int',
  signer_id: 'string',
  sign_language: 'string',
  text_language: 'string',
  text: 'string',
  references: {
    list: {
      struct: {
        text: 'string',
        language: 'string',
        source: 'string',
        versions: { list: { struct: VERSION } },
      },
    },
  },
  gloss: 'string',
  prev_segment_id: 'string',
  next_segment_id: 'string',
  license_id: 'string',
  consent_id: 'int',
  review_status: 'string',
  flags: { list: 'string' },
  note: 'string',
} as const satisfies ParquetColumns

const SYSTEM_COLUMNS = {
  system_id: 'string',
  kind: 'string',
  task: 'string',
  model: 'string',
  model_version: 'string',
  model_family: 'string',
  weights_sha256: 'string',
  model_licence: 'string',
  decoding: 'string',
  provenance: 'string',
  execution_provider: 'string',
  warning: 'string',
  run_at: 'string',
  app_version: 'string',
} as const satisfies ParquetColumns

const HYPOTHESIS_COLUMNS = {
  segment_id: 'string',
  system_id: 'string',
  rank: 'int',
  text: 'string',
  score: 'double',
} as const satisfies ParquetColumns

const SCORE_COLUMNS = {
  segment_id: 'string',
  system_id: 'string',
  metric: 'string',
  signature: 'string',
  score: 'double',
} as const satisfies ParquetColumns

const RATING_COLUMNS = {
  rater_id: 'string',
  segment_id: 'string',
  system_id: 'string',
  rank: 'int',
  protocol: 'string',
  score: 'int',
  rated_at: 'string',
} as const satisfies ParquetColumns

/** Names of splits as the Hugging Face hub knows them, good in a file name. */
export function hubSplit(split: string): string {
  const known: Record<string, string> = {
    dev: 'validation',
    val: 'validation',
    valid: 'validation',
    '': 'full',
  }
  return known[split.toLowerCase()] ?? (split.replaceAll(/\W+/g, '_') || 'full')
}

/** Every table of a release; those without rows are left out, but for the segments. */
export function releaseTables(dataset: EvaluatedDataset, outline: Outline): ReleaseTable[] {
  const { runs, generator } = dataset
  const has = (count: 'hypotheses' | 'ratings' | 'scored') => outline.runs.some(run => run[count] > 0)
  const tables: (ReleaseTable | false)[] = [
    runs.length > 0 && {
      name: 'systems',
      path: 'eval/systems.parquet',
      columns: SYSTEM_COLUMNS,
      walks: 'nothing',
      rows: () => runs.map(run => systemRow(run, generator.version)),
    },
    has('hypotheses') && {
      name: 'hypotheses',
      path: 'eval/hypotheses.parquet',
      columns: HYPOTHESIS_COLUMNS,
      walks: 'hypotheses',
      rows: () => eachRun(runs, hypothesisRows),
    },
    has('scored') && {
      name: 'segment_scores',
      path: 'eval/segment_scores.parquet',
      columns: SCORE_COLUMNS,
      walks: 'nothing',
      rows: plain => scoreRows(plain, outline),
    },
    has('ratings') && {
      name: 'ratings',
      path: 'eval/ratings.parquet',
      columns: RATING_COLUMNS,
      walks: 'hypotheses',
      rows: () => eachRun(runs, ratingRows),
    },
  ]
  return [...segmentTables(dataset, outline), ...tables.filter(table => table !== false)]
}

function* eachRun<Row>(
  runs: readonly DatasetRun[],
  rowsOf: (run: DatasetRun) => Iterable<Row>,
): Generator<Row> {
  for (const run of runs) yield* rowsOf(run)
}

/** One file a split; two splits that the hub calls the same go into one. */
function segmentTables(dataset: EvaluatedDataset, outline: Outline): ReleaseTable[] {
  const neighbours = neighboursOf(outline.clips)
  const splits = new Set(outline.clips.map(({ split }) => hubSplit(split)))
  return [...splits].toSorted().map(split => ({
    name: `segments_${split}`,
    path: `data/${split}-00000-of-00001.parquet`,
    columns: SEGMENT_COLUMNS,
    walks: 'clips',
    *rows() {
      for (const clip of dataset.clips)
        if (hubSplit(clip.split) === split) yield segmentRow(clip, dataset, neighbours.get(clip.name))
    },
  }))
}

interface Neighbours {
  before: string | null
  after: string | null
}

/** Within a recording, in the order of time, and only among clips that are in the release. */
function neighboursOf(clips: readonly OutlinedClip[]): Map<string, Neighbours> {
  const found = new Map<string, Neighbours>()
  for (const group of Map.groupBy(clips, ({ recording }) => recording).values()) {
    const inTime = group.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    inTime.forEach(({ name }, i) =>
      found.set(name, { before: inTime[i - 1]?.name ?? null, after: inTime[i + 1]?.name ?? null }),
    )
  }
  return found
}

function segmentRow(clip: DatasetClip, { corpus }: EvaluatedDataset, neighbours: Neighbours | undefined) {
  const [first] = clip.references
  return {
    segment_id: clip.name,
    document_id: clip.recording,
    split: clip.split,
    file_name: clip.file,
    video_hash: clip.contentHash,
    start_ms: clip.startMs,
    end_ms: clip.endMs,
    first_frame: clip.firstFrame,
    last_frame: clip.lastFrame,
    n_frames: clip.lastFrame - clip.firstFrame + 1,
    signer_id: clip.signer,
    sign_language: corpus.signLanguage || null,
    text_language: first?.language || null,
    text: first?.text ?? null,
    references: clip.references.map(({ versions, ...reference }) => ({
      ...reference,
      versions: versions.map(({ changedAt, changedBy, ...version }) => ({
        ...version,
        changed_at: isoTime(changedAt),
        changed_by: changedBy,
      })),
    })),
    gloss: clip.gloss,
    prev_segment_id: neighbours?.before ?? null,
    next_segment_id: neighbours?.after ?? null,
    license_id: clip.licence,
    consent_id: clip.consentId,
    review_status: clip.state,
    flags: clip.tags,
    note: clip.note,
  }
}

function systemRow({ model, ...run }: DatasetRun, appVersion: string) {
  return {
    system_id: run.name,
    kind: run.kind,
    task: run.task,
    model: model.name,
    model_version: model.version,
    model_family: model.kind,
    weights_sha256: model.fingerprint,
    model_licence: model.licence,
    decoding: stableJson(run.parameters),
    provenance: stableJson(model.provenance),
    execution_provider: run.device,
    warning: run.warning,
    run_at: isoTime(run.createdAt),
    app_version: appVersion,
  }
}

function* hypothesisRows(run: DatasetRun) {
  for (const { clip, rank, text, score } of run.hypotheses)
    yield { segment_id: clip, system_id: run.name, rank, text, score }
}

function* scoreRows({ runs, sentenceSignatures }: PlainText, { clips }: Outline) {
  for (const { run, sentence } of runs)
    for (const [position, { name }] of clips.entries()) {
      const scores = sentence(position)
      if (!scores) continue
      for (const metric of ['bleu', 'chrf'] as const)
        yield {
          segment_id: name,
          system_id: run,
          metric,
          signature: sentenceSignatures[metric],
          score: scores[metric],
        }
    }
}

function* ratingRows(run: DatasetRun) {
  for (const { clip, rank, ratings } of run.hypotheses)
    for (const { annotator, protocol, value, ratedAt } of inRaterOrder(ratings))
      yield {
        rater_id: annotator,
        segment_id: clip,
        system_id: run.name,
        rank,
        protocol,
        score: value,
        rated_at: isoTime(ratedAt),
      }
}
