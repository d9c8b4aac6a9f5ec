import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import type { SearchRelation, SearchText } from '#shared/contract/search.ts'
import { type Cells, listOnTier } from './search.queries.ts'
import { findTerm, type SearchCorpus, type SearchRow } from './term-rows.ts'
import { valuesLike } from './text-test.ts'

interface Recording {
  id: RecordingId
  name: string
}

/** Rows in order of start, and what a look at times needs to know of them. */
interface Others {
  rows: readonly SearchRow[]
  longestMs: number
  earliestEndMs: number
  /** Of those on tiers: their places on each. */
  ids: ReadonlySet<number>
}

function othersOf(rows: readonly SearchRow[]): Others {
  const sorted = rows.toSorted((a, b) => a.startMs - b.startMs)
  return {
    rows: sorted,
    longestMs: sorted.reduce((most, { startMs, endMs }) => Math.max(most, endMs - startMs), 0),
    earliestEndMs: sorted.reduce((first, { endMs }) => Math.min(first, endMs), Infinity),
    ids: new Set(sorted.flatMap(({ annotationId }) => (annotationId === null ? [] : [annotationId]))),
  }
}

/** Position of the first row that starts at a time or later. */
function firstFrom(rows: readonly SearchRow[], timeMs: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]!.startMs < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

const isSame = (a: SearchRow, b: SearchRow) =>
  a.annotationId !== null ? a.annotationId === b.annotationId : a.source === b.source && a.clipId === b.clipId

/** Whether one of the rows that start in a stretch of time satisfies a test. */
function some(
  { rows }: Others,
  fromMs: number,
  beforeMs: number,
  test: (other: SearchRow) => boolean,
): boolean {
  for (let at = firstFrom(rows, fromMs); at < rows.length && rows[at]!.startMs < beforeMs; at++)
    if (test(rows[at]!)) return true
  return false
}

function holds(row: SearchRow, others: Others, { relation, mostMs = Infinity }: SearchRelation): boolean {
  const { startMs, endMs } = row
  const from = startMs - others.longestMs
  if (relation === 'overlaps')
    return some(others, from, endMs, other => other.endMs > startMs && !isSame(row, other))
  if (relation === 'within')
    return some(
      others,
      endMs - others.longestMs,
      startMs + 1,
      other => other.endMs >= endMs && !isSame(row, other),
    )
  if (relation === 'contains')
    return some(others, startMs, endMs + 1, other => other.endMs <= endMs && !isSame(row, other))
  if (relation === 'before')
    return some(
      others,
      endMs,
      endMs + mostMs + 1,
      other => other.startMs - endMs <= mostMs && !isSame(row, other),
    )
  if (mostMs === Infinity) return others.earliestEndMs <= startMs
  return some(
    others,
    from - mostMs,
    startMs + 1,
    other => other.endMs <= startMs && startMs - other.endMs <= mostMs && !isSame(row, other),
  )
}

/** The annotations of tiers in order, read once a recording. */
export function createSequences({ db }: SearchCorpus) {
  let known = new Map<TierId, { cells: readonly Cells[]; at: ReadonlyMap<number, number> }>()
  function of(tierId: TierId) {
    const found = known.get(tierId)
    if (found) return found
    const cells = listOnTier(db, tierId)
    const made = { cells, at: new Map(cells.map(([id], at) => [id, at])) }
    known.set(tierId, made)
    return made
  }
  return { of, forget: () => void (known = new Map()) }
}

export type Sequences = ReturnType<typeof createSequences>

function holdsInSteps(
  row: SearchRow,
  others: Others,
  { relation, mostSteps = 1 }: SearchRelation,
  sequences: Sequences,
): boolean {
  if (!row.tier || row.annotationId === null) return false
  const { cells, at } = sequences.of(row.tier.id)
  const here = at.get(row.annotationId) ?? 0
  const by = relation === 'before' ? 1 : -1
  for (let step = 1; step <= mostSteps; step++) {
    const other = cells[here + by * step]
    if (other && others.ids.has(other[0])) return true
  }
  return false
}

/** Keeps the rows of a recording that stand in a relation to some row of another term, or to none. */
export function relationFilter(corpus: SearchCorpus, relation: SearchRelation, sequences: Sequences) {
  const target = findTerm(corpus, relation.term)
  const isStepped =
    relation.mostSteps !== undefined && (relation.relation === 'before' || relation.relation === 'after')
  return (rows: readonly SearchRow[], recording: Recording): SearchRow[] => {
    const others = othersOf(target.rowsOf(recording))
    return rows.filter(row => {
      const isThere = isStepped
        ? holdsInSteps(row, others, relation, sequences)
        : holds(row, others, relation)
      return isThere !== relation.isNegated
    })
  }
}

/** Keeps the rows that a sequence of values follows on their tier, stretched to its end. */
export function sequenceFilter(
  corpus: SearchCorpus,
  next: readonly (SearchText | null)[],
  sequences: Sequences,
) {
  const wanted = next.map(text => text && valuesLike(corpus.values(), text))
  return (rows: readonly SearchRow[]): SearchRow[] =>
    rows.flatMap(row => {
      if (!row.tier || row.annotationId === null) return []
      const { cells, at } = sequences.of(row.tier.id)
      const here = at.get(row.annotationId) ?? 0
      const following = cells.slice(here + 1, here + 1 + wanted.length)
      const isThere =
        following.length === wanted.length &&
        wanted.every((values, n) => !values || values.has(following[n]![4]))
      if (!isThere) return []
      const endMs = Math.max(row.endMs, following.at(-1)?.[3] ?? 0)
      return [{ ...row, endMs, value: [row.value, ...following.map(cell => cell[4])].join(' ') }]
    })
}
