import type { SearchHit, SearchProgress, SearchQuery } from '#shared/contract/search.ts'
import type { AnnotationId, ClipId } from '#shared/contract/ids.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { findTerm, openCorpus } from './find-term.ts'
import type { Found, Lane } from './lane.ts'
import { relationFilter, sequenceFilter } from './relations.ts'
import { createSavedSearches } from './saved-searches.ts'
import { createSearchIndex, type SearchIndex } from './search-index.ts'
import { listNames, listSearchRecordings } from './search.queries.ts'
import { placeIn } from './text-test.ts'
import { writeHits } from './write-hits.ts'

const AROUND = 4
/** The log of an edit is one text, which has to fit into memory several times. */
const MOST_CHANGED = 500_000
/** Long enough that events are few, short enough that the table fills before one's eyes. */
const EVENT_MS = 60
/** Other calls wait no longer than this. */
const TURN_MS = 10

type Recording = ReturnType<typeof listSearchRecordings>[number]

/** Search over the texts of the corpus: what is written, where, and what stands around it. */
export function createSearchService({ db }: CorpusContext) {
  const index = createSearchIndex(db)

  /**
   * Hits as they are found, then the last event with `isComplete`. Other calls get their turn in between; nothing is
   * read any more once the reader has left or `signal` aborted.
   */
  async function* run(
    { query, limit }: { query: SearchQuery; limit: number },
    signal?: AbortSignal,
  ): AsyncGenerator<SearchProgress, void, void> {
    const began = performance.now()
    let told = began
    let [total, looked, of] = [0, 0, 0]
    let [hits, recordings]: [SearchHit[], SearchProgress['recordings']] = [[], []]
    const take = (isComplete: boolean): SearchProgress => {
      told = performance.now()
      const event = { hits, total, recordings, looked, of, isComplete, elapsedMs: told - began }
      ;[hits, recordings] = [[], []]
      return event
    }
    for await (const step of inTurns(find(db, index, query), signal)) {
      const { recording, found } = step
      const count = found.reduce((sum, { at }) => sum + at.length, 0)
      ;[looked, of] = [step.looked, step.of]
      if (count > 0) {
        recordings.push({ recordingId: recording.id, recording: recording.name, hits: count })
        for (const hit of listed(query, step, Math.max(0, limit - total))) hits.push(hit)
      }
      const isFirst = total === 0 && count > 0
      total += count
      if (isFirst || performance.now() - told > EVENT_MS) yield take(false)
    }
    yield take(true)
  }

  async function exportHits(
    { query, file, overwrite }: { query: SearchQuery; file: string; overwrite: boolean },
    signal?: AbortSignal,
  ): Promise<{ file: string; rows: number }> {
    async function* every() {
      for await (const step of inTurns(find(db, index, query), signal)) yield* listed(query, step, Infinity)
    }
    return { file, rows: await writeHits(every(), file, overwrite) }
  }

  const annotationIds = (query: SearchQuery, signal?: AbortSignal) =>
    idsOf(inTurns(find(db, index, query), signal))

  /** Makes the index of what has changed since the last search, so that the next one need not. */
  async function* prepare(signal?: AbortSignal): AsyncGenerator<{ tiersLeft: number }, void, void> {
    for await (const tiersLeft of inTurns(index.fill(), signal)) yield { tiersLeft }
    yield { tiersLeft: 0 }
  }

  return {
    run,
    annotationIds,
    prepare,
    export: exportHits,
    names: () => listNames(db),
    ...createSavedSearches(db),
  }
}

interface Step {
  recording: Recording
  found: readonly Found[]
  /** Recordings so far, and in all. */
  looked: number
  of: number
}

/** What satisfies a query, recording by recording. */
function* find(db: ReadDb, index: SearchIndex, query: SearchQuery): Generator<Step, void, void> {
  checkQuery(query)
  const corpus = openCorpus(db, index)
  const first = findTerm(corpus, query)
  const filters = query.relations.map(relation => relationFilter(corpus, relation))
  if (query.next.length > 0) filters.push(sequenceFilter(corpus, query.next))
  const recordings = listSearchRecordings(db)
  for (const [at, recording] of recordings.entries()) {
    let found = first(recording)
    for (const filter of filters)
      if (found.length > 0) found = filter(found, recording).filter(each => each.at.length > 0)
    yield { recording, found, looked: at + 1, of: recordings.length }
    corpus.lanes.forget()
  }
}

/** The same, but gives other calls their turn again and again. */
async function* inTurns<T>(steps: Iterable<T>, signal?: AbortSignal): AsyncGenerator<T, void, void> {
  let turn = performance.now()
  for (const step of steps) {
    signal?.throwIfAborted()
    yield step
    if (performance.now() - turn < TURN_MS) continue
    await new Promise(resolve => setImmediate(resolve))
    turn = performance.now()
  }
}

/**
 * The annotations among the hits, in their order; the texts of clips are left out.
 *
 * @throws AppError 'invalid-input' where there are more than may be changed at once
 */
async function idsOf(steps: AsyncIterable<Step>): Promise<AnnotationId[]> {
  const ids: AnnotationId[] = []
  for await (const { found } of steps)
    for (const { lane, at } of found) {
      if (!lane.tier) continue
      checkCount(ids.length + at.length)
      for (const position of at) ids.push(lane.spans().ids[position] as AnnotationId)
    }
  return ids
}

function checkCount(count: number): void {
  if (count <= MOST_CHANGED) return
  throw new AppError(
    'invalid-input',
    `The search finds more than ${MOST_CHANGED.toLocaleString('en')} annotations, which is the most that one edit changes. Narrow it, to some recordings or a tier, and change one part after the other.`,
  )
}

/** A query without any condition would be the whole corpus. */
function checkQuery({ sources: _sources, next, relations, ...conditions }: SearchQuery): void {
  if (next.length > 0 || relations.length > 0) return
  if (Object.values(conditions).some(value => value !== undefined)) return
  throw new AppError(
    'invalid-input',
    'The query is empty. Give a text, or a tier, type, participant, length or time.',
  )
}

function* listed(query: SearchQuery, { recording, found }: Step, most: number): Generator<SearchHit> {
  let left = most
  for (const { lane, at } of found)
    for (const position of at) {
      if (left <= 0) return
      left -= 1
      yield hitOf(query, recording, lane, position)
    }
}

function hitOf(query: SearchQuery, recording: Recording, lane: Lane, at: number): SearchHit {
  const { source, tier } = lane
  const { ids, startsMs, endsMs } = lane.spans()
  const last = at + query.next.length
  const texts = (from: number, to: number) => {
    const positions = Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n)
    return positions.map(position => lane.textAt(position)).join(' ')
  }
  const value = texts(at, last + 1)
  const { from, to } = query.next.length > 0 ? { from: 0, to: value.length } : placeIn(value, query.text)
  return {
    source,
    annotationId: tier ? (ids[at] as AnnotationId) : null,
    tierId: tier?.id ?? null,
    clipId: tier ? null : (ids[at] as ClipId),
    recordingId: recording.id,
    recording: recording.name,
    tier: lane.placeAt(at),
    startMs: startsMs[at]!,
    endMs: Math.max(endsMs[at]!, endsMs[last]!),
    value,
    matchFrom: from,
    matchTo: to,
    left: tier ? texts(Math.max(0, at - AROUND), at) : '',
    right: tier ? texts(last + 1, Math.min(lane.count, last + 1 + AROUND)) : '',
  }
}

export type SearchService = ReturnType<typeof createSearchService>
