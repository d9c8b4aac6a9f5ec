import type { AnnotationId, ClipId, RecordingId, TierId } from '#shared/contract/ids.ts'
import type { SearchSource, SearchTerm } from '#shared/contract/search.ts'
import type { ReadDb } from '../../db/types.ts'
import {
  type Cells,
  countWithValues,
  listClipTexts,
  listOnTier,
  listSearchTiers,
  listValues,
  listWithEntry,
  listWithValues,
  type SearchTier,
} from './search.queries.ts'
import { valuesLike } from './text-test.ts'

/** A text on the time line of a recording. */
export interface SearchRow {
  source: SearchSource
  annotationId: AnnotationId | null
  tier: SearchTier | null
  clipId: ClipId | null
  /** Name of the tier, language of the reference or name of the run. */
  place: string
  startMs: number
  endMs: number
  value: string
}

/** What the terms of one search share: each is read once. */
export interface SearchCorpus {
  db: ReadDb
  tiers: ReadonlyMap<TierId, SearchTier>
  /** Each different value of an annotation. */
  values: () => readonly string[]
}

export function openCorpus(db: ReadDb): SearchCorpus {
  let values: readonly string[] | undefined
  return {
    db,
    tiers: new Map(listSearchTiers(db).map(tier => [tier.id, tier])),
    values: () => (values ??= listValues(db)),
  }
}

/** Above so many, reading tier after tier costs less than picking rows by value. */
const MOST_PICKED = 100_000

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

/** The rows that satisfy a term, one recording at a time, in the order of tiers and times. */
export function findTerm(corpus: SearchCorpus, term: SearchTerm) {
  const { db } = corpus
  const hasAnnotations = term.sources.includes('annotations')
  const tiers = hasAnnotations ? wantedTiers(corpus, term) : new Map<TierId, SearchTier>()
  const tiersOf = Map.groupBy(tiers.values(), tier => tier.recordingId)
  const values = term.text && hasAnnotations ? valuesLike(corpus.values(), term.text) : null
  const entries = term.entry === undefined ? null : new Set(listWithEntry(db, term.entry))
  const picked = pick(db, values, tiers)
  const isNamed = [term.tier, term.type, term.participant, term.annotator, term.entry].some(Boolean)
  const recordingFits = term.recording === undefined ? null : namePattern(term.recording)

  const fits = ([id, , startMs, endMs, value]: Cells) =>
    (!values || values.has(value)) && (!entries || entries.has(id)) && fitsTimes(term, startMs, endMs)

  function annotationRows(recordingId: RecordingId): SearchRow[] {
    const found: SearchRow[] = []
    if (picked) {
      for (const cells of picked.get(recordingId) ?? []) if (fits(cells)) found.push(rowOf(cells, tiers))
      return found
    }
    for (const tier of tiersOf.get(recordingId) ?? [])
      for (const cells of listOnTier(db, tier.id)) if (fits(cells)) found.push(rowOf(cells, tiers))
    return found
  }

  function clipRows(source: Exclude<SearchSource, 'annotations'>, recordingId: RecordingId): SearchRow[] {
    const cells = listClipTexts(db, source, recordingId)
    const like = term.text ? valuesLike([...new Set(cells.map(each => each[4]))], term.text) : null
    return cells
      .filter(([, , startMs, endMs, text]) => (!like || like.has(text)) && fitsTimes(term, startMs, endMs))
      .map(([clipId, place, startMs, endMs, value]) => ({
        source,
        annotationId: null,
        tier: null,
        clipId,
        place,
        startMs,
        endMs,
        value,
      }))
  }

  function rowsOf(recording: { id: RecordingId; name: string }): SearchRow[] {
    if (recordingFits && !recordingFits(recording.name)) return []
    return term.sources.flatMap(source => {
      if (source === 'annotations') return annotationRows(recording.id)
      // A clip's text is on no tier: a condition on the tier leaves it out.
      return isNamed ? [] : clipRows(source, recording.id)
    })
  }

  return { rowsOf }
}

function wantedTiers({ tiers }: SearchCorpus, term: SearchTerm): Map<TierId, SearchTier> {
  const tests = (['name', 'type', 'participant', 'annotator'] as const).flatMap(key => {
    const wanted = term[key === 'name' ? 'tier' : key]
    if (wanted === undefined) return []
    const fits = namePattern(wanted)
    return [(tier: SearchTier) => fits(tier[key])]
  })
  return new Map([...tiers].filter(([, tier]) => tests.every(fits => fits(tier))))
}

/** By recording, where the values are rare enough to be looked up one by one. */
function pick(
  db: ReadDb,
  values: ReadonlySet<string> | null,
  tiers: ReadonlyMap<TierId, SearchTier>,
): Map<RecordingId, Cells[]> | null {
  if (!values || values.size > MOST_PICKED) return null
  const list = [...values]
  if (countWithValues(db, list) > MOST_PICKED) return null
  const rows = listWithValues(db, list).filter(([, tierId]) => tiers.has(tierId))
  const ordinal = ([, tierId]: Cells) => tiers.get(tierId)?.ordinal ?? 0
  rows.sort((a, b) => ordinal(a) - ordinal(b) || a[1] - b[1] || a[2] - b[2] || a[3] - b[3] || a[0] - b[0])
  return Map.groupBy(rows, ([, tierId]) => tiers.get(tierId)?.recordingId ?? (0 as RecordingId))
}

function fitsTimes(term: SearchTerm, startMs: number, endMs: number): boolean {
  const { leastMs = 0, mostMs = Infinity, fromMs = -Infinity, toMs = Infinity } = term
  const length = endMs - startMs
  return length >= leastMs && length <= mostMs && startMs >= fromMs && endMs <= toMs
}

function rowOf(
  [annotationId, tierId, startMs, endMs, value]: Cells,
  tiers: ReadonlyMap<TierId, SearchTier>,
): SearchRow {
  const tier = tiers.get(tierId) ?? null
  return {
    source: 'annotations',
    annotationId,
    tier,
    clipId: null,
    place: tier?.name ?? '',
    startMs,
    endMs,
    value,
  }
}
