import type { CsvValue } from '#main/formats/csv.ts'
import type { ClipFormat, DatasetClip, DatasetRating, DatasetRun, EvaluatedDataset } from './dataset.types.ts'
import type { PlainRun } from './dataset-plain.ts'
import type { Outline } from './release-outline.ts'

/** In the order in which they are preferred by readers. */
export function clipFormats({ formats }: EvaluatedDataset): ClipFormat[] {
  return (['jsonl', 'csv', 'parquet'] as const).filter(format => formats?.includes(format) ?? true)
}

export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

export const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString()

/** A line of `data/clips.jsonl`. */
export function clipRow(clip: DatasetClip): Record<string, unknown> {
  const [first] = clip.references
  return {
    ...clip,
    clip: clip.name,
    name: undefined,
    text: first?.text ?? null,
    language: first?.language ?? null,
    references: clip.references.map(({ language, text, source, versions }) => ({
      language,
      text,
      source,
      versions: versions.map(version => ({
        version: version.version,
        text: version.text,
        source: version.source,
        changedAt: isoTime(version.changedAt),
        changedBy: version.changedBy,
      })),
    })),
  }
}

export const CLIP_COLUMNS = [
  'clip',
  'split',
  'recording',
  'file',
  'contentHash',
  'startMs',
  'endMs',
  'firstFrame',
  'lastFrame',
  'signer',
  'state',
  'tags',
  'gloss',
  'note',
  'licence',
  'consentId',
  'language',
  'text',
  'otherReferences',
] as const

/** A row of `data/clips.csv`: the flat part of a clip; lists are joined by line feeds inside a cell. */
export function clipCells(clip: DatasetClip): CsvValue[] {
  const [first, ...others] = clip.references
  return [
    clip.name,
    clip.split,
    clip.recording,
    clip.file,
    clip.contentHash,
    clip.startMs,
    clip.endMs,
    clip.firstFrame,
    clip.lastFrame,
    clip.signer,
    clip.state,
    clip.tags.join('\n'),
    clip.gloss,
    clip.note,
    clip.licence,
    clip.consentId,
    first?.language ?? null,
    first?.text ?? null,
    others.map(({ text }) => text).join('\n'),
  ]
}

export function inRaterOrder(ratings: readonly DatasetRating[]): DatasetRating[] {
  return ratings.toSorted((a, b) => byCodeUnit(a.annotator, b.annotator) || a.ratedAt - b.ratedAt)
}

/** The lines of `hypotheses.jsonl` of one run, in the order of clips and ranks. */
export function* hypothesisRows(
  run: DatasetRun,
  plain: PlainRun,
  { positions }: Outline,
): Generator<Record<string, unknown>> {
  for (const { clip, rank, text, score, tokenIds, ratings } of run.hypotheses) {
    const sentence = rank === 0 ? plain.sentence(positions.get(clip)!) : null
    yield {
      run: run.name,
      clip,
      rank,
      text,
      score,
      tokenIds,
      bleu: sentence?.bleu ?? null,
      chrf: sentence?.chrf ?? null,
      ratings: inRaterOrder(ratings).map(({ repeats, ratedAt, ...rating }) => ({
        ...rating,
        ratedAt: isoTime(ratedAt),
        repeats: repeats.map(repeat => ({ ...repeat, ratedAt: isoTime(repeat.ratedAt) })),
      })),
    }
  }
}
