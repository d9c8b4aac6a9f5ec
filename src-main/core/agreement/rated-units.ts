import type { AgreementSelection } from '#shared/contract/agreement.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import type { RatedTier } from './agreement.queries.ts'

/** Tiers of one recording that are about the same thing, one for each rater. */
export interface RatedUnit {
  recordingId: RecordingId
  recording: string
  group: string
  tiers: readonly { rater: string; tier: RatedTier }[]
}

interface Place {
  group: string
  rater: string
}

/** `Gloss@A` as group and rater; null for a name without the separator, or with nothing on one side of it. */
export function splitSuffix(name: string, separator: string): Place | null {
  const at = name.lastIndexOf(separator)
  const rater = name.slice(at + separator.length)
  return at > 0 && rater !== '' ? { group: name.slice(0, at), rater } : null
}

function placeOf(tier: RatedTier, { by, names, separator }: AgreementSelection): Place | null {
  if (by === 'name') return names.includes(tier.name) ? { group: '', rater: tier.name } : null
  const place = by === 'suffix' ? splitSuffix(tier.name, separator) : { group: tier.type, rater: tier[by] }
  if (!place || place.rater === '') return null
  return names.length === 0 || names.includes(place.group) ? place : null
}

/**
 * What is compared with what: for each recording and group the tiers of at least two raters. Of several tiers of one
 * rater (both hands of a type, say) the first counts for the rater; name tiers or suffixes to compare each of them.
 */
export function unitsOf(tiers: readonly RatedTier[], selection: AgreementSelection): RatedUnit[] {
  const units = new Map<string, { unit: RatedUnit; byRater: Map<string, RatedTier> }>()
  const wanted = new Set(selection.raters)
  const recordings = new Set(selection.recordingIds)
  for (const tier of tiers) {
    if (recordings.size > 0 && !recordings.has(tier.recordingId)) continue
    const place = placeOf(tier, selection)
    if (!place || (wanted.size > 0 && !wanted.has(place.rater))) continue
    const key = `${tier.recordingId} ${place.group}`
    const known = units.get(key) ?? {
      unit: { recordingId: tier.recordingId, recording: tier.recording, group: place.group, tiers: [] },
      byRater: new Map<string, RatedTier>(),
    }
    units.set(key, known)
    if (!known.byRater.has(place.rater)) known.byRater.set(place.rater, tier)
  }
  const order = selection.by === 'name' ? selection.names : []
  return [...units.values()]
    .filter(({ byRater }) => byRater.size > 1)
    .map(({ unit, byRater }) => ({ ...unit, tiers: inOrder(byRater, order) }))
}

/** Raters as they were named, otherwise by the alphabet, so that every recording has the same first and second. */
function inOrder(byRater: ReadonlyMap<string, RatedTier>, order: readonly string[]) {
  const rank = (rater: string) => (order.includes(rater) ? order.indexOf(rater) : order.length)
  return [...byRater]
    .map(([rater, tier]) => ({ rater, tier }))
    .toSorted((a, b) => rank(a.rater) - rank(b.rater) || (a.rater < b.rater ? -1 : 1))
}

/** Each two raters, the first named first. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((first, at) => items.slice(at + 1).map((second): [T, T] => [first, second]))
}
