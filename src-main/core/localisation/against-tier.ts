import type {
  AgainstTier,
  AgainstTierInput,
  LocatedSegment,
  SweepPoint,
  TierDifference,
} from '#shared/contract/localisation.ts'
import { foldedWord, isSpelledOtherwise } from '#shared/domain/gloss-spelling.ts'
import type { ReadDb } from '../../db/types.ts'
import { localisationFigures, type LocalisedPair, share } from '../../metrics/localisation.ts'
import { type LabelledSpan, overlapOf } from '../../metrics/segmentation.ts'
import { listAnnotationsInClip, type ManualAnnotation } from './localisation.queries.ts'
import { type LocatedClip, segmentsOf, type Tally } from './locate-all.ts'

const SWEEP = Array.from({ length: 19 }, (_, at) => (at + 1) / 20)
/** Less than this in common is shown as a difference. */
const LITTLE_OVERLAP = 0.5

interface ComparedClip {
  located: LocatedClip
  /** Of words that were looked for. */
  manual: ManualAnnotation[]
}

/** The figures of proposals against a manual tier, at the asked and at other thresholds. */
export function againstTier(
  db: ReadDb,
  input: AgainstTierInput,
  { clips, withoutFeatures }: Tally,
): AgainstTier {
  const labels = new Labels()
  const unknown = new Set<string>()
  const spelled = new Map<string, string>()
  const compared: ComparedClip[] = []
  let withoutAnnotations = 0
  for (const located of clips) {
    const all = listAnnotationsInClip(db, located.clipId, input.tier)
    if (all.length === 0) {
      withoutAnnotations += 1
      continue
    }
    const known = new Map(located.found.glosses.map(gloss => [foldedWord(gloss), gloss]))
    const manual = all.filter(({ value }) => known.has(foldedWord(value)))
    for (const { value } of all) {
      const word = known.get(foldedWord(value))
      if (word === undefined) unknown.add(value)
      else if (isSpelledOtherwise(value, word)) spelled.set(value, word)
    }
    compared.push({ located, manual })
  }
  const at = (threshold: number) => pointAt(compared, labels, { ...input, threshold })
  const points = pointsOf(compared, input)
  return {
    kind: 'done',
    at: at(input.threshold),
    sweep: SWEEP.map(at),
    points: { hits: points.hits, words: points.words, rate: share(points.hits, points.words) },
    differences: [...compared.flatMap(clip => differencesOf(clip, labels)), ...points.differences],
    clips: compared.length,
    withoutFeatures,
    withoutAnnotations,
    unknown: [...unknown].sort(),
    spelled: [...spelled].sort().map(([value, word]) => ({ value, word })),
  }
}

/** A number for each word, however it is spelled. */
class Labels {
  readonly #known = new Map<string, number>()
  of(word: string): number {
    const key = foldedWord(word)
    const known = this.#known.get(key) ?? this.#known.size + 1
    this.#known.set(key, known)
    return known
  }
}

function pairOf({ located, manual }: ComparedClip, segments: readonly LocatedSegment[], labels: Labels) {
  return {
    proposed: segments.map(({ word, startMs, endMs }) => ({ label: labels.of(word), startMs, endMs })),
    manual: manual.map(({ value, startMs, endMs }) => ({ label: labels.of(value), startMs, endMs })),
    located,
  }
}

function pointAt(
  clips: readonly ComparedClip[],
  labels: Labels,
  search: Pick<AgainstTierInput, 'measure' | 'threshold'>,
): SweepPoint {
  const pairs = clips.map((clip): LocalisedPair => {
    const { clipId, clip: name, recordingId, found } = clip.located
    return pairOf(clip, segmentsOf({ clipId, name, recordingId }, found, search), labels)
  })
  return { threshold: search.threshold, ...localisationFigures(pairs) }
}

/** The middle of each annotated word's strongest cell: inside an annotation of the word, or not. */
function pointsOf(clips: readonly ComparedClip[], { measure, toleranceMs }: AgainstTierInput) {
  let [hits, words] = [0, 0]
  const differences: TierDifference[] = []
  for (const { located, manual } of clips) {
    const { found, clipId, clip, recordingId } = located
    for (const [fold, annotations] of Map.groupBy(manual, ({ value }) => foldedWord(value))) {
      const column = found.glosses.findIndex(gloss => foldedWord(gloss) === fold)
      const cell = strongestCell(found[measure].map(row => row[column] ?? -Infinity))
      const place = found.cells[cell]
      const [first] = annotations
      if (!place || !first) continue
      words += 1
      const middle = (place.startMs + place.endMs) / 2
      const isHit = annotations.some(
        ({ startMs, endMs }) => middle >= startMs - toleranceMs && middle < endMs + toleranceMs,
      )
      if (isHit) hits += 1
      else
        differences.push({
          kind: 'point',
          clipId,
          clip,
          recordingId,
          word: found.glosses[column] ?? first.value,
          startMs: place.startMs,
          endMs: place.endMs,
          score: found[measure][cell]?.[column] ?? null,
          mass: found.presence[column] ?? null,
          overlap: 0,
        })
    }
  }
  return { hits, words, differences }
}

function strongestCell(column: readonly number[]): number {
  let best = 0
  for (const [cell, value] of column.entries()) if (value > (column[best] ?? -Infinity)) best = cell
  return best
}

function differencesOf(clip: ComparedClip, labels: Labels): TierDifference[] {
  const { clipId, clip: name, recordingId, segments } = clip.located
  const { proposed, manual } = pairOf(clip, segments, labels)
  const best = (span: LabelledSpan, others: readonly LabelledSpan[]) =>
    Math.max(0, ...others.filter(({ label }) => label === span.label).map(other => overlapOf(span, other)))
  const isIn = (label: number, spans: readonly LabelledSpan[]) => spans.some(span => span.label === label)
  const ours = segments.map((segment, at): TierDifference | null => {
    const span = proposed[at]
    if (!span) return null
    const overlap = best(span, manual)
    if (overlap >= LITTLE_OVERLAP) return null
    return { ...segment, kind: isIn(span.label, manual) ? 'apart' : 'extra', overlap }
  })
  const theirs = clip.manual.map(({ value, startMs, endMs }, at): TierDifference | null => {
    const span = manual[at]
    if (!span || isIn(span.label, proposed)) return null
    const place = { clipId, clip: name, recordingId, word: value, startMs, endMs }
    return { ...place, kind: 'missed', score: null, mass: null, overlap: 0 }
  })
  return [...ours, ...theirs].filter(row => row !== null).sort((a, b) => a.startMs - b.startMs)
}
