import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
} from '../annotation-document.ts'
import { loss, type Loss, lossesOf, onlyReal } from '../annotation-losses.ts'
import type { TextGrid, TextGridTier } from './textgrid.ts'
import { writeTextGrid } from './textgrid-writer.ts'

/** Times become whole milliseconds; an interval without text is how Praat writes that nothing is there. */
export function textGridToDocument(grid: TextGrid): AnnotationDocument {
  let [rounded, empty] = [0, 0]
  const toMs = (seconds: string) => {
    const exact = Number(seconds) * 1000
    const whole = Math.round(exact) + 0
    if (Math.abs(exact - whole) > 1e-6) rounded += 1
    return whole
  }
  const tiers = grid.tiers.map(tier => {
    if (tier.kind === 'point') {
      const points = tier.points.map(({ time, mark }) =>
        plainAnnotation({ id: '', startMs: toMs(time), endMs: toMs(time), value: mark }),
      )
      return { ...plainTier(tier.name, inTimeOrder(points)), kind: 'point' as const }
    }
    const filled = tier.intervals.filter(({ text }) => text !== '')
    empty += tier.intervals.length - filled.length
    const intervals = filled.map(({ start, end, text }) =>
      plainAnnotation({ id: '', startMs: toMs(start), endMs: toMs(end), value: text }),
    )
    return plainTier(tier.name, inTimeOrder(intervals))
  })
  const extras = [
    loss(
      'rounded-times',
      rounded,
      'time is rounded to whole milliseconds',
      'times are rounded to whole milliseconds',
    ),
    loss(
      'empty-intervals',
      empty,
      'interval without text becomes a gap',
      'intervals without text become gaps',
    ),
  ]
  return { ...emptyDocument(), tiers, extras: onlyReal(extras) }
}

export interface TextGridPlan {
  losses: Loss[]
  write: () => Uint8Array
}

interface Changes {
  overlapping: number
  lengthless: number
  exchanged: number
  empty: number
  characters: number
  lineEnds: number
}

/** What does not fit on an interval tier, which has neither overlaps nor moments, goes to a tier beside it. */
export function planTextGrid(document: AnnotationDocument): TextGridPlan {
  const changes: Changes = {
    overlapping: 0,
    lengthless: 0,
    exchanged: 0,
    empty: 0,
    characters: 0,
    lineEnds: 0,
  }
  const all = document.tiers.flatMap(({ annotations }) => annotations)
  const times = all.flatMap(({ startMs, endMs }) => [startMs, endMs])
  const startMs = times.reduce((least, time) => Math.min(least, time), 0)
  const endMs = times.reduce((most, time) => Math.max(most, time), startMs + 1)
  const tiers = document.tiers.flatMap(tier => planTier(tier, startMs, endMs, changes))
  const losses = [
    ...lossesOf(document, ['tier-names', 'empty-tiers', 'point-tiers']),
    ...changeLosses(changes),
  ]
  const grid: TextGrid = {
    form: 'long',
    start: seconds(startMs),
    end: seconds(endMs),
    tiers,
    defects: [],
    eol: '\n',
    encoding: 'utf-8',
    hasByteOrderMark: false,
  }
  return { losses: onlyReal(losses), write: () => writeTextGrid(grid) }
}

function changeLosses(changes: Changes): Loss[] {
  return [
    loss(
      'overlaps',
      changes.overlapping,
      'annotation overlaps another one and goes to an extra tier',
      'annotations overlap others and go to extra tiers',
    ),
    loss(
      'no-length',
      changes.lengthless,
      'annotation without length goes to an extra point tier',
      'annotations without length go to extra point tiers',
    ),
    loss(
      'end-before-begin',
      changes.exchanged,
      'annotation that ends before it begins has its ends exchanged',
      'annotations that end before they begin have their ends exchanged',
    ),
    loss(
      'empty-values',
      changes.empty,
      'annotation without text cannot be told from a gap',
      'annotations without text cannot be told from gaps',
    ),
    loss(
      'line-ends',
      changes.lineEnds,
      'text has its line ends unified',
      'texts have their line ends unified',
    ),
    loss(
      'characters',
      changes.characters,
      'text has characters that the file cannot hold; they become �',
      'texts have characters that the file cannot hold; they become �',
    ),
  ]
}

function seconds(ms: number): string {
  return String(ms / 1000)
}

function planTier(tier: AnnotationTier, startMs: number, endMs: number, changes: Changes): TextGridTier[] {
  const clean = (text: string) => {
    const sound = text.replaceAll('\0', '\uFFFD').toWellFormed()
    const unified = sound.replaceAll('\r\n', '\n')
    if (sound !== text) changes.characters += 1
    if (unified !== sound) changes.lineEnds += 1
    return unified
  }
  const frame = { start: seconds(startMs), end: seconds(endMs) }
  const name = clean(tier.name)
  const points = tier.annotations.filter(annotation => annotation.startMs === annotation.endMs)
  const intervals = tier.annotations.filter(annotation => annotation.startMs !== annotation.endMs)
  const pointTier = (title: string): TextGridTier => ({
    kind: 'point',
    name: title,
    ...frame,
    points: points.map(annotation => ({ time: seconds(annotation.startMs), mark: clean(annotation.value) })),
  })
  if (tier.kind === 'point' && !intervals.length) return [pointTier(name)]
  changes.lengthless += points.length
  changes.empty += intervals.filter(({ value }) => value === '').length
  const lanes = laneOut(intervals.map(annotation => forward(annotation, changes)))
  changes.overlapping += lanes.slice(1).reduce((sum, lane) => sum + lane.length, 0)
  const tiled = (lanes.length ? lanes : [[]]).map((lane, i): TextGridTier => ({
    kind: 'interval',
    name: i === 0 ? name : `${name} (${i + 1})`,
    ...frame,
    intervals: tile(lane, startMs, endMs, clean),
  }))
  return points.length ? [...tiled, pointTier(`${name} (points)`)] : tiled
}

function forward(annotation: DocumentAnnotation, changes: Changes): DocumentAnnotation {
  if (annotation.startMs < annotation.endMs) return annotation
  changes.exchanged += 1
  return { ...annotation, startMs: annotation.endMs, endMs: annotation.startMs }
}

/** Puts each annotation into the first lane that is free at its begin. */
function laneOut(annotations: DocumentAnnotation[]): DocumentAnnotation[][] {
  const lanes: { end: number; members: DocumentAnnotation[] }[] = []
  for (const annotation of inTimeOrder(annotations)) {
    const free = lanes.find(({ end }) => end <= annotation.startMs)
    if (free) {
      free.members.push(annotation)
      free.end = annotation.endMs
    } else {
      lanes.push({ end: annotation.endMs, members: [annotation] })
    }
  }
  return lanes.map(({ members }) => members)
}

function tile(lane: DocumentAnnotation[], startMs: number, endMs: number, clean: (text: string) => string) {
  const intervals: { start: string; end: string; text: string }[] = []
  let at = startMs
  for (const annotation of lane) {
    if (annotation.startMs > at)
      intervals.push({ start: seconds(at), end: seconds(annotation.startMs), text: '' })
    intervals.push({
      start: seconds(annotation.startMs),
      end: seconds(annotation.endMs),
      text: clean(annotation.value),
    })
    at = annotation.endMs
  }
  if (at < endMs) intervals.push({ start: seconds(at), end: seconds(endMs), text: '' })
  return intervals
}
