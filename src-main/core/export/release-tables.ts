import type { ParquetColumns } from '#main/formats/parquet.ts'
import { plainLines, type PlainText } from './dataset-plain.ts'
import type { DatasetClip, DatasetRun, EvaluatedDataset } from './dataset.types.ts'

/** A table of a release: its file, its columns, and its rows in canonical order. */
export interface ReleaseTable {
  /** Its record set in `croissant.json`. */
  name: string
  path: string
  columns: ParquetColumns
  rows: readonly Record<string, unknown>[]
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

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString()

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
export function releaseTables(dataset: EvaluatedDataset, plain: PlainText): ReleaseTable[] {
  const { clips, runs, generator } = dataset
  const tables: ReleaseTable[] = [
    {
      name: 'systems',
      path: 'eval/systems.parquet',
      columns: SYSTEM_COLUMNS,
      rows: runs.map(run => systemRow(run, generator.version)),
    },
    {
      name: 'hypotheses',
      path: 'eval/hypotheses.parquet',
      columns: HYPOTHESIS_COLUMNS,
      rows: runs.flatMap(hypothesisRows),
    },
    {
      name: 'segment_scores',
      path: 'eval/segment_scores.parquet',
      columns: SCORE_COLUMNS,
      rows: scoreRows(plain),
    },
    {
      name: 'ratings',
      path: 'eval/ratings.parquet',
      columns: RATING_COLUMNS,
      rows: runs.flatMap(ratingRows),
    },
  ]
  return [...segmentTables(dataset, clips), ...tables.filter(({ rows }) => rows.length > 0)]
}

/** One file a split; two splits that the hub calls the same go into one. */
function segmentTables(dataset: EvaluatedDataset, clips: readonly DatasetClip[]): ReleaseTable[] {
  const neighbours = neighboursOf(clips)
  const bySplit = Map.groupBy(clips, ({ split }) => hubSplit(split))
  return [...bySplit.keys()].toSorted().map(split => ({
    name: `segments_${split}`,
    path: `data/${split}-00000-of-00001.parquet`,
    columns: SEGMENT_COLUMNS,
    rows: bySplit.get(split)!.map(clip => segmentRow(clip, dataset, neighbours.get(clip.name))),
  }))
}

interface Neighbours {
  before: string | null
  after: string | null
}

/** Within a recording, in the order of time, and only among clips that are in the release. */
function neighboursOf(clips: readonly DatasetClip[]): Map<string, Neighbours> {
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
    model: model.name,
    model_version: model.version,
    model_family: model.kind,
    weights_sha256: model.fingerprint,
    model_licence: model.licence,
    decoding: JSON.stringify(run.parameters),
    provenance: JSON.stringify(model.provenance),
    execution_provider: run.device,
    warning: run.warning,
    run_at: isoTime(run.createdAt),
    app_version: appVersion,
  }
}

const inOrder = ({ hypotheses }: DatasetRun) =>
  hypotheses.toSorted((a, b) => (a.clip < b.clip ? -1 : a.clip > b.clip ? 1 : a.rank - b.rank))

function hypothesisRows(run: DatasetRun) {
  return inOrder(run).map(({ clip, rank, text, score }) => ({
    segment_id: clip,
    system_id: run.name,
    rank,
    text,
    score,
  }))
}

function scoreRows({ runs, sentenceSignatures }: PlainText) {
  return runs.flatMap(({ run, sentences }) =>
    [...sentences].flatMap(([clip, scores]) =>
      (['bleu', 'chrf'] as const).map(metric => ({
        segment_id: clip,
        system_id: run,
        metric,
        signature: sentenceSignatures[metric],
        score: scores[metric],
      })),
    ),
  )
}

function ratingRows(run: DatasetRun) {
  return inOrder(run).flatMap(({ clip, rank, ratings }) =>
    ratings
      .map(({ annotator, protocol, value, ratedAt }) => ({
        rater_id: annotator,
        segment_id: clip,
        system_id: run.name,
        rank,
        protocol,
        score: value,
        rated_at: isoTime(ratedAt),
      }))
      .toSorted((a, b) => (a.rater_id < b.rater_id ? -1 : 1)),
  )
}

/** The files of the tables, as far as that is known before anything is scored. */
export function tableFiles({ clips, runs, corpus }: EvaluatedDataset): string[] {
  const splits = [...new Set(clips.map(({ split }) => hubSplit(split)))].toSorted()
  const { runs: lines } = plainLines(clips, runs, corpus.textLanguage)
  const rated = runs.some(({ hypotheses }) => hypotheses.some(({ ratings }) => ratings.length > 0))
  return [
    ...splits.map(split => `data/${split}-00000-of-00001.parquet`),
    ...(runs.length > 0 ? ['eval/systems.parquet'] : []),
    ...(runs.some(({ hypotheses }) => hypotheses.length > 0) ? ['eval/hypotheses.parquet'] : []),
    ...(lines.some(({ clips: scored }) => scored.length > 0) ? ['eval/segment_scores.parquet'] : []),
    ...(rated ? ['eval/ratings.parquet'] : []),
  ]
}
