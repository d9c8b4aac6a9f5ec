import type { RecordingId } from '#shared/contract/ids.ts'
import type { SearchRelation, SearchText } from '#shared/contract/search.ts'
import { findTerm, maskOf, type SearchCorpus } from './find-term.ts'
import { type Intervals, intervalsOf, type Place } from './intervals.ts'
import { type Found, keep, type Lane } from './lane.ts'
import { createTextTest } from './text-test.ts'

type Filter = (found: readonly Found[], recording: { id: RecordingId; name: string }) => Found[]

/** Whether what is at a position of one lane stands in a relation to some of the intervals of another. */
function relationTest(lane: Lane, others: Intervals, { relation, mostMs = Infinity }: SearchRelation) {
  const { startsMs, endsMs } = lane.spans()
  const place: Place = { startMs: 0, endMs: 0, from: others.count, to: others.count }
  const ask = {
    overlaps: others.shareTime,
    within: others.lieAround,
    contains: others.lieInside,
    before: others.follow,
    after: others.precede,
  }[relation]
  return (at: number): boolean => {
    place.startMs = startsMs[at]!
    place.endMs = endsMs[at]!
    if (others.lane === lane) Object.assign(place, others.selfAt(at))
    return ask(place, mostMs)
  }
}

/** Keeps what stands in a relation to something that another term finds in the recording, or to nothing of it. */
export function relationFilter(corpus: SearchCorpus, relation: SearchRelation): Filter {
  const target = findTerm(corpus, relation.term)
  const isStepped =
    relation.mostSteps !== undefined && (relation.relation === 'before' || relation.relation === 'after')
  return (found, recording) => {
    const others = target(recording)
    if (isStepped) return found.map(each => inSteps(each, others, relation))
    const intervals = others.map(intervalsOf)
    return found.map(each => {
      const tests = intervals.map(other => relationTest(each.lane, other, relation))
      return keep(each, at => tests.some(test => test(at)) !== relation.isNegated)
    })
  }
}

/** The other is on the same tier, at most so many annotations away. */
function inSteps(
  each: Found,
  others: readonly Found[],
  { relation, mostSteps = 1, isNegated }: SearchRelation,
): Found {
  const same = each.lane.tier && others.find(({ lane }) => lane === each.lane)
  if (!same) return isNegated ? each : { ...each, at: new Int32Array() }
  const mask = maskOf(same)
  const by = relation === 'before' ? 1 : -1
  return keep(each, at => {
    for (let step = 1; step <= mostSteps; step++) if (mask[at + by * step]) return !isNegated
    return isNegated
  })
}

/** Keeps what a sequence of texts follows on its tier. */
export function sequenceFilter({ index }: SearchCorpus, next: readonly (SearchText | null)[]): Filter {
  const tests = next.map(text => text && createTextTest(index.texts, text))
  return found =>
    found.map(each => {
      const { tier, count } = each.lane
      if (!tier) return { ...each, at: new Int32Array() }
      const wanted = tests.map(test => test && test(each.lane))
      return keep(
        each,
        at => at + next.length < count && wanted.every((test, n) => !test || test(at + 1 + n)),
      )
    })
}
