import type { Report } from './eaf-defects.ts'
import { type EafDocument, type EafTier, isAlignable, parentTierOf } from './eaf-document.ts'
import { type EafSpan, enclosing } from './eaf-times.ts'
import type { EafAnnotation } from './eaf-document.ts'

/** Times that cannot be, or that tiers of this kind do not allow. */
export function timeDefects(document: EafDocument, spans: Map<EafAnnotation, EafSpan>, report: Report): void {
  slotDefects(document, report)
  for (const tier of document.tiers) {
    const timed = tier.annotations
      .filter(isAlignable)
      .map(annotation => ({ annotation, span: spans.get(annotation)! }))
    for (const { annotation, span } of timed) spanDefects(annotation, span, report)
    overlaps(timed, report)
    outsideParent(document, tier, spans, report)
  }
}

function slotDefects({ slots }: EafDocument, report: Report): void {
  let latest = -Infinity
  let unordered = 0
  let firstUnordered = null
  for (const { id, element, timeMs } of slots) {
    if (timeMs === null) {
      if (element.attributes['TIME_VALUE'] !== undefined)
        report(
          'bad-time',
          element,
          `The time slot ${id} has the time "${element.attributes['TIME_VALUE']}", which is no whole number.`,
          'Round it where it is a number; else its place between its neighbours decides.',
        )
      continue
    }
    if (timeMs < 0)
      report(
        'negative-time',
        element,
        `The time slot ${id} lies before the beginning (${timeMs} ms).`,
        'It is kept; a repaired copy has 0 there.',
      )
    if (timeMs < latest) {
      unordered += 1
      firstUnordered ??= element
    }
    latest = Math.max(latest, timeMs)
  }
  if (firstUnordered)
    report(
      'unordered-slots',
      firstUnordered,
      `${unordered} time ${unordered === 1 ? 'slot stands' : 'slots stand'} behind later ones.`,
      'Sort the slots by time; unaligned ones stay behind the slot before them.',
    )
}

function spanDefects({ element, id }: EafAnnotation, { startMs, endMs }: EafSpan, report: Report): void {
  if (endMs < startMs)
    report(
      'end-before-begin',
      element,
      `The annotation ${id} ends (${endMs} ms) before it begins (${startMs} ms).`,
      'Exchange its two ends.',
    )
  else if (endMs === startMs)
    report('no-length', element, `The annotation ${id} has no length (at ${startMs} ms).`, 'It is kept.')
}

interface Timed {
  annotation: EafAnnotation
  span: EafSpan
}

function overlaps(timed: Timed[], report: Report): void {
  const sorted = timed.toSorted((a, b) => a.span.startMs - b.span.startMs || a.span.endMs - b.span.endMs)
  let latest = -Infinity
  for (const { annotation, span } of sorted) {
    if (span.startMs < latest && span.endMs > span.startMs)
      report(
        'overlap',
        annotation.element,
        `The annotation ${annotation.id} begins (${span.startMs} ms) before the one before it ends (${latest} ms).`,
        'It is kept.',
      )
    latest = Math.max(latest, span.endMs)
  }
}

/** An aligned child must lie inside one annotation of its parent tier. */
function outsideParent(
  document: EafDocument,
  tier: EafTier,
  spans: Map<EafAnnotation, EafSpan>,
  report: Report,
): void {
  const parent = parentTierOf(document, tier)
  if (!parent || parent === tier) return
  const rooms = parent.annotations
    .map(annotation => spans.get(annotation)!)
    .sort((a, b) => a.startMs - b.startMs)
  for (const annotation of tier.annotations.filter(isAlignable)) {
    const { startMs, endMs } = spans.get(annotation)!
    if (!enclosing(rooms, startMs, endMs))
      report(
        'outside-parent',
        annotation.element,
        `The annotation ${annotation.id} (${startMs}–${endMs} ms) does not lie inside one annotation of "${parent.name}".`,
        'It is kept.',
      )
  }
}
