import type { AgreementValue, DisagreementKind } from '#shared/contract/agreement.ts'
import { bleu } from '../../metrics/bleu.ts'
import { chrf } from '../../metrics/chrf.ts'
import type { Metric } from '../../metrics/metric.ts'
import { cohenOf, cohenWithUnmatched, NOTHING, Ratings } from '../../metrics/confusion.ts'
import {
  addTimeline,
  type ChanceOptions,
  chanceCorrectedSegmentation,
  f1,
  matchBoundaries,
  type MatchedPair,
  matchSpans,
  type TierPair,
} from '../../metrics/segmentation.ts'
import { type TokenizerName, tokenizerForLanguage } from '../../metrics/tokenizers.ts'
import { wer } from '../../metrics/wer.ts'

export const OVERLAPS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const

export interface PairOptions {
  toleranceMs: number
  leastOverlap: number
}

/** What two raters have in common, as counts that add up over recordings. */
export interface PairTally {
  pairs: TierPair[]
  timeline: Ratings
  labels: Ratings
  annotations: number
  boundaries: number
  matched: number
  matchedLabels: number
  overlapHits: number[]
  labelHits: number[]
  texts: { first: number; second: number }[]
  disagreements: Record<DisagreementKind, number>
  languages: Set<string>
}

export function emptyTally(): PairTally {
  return {
    pairs: [],
    timeline: new Ratings(),
    labels: new Ratings(),
    annotations: 0,
    boundaries: 0,
    matched: 0,
    matchedLabels: 0,
    overlapHits: OVERLAPS.map(() => 0),
    labelHits: OVERLAPS.map(() => 0),
    texts: [],
    disagreements: { 'missing-first': 0, 'missing-second': 0, label: 0, boundary: 0 },
    languages: new Set(),
  }
}

/** One disagreement of a pair of tiers: positions in their lists, null for no annotation. */
export interface Difference {
  kind: DisagreementKind
  first: number | null
  second: number | null
}

/** What two raters disagree on; a matched pair may differ in its label and in a boundary, and is then there twice. */
export function differencesOf(
  { first, second }: TierPair,
  matches: readonly MatchedPair[],
  { toleranceMs }: PairOptions,
): Difference[] {
  const [seenA, seenB] = [new Set(matches.map(({ a }) => a)), new Set(matches.map(({ b }) => b))]
  const found: Difference[] = []
  for (const { a, b } of matches) {
    const [one, other] = [first[a]!, second[b]!]
    if (one.label !== other.label) found.push({ kind: 'label', first: a, second: b })
    const apart = Math.max(Math.abs(other.startMs - one.startMs), Math.abs(other.endMs - one.endMs))
    if (apart > toleranceMs) found.push({ kind: 'boundary', first: a, second: b })
  }
  first.forEach((_, a) => seenA.has(a) || found.push({ kind: 'missing-second', first: a, second: null }))
  second.forEach((_, b) => seenB.has(b) || found.push({ kind: 'missing-first', first: null, second: b }))
  return found
}

export function matchesOf(pair: TierPair, { leastOverlap }: PairOptions): MatchedPair[] {
  return matchSpans(pair.first, pair.second, leastOverlap)
}

/** Adds what one pair of tiers says. */
export function countPair(tally: PairTally, pair: TierPair, options: PairOptions): void {
  const { first, second } = pair
  tally.pairs.push(pair)
  tally.annotations += first.length + second.length
  addTimeline([first, second], pair.untilMs, tally.timeline)
  tally.boundaries += matchBoundaries(first, second, options.toleranceMs)
  const all = matchSpans(first, second, Math.min(OVERLAPS[0], options.leastOverlap))
  countOverlaps(tally, pair, all)
  const matches = all.filter(({ overlap }) => overlap >= options.leastOverlap)
  tally.matched += matches.length
  for (const { a, b } of matches) {
    tally.labels.add([first[a]!.label, second[b]!.label], 1)
    if (first[a]!.label === second[b]!.label) tally.matchedLabels += 1
    tally.texts.push({ first: first[a]!.label, second: second[b]!.label })
  }
  for (const difference of differencesOf(pair, matches, options)) {
    tally.disagreements[difference.kind] += 1
    if (difference.first === null) tally.labels.add([NOTHING, second[difference.second!]!.label], 1)
    if (difference.second === null) tally.labels.add([first[difference.first!]!.label, NOTHING], 1)
  }
}

/** The best overlaps pair up first, so what pairs at a higher threshold is a part of what pairs at a lower one. */
function countOverlaps(tally: PairTally, { first, second }: TierPair, matches: readonly MatchedPair[]): void {
  for (const { a, b, overlap } of matches) {
    const isSame = first[a]!.label === second[b]!.label
    OVERLAPS.forEach((leastOverlap, at) => {
      if (overlap < leastOverlap) return
      tally.overlapHits[at]! += 1
      if (isSame) tally.labelHits[at]! += 1
    })
  }
}

