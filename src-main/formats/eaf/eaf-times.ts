import {
  type EafAnnotation,
  type EafDocument,
  type EafTier,
  isAlignable,
  parentTierOf,
  referredAnnotation,
} from './eaf-document.ts'

export interface EafSpan {
  startMs: number
  endMs: number
  /** Both ends are written in the file, not worked out from neighbours or a parent. */
  isAligned: boolean
  /** Place among the symbolic children of one parent; 0 for aligned ones. */
  order: number
}

/**
 * A time for every annotation, to be shown: unaligned slots share the room between aligned ones evenly, symbolic
 * children the room of their parent. What refers to nothing, or to itself in a circle, stands at 0 without length.
 */
export function resolveTimes(document: EafDocument): Map<EafAnnotation, EafSpan> {
  const parents: Parents = new Map(document.tiers.map(tier => [tier, parentTierOf(document, tier)]))
  const slotTimes = resolveSlots(document, parents)
  const spans = new Map<EafAnnotation, EafSpan>()
  for (const tier of document.tiers)
    for (const annotation of tier.annotations)
      if (isAlignable(annotation)) spans.set(annotation, alignableSpan(document, annotation, slotTimes))
  const order = symbolicOrder(document, parents)
  for (const tier of document.tiers)
    for (const annotation of tier.annotations)
      if (!isAlignable(annotation)) resolveSymbolic(annotation, order, spans)
  return spans
}

function alignableSpan(
  document: EafDocument,
  { element }: EafAnnotation,
  slotTimes: Map<string, number>,
): EafSpan {
  const [first, second] = [
    element.attributes['TIME_SLOT_REF1'] ?? '',
    element.attributes['TIME_SLOT_REF2'] ?? '',
  ]
  const [begin, end] = [
    document.slotById.get(first)?.timeMs ?? null,
    document.slotById.get(second)?.timeMs ?? null,
  ]
  const endMs = end ?? slotTimes.get(second)
  const startMs = begin ?? slotTimes.get(first) ?? endMs ?? 0
  return { startMs, endMs: endMs ?? startMs, isAligned: begin !== null && end !== null, order: 0 }
}

type Parents = Map<EafTier, EafTier | undefined>

/** Nothing for a file whose slots all have times. */
function resolveSlots(document: EafDocument, parents: Parents): Map<string, number> {
  if (document.slots.every(({ timeMs }) => timeMs !== null)) return new Map()
  const times = new Map<string, number>()
  for (const { id, timeMs } of document.slotById.values()) if (timeMs !== null) times.set(id, timeMs)
  for (const tier of parentsFirst(document.tiers, parents)) spreadChains(tier, times)
  spreadByOrder(document, times)
  return times
}

/** Children take their outer ends from the slots of their parents, so these go first. */
export function parentsFirst(tiers: EafTier[], parents: Parents): EafTier[] {
  const done = new Set<EafTier>()
  for (const tier of tiers) {
    const line = new Set<EafTier>()
    for (let at: EafTier | undefined = tier; at && !done.has(at) && !line.has(at); at = parents.get(at))
      line.add(at)
    for (const next of [...line].reverse()) done.add(next)
  }
  return [...done]
}

/** A chain: an aligned slot, annotations that share unaligned slots with their neighbours, an aligned slot. */
function spreadChains(tier: EafTier, times: Map<string, number>): void {
  const next = new Map<string, string>()
  for (const { element } of tier.annotations.filter(isAlignable)) {
    const [from, to] = [element.attributes['TIME_SLOT_REF1'], element.attributes['TIME_SLOT_REF2']]
    if (from === undefined || to === undefined) continue
    const known = next.get(from)
    if (known === undefined || times.has(known)) next.set(from, to)
  }
  for (const [start, second] of next) {
    if (!times.has(start) || times.has(second)) continue
    const chain: string[] = []
    const seen = new Set<string>([start])
    let at: string | undefined = second
    for (; at !== undefined && !times.has(at) && !seen.has(at); at = next.get(at)) {
      chain.push(at)
      seen.add(at)
    }
    if (at !== undefined && times.has(at)) spread(chain, times.get(start)!, times.get(at)!, times)
  }
}

