import type { SavedSearch, SearchHit, SearchProgress, SearchQuery } from '#shared/contract/search.ts'
import { SavedSearch as SavedSearchSchema } from '#shared/contract/search.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'
import { createSequences, relationFilter, sequenceFilter } from './relations.ts'
import { listAround, listNames, listSearchRecordings } from './search.queries.ts'
import { findTerm, openCorpus, type SearchRow } from './term-rows.ts'
import { placeIn } from './text-test.ts'
import { writeHits } from './write-hits.ts'

const AROUND = 4
/** Long enough that events are few, short enough that the table fills before one's eyes. */
const EVENT_MS = 60

type Recording = ReturnType<typeof listSearchRecordings>[number]

/** Search over the texts of the corpus: what is written, where, and what stands around it. */
export function createSearchService({ db }: CorpusContext) {
  /**
   * Hits as they are found, then the last event with `isComplete`. Other calls get their turn between recordings;
   * nothing is read any more once the reader has left or `signal` aborted.
   */
  async function* run(
    { query, limit }: { query: SearchQuery; limit: number },
    signal?: AbortSignal,
  ): AsyncGenerator<SearchProgress, void, void> {
    const began = performance.now()
    let told = began
    let [total, listed] = [0, 0]
    let [hits, recordings]: [SearchHit[], SearchProgress['recordings']] = [[], []]
    const take = (isComplete: boolean): SearchProgress => {
      const event = { hits, total, recordings, isComplete, elapsedMs: performance.now() - began }
      ;[hits, recordings, told] = [[], [], performance.now()]
      return event
    }
    for (const { recording, rows } of find(db, query)) {
      if (rows.length > 0) {
        recordings.push({ recordingId: recording.id, recording: recording.name, hits: rows.length })
        for (const row of rows.slice(0, limit - listed)) hits.push(hitOf(db, query, recording, row))
        const isFirst = total === 0
        total += rows.length
        listed = Math.min(limit, total)
        if (isFirst) yield take(false)
      }
      if (performance.now() - told > EVENT_MS) yield take(false)
      await new Promise(resolve => setImmediate(resolve))
      signal?.throwIfAborted()
    }
    yield take(true)
  }

  async function exportHits(
    { query, file, overwrite }: { query: SearchQuery; file: string; overwrite: boolean },
    signal?: AbortSignal,
  ): Promise<{ file: string; rows: number }> {
    async function* all() {
      for (const { recording, rows } of find(db, query)) {
        for (const row of rows) yield hitOf(db, query, recording, row)
        await new Promise(resolve => setImmediate(resolve))
        signal?.throwIfAborted()
      }
    }
    return { file, rows: await writeHits(all(), file, overwrite) }
  }

  function saved(): SavedSearch[] {
    const text = findFact(db, 'saved-searches')
    return text === undefined ? [] : SavedSearchSchema.array().parse(JSON.parse(text))
  }

  function keep(list: readonly SavedSearch[]): SavedSearch[] {
    const sorted = list.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    setFact(db, 'saved-searches', JSON.stringify(sorted))
    return sorted
  }

  const save = (search: SavedSearch) => keep([...saved().filter(({ name }) => name !== search.name), search])
  const forget = (name: string) => keep(saved().filter(each => each.name !== name))

  return { run, export: exportHits, names: () => listNames(db), saved, save, forget }
}

/** The rows of each recording that satisfy a query. */
function* find(db: ReadDb, query: SearchQuery): Generator<{ recording: Recording; rows: SearchRow[] }> {
  checkQuery(query)
  const corpus = openCorpus(db)
  const sequences = createSequences(corpus)
  const first = findTerm(corpus, query)
  const sequence = query.next.length > 0 ? sequenceFilter(corpus, query.next, sequences) : null
  const relations = query.relations.map(relation => relationFilter(corpus, relation, sequences))
  for (const recording of listSearchRecordings(db)) {
    let rows = first.rowsOf(recording)
    for (const keepRelated of relations) if (rows.length > 0) rows = keepRelated(rows, recording)
    if (sequence) rows = sequence(rows)
    sequences.forget()
    yield { recording, rows }
  }
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

function hitOf(db: ReadDb, query: SearchQuery, recording: Recording, row: SearchRow): SearchHit {
  const { source, annotationId, tier, clipId, place, startMs, endMs, value } = row
  const { from, to } = placeIn(value, query.text)
  const isSequence = query.next.length > 0
  const around = tier
    ? listAround(db, {
        tierId: tier.id,
        startMs,
        lastStartMs: isSequence ? endMs - 1 : startMs,
        count: AROUND,
      })
    : { left: [], right: [] }
  return {
    source,
    annotationId,
    tierId: tier?.id ?? null,
    clipId,
    recordingId: recording.id,
    recording: recording.name,
    tier: place,
    startMs,
    endMs,
    value,
    matchFrom: isSequence ? 0 : from,
    matchTo: isSequence ? value.length : to,
    left: around.left.join(' '),
    right: around.right.join(' '),
  }
}
