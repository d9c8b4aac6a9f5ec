import type { RecordingId } from '#shared/contract/ids.ts'
import type { SearchTerm } from '#shared/contract/search.ts'
import type { ReadDb } from '../../db/types.ts'
import { all, createLanes, type Found, keep, type Lane, type Lanes } from './lane.ts'
import type { SearchIndex } from './search-index.ts'
import { listSearchTiers, listWithEntry, type SearchTier } from './search.queries.ts'
import { createTextTest } from './text-test.ts'

/** What the terms of one search share. */
export interface SearchCorpus {
  db: ReadDb
  index: SearchIndex
  tiers: readonly SearchTier[]
  lanes: Lanes
}

export function openCorpus(db: ReadDb, index: SearchIndex): SearchCorpus {
  index.look()
  return { db, index, tiers: listSearchTiers(db), lanes: createLanes(db, index) }
}

const ESCAPED = /[\\^$.*+?()[\]{}|/]/g

/** Names with `*` for any letters; without one the whole name. */
export function namePattern(name: string): (given: string) => boolean {
  const source = name
    .split('*')
    .map(part => part.replace(ESCAPED, String.raw`\$&`))
    .join('.*')
  const pattern = new RegExp(`^${source}$`, 'su')
  return given => pattern.test(given)
}

/** What satisfies a term, one recording at a time, in the order of tiers and times. */
export function findTerm({ db, index, tiers, lanes }: SearchCorpus, term: SearchTerm) {
  const tiersOf = wantedTiers(tiers, term)
  const textTest = term.text && createTextTest(index.texts, term.text)
  const entries = term.entry === undefined ? null : new Set<number>(listWithEntry(db, term.entry))
  const isNamed = [term.tier, term.type, term.participant, term.annotator, term.entry].some(Boolean)
  const recordingFits = term.recording === undefined ? null : namePattern(term.recording)
  const timesFit = timeTest(term)

  function fitting(lane: Lane): Found {
    let found = all(lane)
    if (textTest) found = keep(found, textTest(lane))
    if (found.at.length === 0 || (!entries && !timesFit)) return found
    const spans = lane.spans()
    if (entries) found = keep(found, at => entries.has(spans.ids[at]!))
    return timesFit ? keep(found, at => timesFit(spans.startsMs[at]!, spans.endsMs[at]!)) : found
  }

  return (recording: { id: RecordingId; name: string }): Found[] => {
    if (recordingFits && !recordingFits(recording.name)) return []
    return term.sources
      .flatMap(source => {
        if (source === 'annotations')
          return (tiersOf.get(recording.id) ?? []).map(tier => fitting(lanes.ofTier(tier)))
        // A clip's text is on no tier: a condition on the tier leaves it out.
        return isNamed ? [] : [fitting(lanes.ofClips(source, recording.id))]
      })
      .filter(({ at }) => at.length > 0)
  }
}

function wantedTiers(tiers: readonly SearchTier[], term: SearchTerm): Map<RecordingId, SearchTier[]> {
  const tests = (['name', 'type', 'participant', 'annotator'] as const).flatMap(key => {
    const wanted = term[key === 'name' ? 'tier' : key]
    if (wanted === undefined) return []
    const fits = namePattern(wanted)
    return [(tier: SearchTier) => fits(tier[key])]
  })
  return Map.groupBy(
    tiers.filter(tier => tests.every(fits => fits(tier))),
    tier => tier.recordingId,
  )
}

function timeTest({ leastMs, mostMs, fromMs, toMs }: SearchTerm) {
  if ([leastMs, mostMs, fromMs, toMs].every(limit => limit === undefined)) return null
  const [least, most, from, to] = [leastMs ?? 0, mostMs ?? Infinity, fromMs ?? -Infinity, toMs ?? Infinity]
  return (startMs: number, endMs: number) =>
    endMs - startMs >= least && endMs - startMs <= most && startMs >= from && endMs <= to
}

/** Positions of a lane as a set that is asked by position. */
export function maskOf({ lane, at }: Found): Uint8Array {
  const mask = new Uint8Array(lane.count)
  for (const position of at) mask[position] = 1
  return mask
}
