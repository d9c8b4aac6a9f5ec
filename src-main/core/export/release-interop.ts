import { planAnnotationsAs } from '#main/formats/convert.ts'
import {
  type AnnotationTier,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
  uniqueName,
} from '#main/formats/annotation-document.ts'
import type { EvaluatedDataset, InteropFormat } from './dataset.types.ts'
import { fileNames } from './file-names.ts'
import type { Outline } from './release-outline.ts'
import type { PartSource, ReleasePart } from './release-parts.ts'

/** A clip as an annotation program shows it: texts along the time of the recording. */
interface Span {
  startMs: number
  endMs: number
  signer: string | null
  texts: readonly string[]
  gloss: string
  /** The best output of each run; undefined where it has none. */
  outputs: (string | undefined)[]
}

/**
 * `interop/elan/RECORDING.eaf` and `interop/subtitles/RECORDING.srt|vtt`: sentences, glosses and outputs of exactly the
 * clips that are in the release. Tiers that were annotated on the time line stay behind: consent is asked clip by clip,
 * and they may show others.
 */
export function interopParts({ dataset, outline }: PartSource): ReleasePart[] {
  const formats = dataset.interop ?? []
  if (formats.length === 0) return []
  const recordings = [...new Set(outline.clips.map(({ recording }) => recording))].toSorted()
  const names = fileNames(recordings, 'recording')
  const spans = once(() => spansOf(dataset, outline))
  const steps = outline.clips.length + outline.runs.reduce((sum, { hypotheses }) => sum + hypotheses, 0)
  return recordings.flatMap((recording, i) =>
    formats.map((format, f): ReleasePart => ({
      path: pathOf(format, names[i]!),
      steps: i + f === 0 ? steps : 0,
      pieces: () => [written(format, dataset, { recording, spans: spans().get(recording)! })],
    })),
  )
}

function pathOf(format: InteropFormat, name: string): string {
  return format === 'eaf' ? `interop/elan/${name}.eaf` : `interop/subtitles/${name}.${format}`
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function spansOf(dataset: EvaluatedDataset, { positions }: Outline): Map<string, Span[]> {
  const all: Span[] = []
  const byRecording = new Map<string, Span[]>()
  for (const { recording, startMs, endMs, signer, references, gloss } of dataset.clips) {
    const texts = references.map(({ text }) => text)
    const span: Span = { startMs, endMs, signer, texts, gloss, outputs: [] }
    all.push(span)
    byRecording.set(recording, [...(byRecording.get(recording) ?? []), span])
  }
  for (const [r, { hypotheses }] of dataset.runs.entries())
    for (const { clip, rank, text } of hypotheses)
      if (rank === 0) all[positions.get(clip)!]!.outputs[r] = text
  return byRecording
}

interface RecordingSpans {
  recording: string
  spans: readonly Span[]
}

function written(format: InteropFormat, dataset: EvaluatedDataset, of: RecordingSpans): Uint8Array {
  const tiers = format === 'eaf' ? tiersOf(dataset, of.spans) : [tier('Sentences', of.spans, firstText)]
  const file = dataset.media.find(
    ({ recording, role }) => recording === of.recording && role === 'video',
  )?.file
  const media = file
    ? [{ url: file, relativeUrl: `./${file}`, mimeType: 'video/mp4', timeOriginMs: 0, extractedFrom: '' }]
    : []
  return planAnnotationsAs(format, { ...emptyDocument(), media, tiers }).write()
}

const firstText = ({ texts }: Span) => texts[0]

function tiersOf({ runs }: EvaluatedDataset, spans: readonly Span[]): AnnotationTier[] {
  const taken = new Set<string>()
  const most = spans.reduce((count, { texts }) => Math.max(count, texts.length), 1)
  const named = (name: string, textOf: (span: Span) => string | undefined) =>
    tier(uniqueName(name, taken), spans, textOf)
  return [
    named('Sentences', firstText),
    ...Array.from({ length: most - 1 }, (_, i) => named(`Sentences ${i + 2}`, ({ texts }) => texts[i + 1])),
    named('Glosses', ({ gloss }) => gloss || undefined),
    named('Signer', ({ signer }) => signer ?? undefined),
    ...runs.map(({ name }, r) => named(name, ({ outputs }) => outputs[r])),
  ]
}

function tier(
  name: string,
  spans: readonly Span[],
  textOf: (span: Span) => string | undefined,
): AnnotationTier {
  const annotations = spans.flatMap(span => {
    const value = textOf(span)
    return value === undefined
      ? []
      : [plainAnnotation({ id: '', startMs: span.startMs, endMs: span.endMs, value })]
  })
  return plainTier(name, inTimeOrder(annotations))
}
