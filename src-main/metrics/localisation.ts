import { f1, type LabelledSpan, matchSpans } from './segmentation.ts'

/** Segments of one clip: proposed and manual, labels by word. */
export interface LocalisedPair {
  proposed: readonly LabelledSpan[]
  manual: readonly LabelledSpan[]
}

export interface LocalisationFigures {
  precision: number | null
  recall: number | null
  f1: number | null
  overlap: number | null
  both: number
  extra: number
  missed: number
}

/**
 * Words of clips as sets, micro-averaged: a word counts once in a clip, wherever it is. `overlap` is the mean
 * intersection over union of proposed and manual segments of one word, paired best first, where a segment without a
 * partner counts 0: exchanging the two sides gives the same.
 */
export function localisationFigures(clips: readonly LocalisedPair[]): LocalisationFigures {
  let [both, extra, missed, overlaps, segments] = [0, 0, 0, 0, 0]
  for (const { proposed, manual } of clips) {
    const [found, wanted] = [Map.groupBy(proposed, labelOf), Map.groupBy(manual, labelOf)]
    for (const label of new Set([...found.keys(), ...wanted.keys()])) {
      const [ours, theirs] = [found.get(label) ?? [], wanted.get(label) ?? []]
      if (ours.length > 0 && theirs.length > 0) both += 1
      else if (ours.length > 0) extra += 1
      else missed += 1
      const pairs = matchSpans(ours, theirs, 0)
      for (const { overlap } of pairs) overlaps += overlap
      segments += ours.length + theirs.length - pairs.length
    }
  }
  return {
    precision: share(both, both + extra),
    recall: share(both, both + missed),
    f1: f1(both, both + extra, both + missed),
    overlap: share(overlaps, segments),
    both,
    extra,
    missed,
  }
}

const labelOf = ({ label }: LabelledSpan) => label

export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
