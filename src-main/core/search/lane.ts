import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import type { SearchSource } from '#shared/contract/search.ts'
import type { ReadDb } from '../../db/types.ts'
import type { SearchIndex, Spans } from './search-index.ts'
import { listClipTexts, type SearchTier } from './search.queries.ts'

/** Texts on the time line of a recording, in the order of their starts: those of a tier, or of one source of clips. */
export interface Lane {
  source: SearchSource
  /** Null for the texts of clips. */
  tier: SearchTier | null
  count: number
  textAt: (at: number) => string
  /** Of annotations their texts' numbers in the index. */
  textNumbers: Int32Array | null
  /** Name of the tier, language of the reference or name of the run. */
  placeAt: (at: number) => string
  /** Ids are of annotations or clips. Read when they are first asked for. */
  spans: () => Spans
}

/** Positions on a lane, in order. */
export interface Found {
  lane: Lane
  at: Int32Array
}

/** The lanes of one recording at a time; each is read once. */
export function createLanes(db: ReadDb, index: SearchIndex) {
  const known = new Map<TierId | SearchSource, Lane>()

  function kept(key: TierId | SearchSource, read: () => Lane): Lane {
    const lane = known.get(key) ?? read()
    known.set(key, lane)
    return lane
  }

  const ofTier = (tier: SearchTier) => kept(tier.id, () => tierLane(index, tier))
  const ofClips = (source: Exclude<SearchSource, 'annotations'>, recordingId: RecordingId) =>
    kept(source, () => clipLane(db, source, recordingId))

  return { ofTier, ofClips, forget: () => known.clear() }
}

export type Lanes = ReturnType<typeof createLanes>

function tierLane(index: SearchIndex, tier: SearchTier): Lane {
  const textNumbers = index.textNumbers(tier.id)
  let spans: Spans | undefined
  return {
    source: 'annotations',
    tier,
    count: textNumbers.length,
    textNumbers,
    textAt: at => index.texts.at(textNumbers[at]!),
    placeAt: () => tier.name,
    spans: () => (spans ??= index.spans(tier.id)),
  }
}

function clipLane(db: ReadDb, source: Exclude<SearchSource, 'annotations'>, recordingId: RecordingId): Lane {
  // The videos of a recording have offsets of their own, so that clips in order are not texts in order.
  const rows = listClipTexts(db, source, recordingId).sort((a, b) => a[2] - b[2] || a[0] - b[0])
  const spans = {
    ids: Float64Array.from(rows, row => row[0]),
    startsMs: Float64Array.from(rows, row => row[2]),
    endsMs: Float64Array.from(rows, row => row[3]),
  }
  return {
    source,
    tier: null,
    count: rows.length,
    textNumbers: null,
    textAt: at => rows[at]![4],
    placeAt: at => rows[at]![1],
    spans: () => spans,
  }
}

/** Those of the positions that satisfy a test. */
export function keep({ lane, at }: Found, test: (position: number) => boolean): Found {
  const kept = new Int32Array(at.length)
  let count = 0
  for (const position of at) if (test(position)) kept[count++] = position
  return { lane, at: count === at.length ? at : kept.subarray(0, count) }
}

/** Every position of a lane. */
export function all(lane: Lane): Found {
  const at = new Int32Array(lane.count)
  for (let position = 0; position < lane.count; position++) at[position] = position
  return { lane, at }
}