/** Adds another tally of the same kind. */
export function addTally(into: PairTally, other: PairTally): void {
  into.pairs.push(...other.pairs)
  into.timeline.addAll(other.timeline)
  into.labels.addAll(other.labels)
  into.annotations += other.annotations
  into.boundaries += other.boundaries
  into.matched += other.matched
  into.matchedLabels += other.matchedLabels
  OVERLAPS.forEach((_, at) => {
    into.overlapHits[at]! += other.overlapHits[at]!
    into.labelHits[at]! += other.labelHits[at]!
  })
  into.texts.push(...other.texts)
  for (const kind of Object.keys(other.disagreements) as DisagreementKind[])
    into.disagreements[kind] += other.disagreements[kind]
  for (const language of other.languages) into.languages.add(language)
}

/** F1 of what both have, out of so many annotations of both together. */
export function f1Of(matched: number, annotations: number): number | null {
  return f1(matched, annotations, 0)
}

type Figure = AgreementValue['figure']
type Reason = AgreementValue['undefinedBecause']

export function valueOf(figure: Figure, value: number | null, over: number, reason: Reason): AgreementValue {
  return { figure, value, over, undefinedBecause: value === null ? reason : null, p: null }
}

/** The figures of two raters that follow from counts. */
export function figuresOf(tally: PairTally): AgreementValue[] {
  const { annotations } = tally
  const none: Reason = annotations === 0 ? 'no-annotations' : 'no-variation'
  const matchedOnly = new Ratings()
  for (const { first, second } of tally.texts) matchedOnly.add([first, second], 1)
  const unmatched: Reason = tally.matched === 0 ? 'no-pairs' : 'no-variation'
  const timeline = annotations === 0 ? null : cohenOf(tally.timeline)
  return [
    valueOf('cohen-time', timeline, tally.timeline.total, none),
    valueOf('cohen-matched', cohenOf(matchedOnly), tally.matched, unmatched),
    valueOf('cohen-unmatched', cohenWithUnmatched(tally.labels), tally.labels.total, none),
    valueOf('overlap-f1', f1Of(tally.matched, annotations), annotations, none),
    valueOf('labelled-f1', f1Of(tally.matchedLabels, annotations), annotations, none),
    valueOf('boundary-f1', f1Of(tally.boundaries, 2 * annotations), 2 * annotations, none),
  ]
}

/** The test of the segmentation against chance. */
export async function segmentationOf(tally: PairTally, options: ChanceOptions): Promise<AgreementValue> {
  const tested = await chanceCorrectedSegmentation(tally.pairs, options)
  const reason = tested ? 'no-variation' : 'no-annotations'
  return {
    ...valueOf('segmentation', tested?.value ?? null, tally.annotations, reason),
    p: tested?.p ?? null,
  }
}

/** BLEU, chrF and WER of the second rater's texts against the first one's, over matched annotations. */
export function textFigures(
  { texts, languages }: PairTally,
  textOf: (label: number) => string,
): AgreementValue[] {
  const pairs = texts
    .map(({ first, second }) => ({ reference: textOf(first), hypothesis: textOf(second) }))
    .filter(({ reference }) => reference.trim() !== '')
  const tokenize = tokenizerOf(languages, pairs[0]?.reference ?? '')
  const segments = pairs.map(({ hypothesis, reference }) => ({ hypothesis, references: [reference] }))
  const missing: Reason = texts.length === 0 ? 'no-pairs' : 'no-text'
  const inWords = segments.length > 0 ? bleu({ tokenize }).corpus(segments) : null
  // Glosses one by one hold no sequence of four words, and BLEU would say 0 of any of them.
  const hasFour = (inWords?.details.totals[3] ?? 0) > 0
  const scoreOf = (metric: Metric) => (segments.length > 0 ? metric.corpus(segments).score : null)
  return [
    valueOf('bleu', hasFour ? (inWords?.score ?? null) : null, pairs.length, inWords ? 'too-short' : missing),
    valueOf('chrf', scoreOf(chrf()), pairs.length, missing),
    valueOf('wer', scoreOf(wer()), pairs.length, missing),
  ]
}

const HAN = /\p{Script=Han}/u

/** Of the language of the tiers; where they say none, Chinese characters speak for themselves. */
function tokenizerOf(languages: ReadonlySet<string>, sample: string): TokenizerName {
  const [language = ''] = languages
  if (language !== '') return tokenizerForLanguage(language)
  return HAN.test(sample) ? 'zh' : '13a'
}