function spread(slots: string[], fromMs: number, toMs: number, times: Map<string, number>): void {
  slots.forEach((slot, i) =>
    times.set(slot, fromMs + Math.round(((toMs - fromMs) * (i + 1)) / (slots.length + 1))),
  )
}

/** What no chain reaches has only its place between other slots. */
function spreadByOrder({ slots }: EafDocument, times: Map<string, number>): void {
  let waiting: string[] = []
  let before: number | undefined
  for (const { id } of slots) {
    const time = times.get(id)
    if (time === undefined) {
      waiting.push(id)
      continue
    }
    if (waiting.length) spread(waiting, before ?? time, Math.max(time, before ?? time), times)
    waiting = []
    before = time
  }
  for (const id of waiting) times.set(id, before ?? 0)
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

interface SymbolicOrder {
  parent: Map<EafAnnotation, EafAnnotation | undefined>
  /** Place among the children of one parent on one tier, and how many they are. */
  place: Map<EafAnnotation, { index: number; count: number }>
}

function symbolicOrder(document: EafDocument, parents: Parents): SymbolicOrder {
  const order: SymbolicOrder = { parent: new Map(), place: new Map() }
  for (const tier of document.tiers) {
    const families = new Map<EafAnnotation, EafAnnotation[]>()
    for (const annotation of tier.annotations) {
      if (isAlignable(annotation)) continue
      const parent = referredAnnotation(document, annotation, parents.get(tier))
      order.parent.set(annotation, parent)
      if (parent) addTo(families, parent, annotation)
    }
    for (const family of families.values())
      inChainOrder(family).forEach((annotation, index) =>
        order.place.set(annotation, { index, count: family.length }),
      )
  }
  return order
}

/** Follows PREVIOUS_ANNOTATION; what is in no chain, or in a circle, keeps its place in the file. */
export function inChainOrder(family: EafAnnotation[]): EafAnnotation[] {
  if (family.length < 2) return family
  const byId = new Map(family.map(annotation => [annotation.id, annotation]))
  const following = new Map<EafAnnotation, EafAnnotation[]>()
  const heads: EafAnnotation[] = []
  for (const annotation of family) {
    const previous = byId.get(annotation.element.attributes['PREVIOUS_ANNOTATION'] ?? '')
    if (!previous || previous === annotation) heads.push(annotation)
    else addTo(following, previous, annotation)
  }
  const ordered = new Set<EafAnnotation>()
  const stack = heads.toReversed()
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (ordered.has(at)) continue
    ordered.add(at)
    stack.push(...(following.get(at) ?? []).toReversed())
  }
  return [...ordered, ...family.filter(annotation => !ordered.has(annotation))]
}

/** Climbs to the nearest annotation with a time and comes back down, without recursion: chains may be long. */
function resolveSymbolic(
  annotation: EafAnnotation,
  order: SymbolicOrder,
  spans: Map<EafAnnotation, EafSpan>,
): void {
  const line: EafAnnotation[] = []
  const seen = new Set<EafAnnotation>()
  let at: EafAnnotation | undefined = annotation
  for (; at && !spans.has(at) && !seen.has(at); at = order.parent.get(at)) {
    line.push(at)
    seen.add(at)
  }
  let span = (at && spans.get(at)) ?? { startMs: 0, endMs: 0, isAligned: false, order: 0 }
  for (const child of line.toReversed()) {
    const { index, count } = order.place.get(child) ?? { index: 0, count: 1 }
    const share = (part: number) => span.startMs + Math.round(((span.endMs - span.startMs) * part) / count)
    span = { startMs: share(index), endMs: share(index + 1), isAligned: false, order: index }
    spans.set(child, span)
  }
}

/** The one of `rooms`, sorted by start, that lies around a span and begins last. */
export function enclosing<T extends { startMs: number; endMs: number }>(
  rooms: T[],
  startMs: number,
  endMs: number,
): T | undefined {
  let [low, high] = [0, rooms.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rooms[middle]!.startMs <= startMs) low = middle + 1
    else high = middle
  }
  // Rooms that overlap are rare: a few before the nearest are enough to look at.
  return rooms.slice(Math.max(0, low - 8), low).findLast(room => room.endMs >= endMs)
}
